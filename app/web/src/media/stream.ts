// From where a video plays: its stream, by the browser itself where that can (Safari, WeChat on iPhones) and by hls.js elsewhere, or
// the file as one, where there is no stream or it fails.
import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import type { MediaLink } from './link'

const type = 'application/vnd.apple.mpegurl'

/** Whether the browser plays streams by itself, and well: others say "maybe" as well. */
function native(): boolean {
  const apple = 'WebKitPlaybackTargetAvailabilityEvent' in window || !('MediaSource' in window)
  return apple && document.createElement('video').canPlayType(type) !== ''
}

interface Options {
  link: () => MediaLink
  /** the second where it goes on */
  from: () => number
  /** before another source takes the place of the one that failed */
  hold: () => void
}

export function useStream(element: Ref<HTMLVideoElement | undefined>, options: Options) {
  const stream = () => options.link().stream ?? ''
  const plain = ref(false) // the stream failed
  const byItself = native()
  const byLibrary = computed(() => stream() !== '' && !plain.value && !byItself && 'MediaSource' in window)
  /** the attribute of the element; undefined = hls.js plays */
  const src = computed(() => (byLibrary.value ? undefined : byItself && stream() && !plain.value ? stream() : options.link().url))

  let end: (() => void) | undefined
  let turn = 0
  function stop(): void {
    turn++
    end?.()
    end = undefined
  }
  async function attach(): Promise<void> {
    stop()
    const mine = turn
    const video = element.value
    if (!video || !byLibrary.value) return
    const hls = await import('./hls').catch(() => undefined)
    if (mine !== turn) return
    if (hls) end = hls.open(video, stream(), options.from(), failed)
    else failed()
  }
  /** The file as one takes the place of the stream; false where it has already. */
  function failed(): boolean {
    if (plain.value || !stream()) return false
    options.hold()
    plain.value = true
    return true
  }
  watch(stream, () => (plain.value = false)) // another link: it may go well now
  watch([element, stream, byLibrary], attach, { immediate: true, flush: 'post' })
  onBeforeUnmount(stop)
  return { src, failed, again: () => (plain.value = false) }
}
