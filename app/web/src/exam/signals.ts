// What the exam page notices beside the answers: that it was left, that text was pasted, and how many items were answered by somebody who moved
// something. Totals of this page so far, told now and then; best effort, apart from the queue of answers, which never waits for it.
import { onScopeDispose } from 'vue'
import { call, client } from '@/api/client'
import { freshId } from '@/api/id'

export interface Noticed {
  away: number
  seconds: number
  pastes: number
  /** items answered after a pointer, key, touch, focus or scrolling was met: assistive technology moves the focus or scrolls */
  touched: number
}

/** Counts by events; pure of page and clock. Leaving for less than a second (a keyboard, a picker) does not count. */
export class Notes {
  readonly totals: Noticed = { away: 0, seconds: 0, pastes: 0, touched: 0 }
  private leftAt = 0
  private moving = false
  private readonly slots = new Set<number>()
  left(now: number): void {
    this.leftAt ||= now
  }
  back(now: number): void {
    const away = this.leftAt ? now - this.leftAt : 0
    this.leftAt = 0
    if (away < 1_000) return
    this.totals.away++
    this.totals.seconds += Math.round(away / 1000)
  }
  pasted(): void {
    this.totals.pastes++
  }
  moved(): void {
    this.moving = true
  }
  answered(slot: number): void {
    if (this.moving && !this.slots.has(slot)) {
      this.slots.add(slot)
      this.totals.touched++
    }
    this.moving = false
  }
}

const everyMs = 5_000
/** What is no reason to tell by itself is told this often: thousands answer at once. */
const calmMs = 60_000
const moves = ['pointerdown', 'pointermove', 'keydown', 'touchstart', 'wheel', 'scroll', 'focusin', 'beforeinput', 'compositionstart'] as const

interface Page {
  taking: () => boolean
  /** sends what must count before limits are judged; says whether nothing waits any more */
  first: () => Promise<boolean>
  /** asks what follows */
  told: () => Promise<void>
}

export function useSignals(attempt: string, on: Page) {
  const notes = new Notes()
  const page = freshId()
  let told: Noticed = { ...notes.totals }
  let toldAt = Date.now()
  let busy: Promise<void> | undefined
  const pressing = (now: Noticed) => now.away !== told.away || now.pastes !== told.pastes
  /** Tells what is new. */
  function tell(): Promise<void> {
    const now = { ...notes.totals }
    if (busy) return busy
    if (!navigator.onLine || (!pressing(now) && now.touched === told.touched)) return Promise.resolve()
    busy = (async () => {
      try {
        if (pressing(now) && !(await on.first())) return
        await call(client.PUT('/api/v1/attempts/{id}/signals/{page}', { params: { path: { id: attempt, page } }, body: now }))
        const asks = pressing(now)
        told = now
        toldAt = Date.now()
        if (asks) await on.told()
      } catch {
        // told with the next totals
      } finally {
        busy = undefined
      }
    })()
    return busy
  }
  const away = () => on.taking() && notes.left(Date.now())
  function back(): void {
    notes.back(Date.now())
    if (pressing(notes.totals)) void tell()
  }
  const seen = () => (document.visibilityState === 'hidden' ? away() : back())
  const paste = () => on.taking() && notes.pasted()
  const move = (event: Event) => event.isTrusted && notes.moved()
  window.addEventListener('blur', away)
  window.addEventListener('focus', back)
  document.addEventListener('visibilitychange', seen)
  document.addEventListener('paste', paste)
  for (const name of moves) document.addEventListener(name, move, { capture: true, passive: true })
  const timer = setInterval(() => void ((pressing(notes.totals) || Date.now() - toldAt > calmMs) && tell()), everyMs)
  onScopeDispose(() => {
    clearInterval(timer)
    window.removeEventListener('blur', away)
    window.removeEventListener('focus', back)
    document.removeEventListener('visibilitychange', seen)
    document.removeEventListener('paste', paste)
    for (const name of moves) document.removeEventListener(name, move, { capture: true })
  })
  return { tell, answered: (slot: number) => notes.answered(slot) }
}
