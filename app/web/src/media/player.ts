// What players of sound and video share: the state of the element, the acts, the place that is kept, and a link that ends.
import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { countdown } from '@/format/time'
import { keepPlace, placeOf } from './resume'

export const speeds = [0.75, 1, 1.25, 1.5, 2]

export function usePlayer(element: Ref<HTMLMediaElement | undefined>, options: {
  src: () => string
  remember: () => string | undefined
  start?: () => number | undefined
  /** a link that is over is to be asked for anew */
  lost: () => void
  /** before that: whether another source takes the place of the one that failed */
  instead?: () => boolean
}) {
  const playing = ref(false)
  const waiting = ref(false)
  const failed = ref(false)
  const at = ref(0)
  const length = ref(0)
  const speed = ref(1)
  /** how often in a row a new link was asked for */
  let asked = 0
  let start = options.start?.() ?? placeOf(options.remember() ?? '')
  let wasPlaying = false

  /** Before the source changes: where it was, and whether it played. */
  const hold = () => {
    start = at.value || start
    wasPlaying ||= playing.value
  }
  const keep = () => {
    const id = options.remember()
    if (id && length.value > 0) keepPlace(id, at.value, length.value)
  }
  const on = {
    loadedmetadata() {
      const media = element.value!
      length.value = Number.isFinite(media.duration) ? media.duration : 0
      if (start > 0) media.currentTime = start
      start = 0
      media.playbackRate = speed.value
      if (wasPlaying) void media.play().catch(() => undefined)
      wasPlaying = false
    },
    timeupdate() {
      if (Math.floor(element.value!.currentTime / 5) !== Math.floor(at.value / 5)) keep()
      if (element.value!.currentTime > at.value) asked = 0 // it goes on
      at.value = element.value!.currentTime
    },
    durationchange: () => (length.value = Number.isFinite(element.value!.duration) ? element.value!.duration : 0),
    play: () => (playing.value = true),
    pause() {
      playing.value = false
      keep()
    },
    ended: keep,
    waiting: () => (waiting.value = true),
    playing: () => ([waiting.value, failed.value] = [false, false]),
    canplay: () => (waiting.value = false),
    error() {
      waiting.value = false
      if (options.instead?.()) return
      // A link that is over is the page's to mend, once.
      if (asked++ === 0) {
        hold()
        options.lost()
      } else {
        failed.value = true
      }
    },
  }
  watch(options.src, () => {
    failed.value = false
    hold()
  })
  watch(() => options.start?.(), (to) => to !== undefined && seek(to))
  onBeforeUnmount(keep)

  function toggle(): void {
    const media = element.value
    if (!media) return
    if (media.paused) void media.play().catch(() => undefined)
    else media.pause()
  }
  function seek(to: number): void {
    const media = element.value
    if (media && length.value) at.value = media.currentTime = Math.min(Math.max(0, to), length.value)
  }
  function setSpeed(next: number): void {
    speed.value = next
    if (element.value) element.value.playbackRate = next
  }
  function retry(): void {
    failed.value = false
    asked = 0
    hold()
    options.lost()
    element.value?.load()
  }
  /** Space plays, arrows move by five seconds. */
  function keys(event: KeyboardEvent): void {
    const inField = event.target instanceof HTMLElement && ['BUTTON', 'SELECT', 'INPUT'].includes(event.target.tagName)
    if ((event.key === ' ' || event.key === 'k') && !inField) toggle()
    else if (event.key === 'ArrowLeft' && !inField) seek(at.value - 5)
    else if (event.key === 'ArrowRight' && !inField) seek(at.value + 5)
    else return
    event.preventDefault()
  }
  const time = computed(() => `${countdown(at.value * 1000)} / ${countdown(length.value * 1000)}`)
  return { hold, from: () => start, playing, waiting, failed, at, length, speed, time, on, toggle, seek, setSpeed, retry, keys }
}
