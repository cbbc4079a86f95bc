// The library that plays streams where the browser itself does not, in a chunk of its own.
import Hls from 'hls.js/light'

/** Segments that are fetched ahead, seconds: the first alone until somebody plays. */
const ahead = 30

/** Plays a stream from a second on; `failed` is told once, when it goes no further. Gives what ends it. */
export function open(video: HTMLVideoElement, url: string, start: number, failed: () => void): () => void {
  // No worker: segments are MP4 already, and the page allows none from a blob.
  const hls = new Hls({ enableWorker: false, startPosition: start > 0 ? start : -1, maxBufferLength: 1, backBufferLength: ahead, capLevelToPlayerSize: true })
  let mended = false
  let over = false
  const end = () => {
    if (!over) hls.destroy()
    over = true
    video.removeEventListener('play', more)
  }
  const more = () => (hls.config.maxBufferLength = ahead)
  video.addEventListener('play', more)
  if (!video.paused) more()
  hls.on(Hls.Events.ERROR, (_, data) => {
    const code = data.response?.code ?? 0
    const refused = code >= 400 && code < 500 // a link that is over: no try mends it
    if (over || !(data.fatal || refused)) return
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true
      hls.recoverMediaError()
      return
    }
    end()
    failed()
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return end
}
