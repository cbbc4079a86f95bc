// Saves a draft by itself: soon after the typing rests, never twice at once, and never over what somebody else saved.
import { ref, type Ref } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

/** same: all that was typed is saved; typed: not yet; away: the server is not reached, tried again; refused: something is not as
 *  it has to be; stale: somebody else saved meanwhile; locked: it is in review */
export type SaveState = 'same' | 'typed' | 'saving' | 'away' | 'refused' | 'stale' | 'locked'

export interface Saver {
  state: Ref<SaveState>
  problem: Ref<Problem | undefined>
  /** something was typed; `wait`: it is not saved by itself yet */
  typed: (wait?: boolean) => void
  /** saves now what is not saved; says whether all is saved then */
  flush: () => Promise<boolean>
  /** what is in the form is what the server has */
  settled: () => void
  stop: () => void
}

export const rest = 2_500 // ms after the last key
export const longest = 20_000 // ms while somebody types without a pause
export const again = 10_000 // ms until a server that was away is tried again

/** `save` sends what is in the form at that moment. */
export function useSaver(save: () => Promise<unknown>): Saver {
  const state = ref<SaveState>('same')
  const problem = ref<Problem>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let since = 0 // of the first key that is not saved
  let count = 0 // of keys
  let running: Promise<void> | undefined

  function plan(wait: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), wait)
  }
  function typed(wait = false): void {
    count++
    if (state.value === 'stale' || state.value === 'locked') return // the author decides first
    if (state.value !== 'saving') state.value = 'typed'
    if (wait) return
    if (!since) since = Date.now()
    plan(Math.min(rest, Math.max(0, since + longest - Date.now())))
  }
  async function once(): Promise<void> {
    clearTimeout(timer)
    const seen = count
    state.value = 'saving'
    since = 0
    try {
      await save()
    } catch (cause) {
      const p = asProblem(cause)
      problem.value = p
      state.value = p.code === 'article.stale' ? 'stale' : p.code === 'article.locked' ? 'locked' : [403, 404, 422].includes(p.status) ? 'refused' : 'away'
      if (state.value === 'away') plan(again)
      return
    }
    problem.value = undefined
    state.value = seen === count ? 'same' : 'typed'
    if (seen === count) return
    since = Date.now()
    plan(rest)
  }
  async function flush(): Promise<boolean> {
    for (;;) {
      if (!running) {
        if (state.value === 'same') return true
        if (state.value === 'stale' || state.value === 'locked') return false
        running = once().finally(() => (running = undefined))
      }
      await running
      // What was typed meanwhile is saved as well, by who comes first.
      if (!running && state.value !== 'typed') return (state.value as SaveState) === 'same'
    }
  }
  return {
    state,
    problem,
    typed,
    flush,
    settled() {
      clearTimeout(timer)
      since = 0
      problem.value = undefined
      state.value = 'same'
    },
    stop: () => clearTimeout(timer),
  }
}
