// What the exam page notices beside the answers: that it was left, and that text was pasted. Totals of this page so far, told now and then;
// best effort, apart from the queue of answers, which never waits for it.
import { onScopeDispose } from 'vue'
import { call, client } from '@/api/client'

export interface Noticed {
  away: number
  seconds: number
  pastes: number
}

/** Counts by events; pure of page and clock. Leaving for less than a second (a keyboard, a picker) does not count. */
export class Notes {
  readonly totals: Noticed = { away: 0, seconds: 0, pastes: 0 }
  private leftAt = 0
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
}

const everyMs = 5_000

export function useSignals(attempt: string, taking: () => boolean): void {
  const notes = new Notes()
  const page = crypto.randomUUID?.() ?? String(Math.random()).slice(2)
  let told = ''
  let busy = false
  async function tell(): Promise<void> {
    const now = JSON.stringify(notes.totals)
    if (busy || !navigator.onLine || now === told || now === '{"away":0,"seconds":0,"pastes":0}') return
    busy = true
    try {
      await call(client.PUT('/api/v1/attempts/{id}/signals/{page}', { params: { path: { id: attempt, page } }, body: { ...notes.totals } }))
      told = now
    } catch {
      // told with the next totals
    } finally {
      busy = false
    }
  }
  const away = () => taking() && notes.left(Date.now())
  const back = () => notes.back(Date.now())
  const seen = () => (document.visibilityState === 'hidden' ? away() : back())
  const paste = () => taking() && notes.pasted()
  window.addEventListener('blur', away)
  window.addEventListener('focus', back)
  document.addEventListener('visibilitychange', seen)
  document.addEventListener('paste', paste)
  const timer = setInterval(() => void (taking() && tell()), everyMs)
  onScopeDispose(() => {
    clearInterval(timer)
    window.removeEventListener('blur', away)
    window.removeEventListener('focus', back)
    document.removeEventListener('visibilitychange', seen)
    document.removeEventListener('paste', paste)
  })
}
