// What was typed of answers and not saved, kept in this tab: the page may be left, or the session end meanwhile.
import { useKept } from '@/components/kept'
import type { QueueAnswer } from './api'

export interface Draft {
  typed: string
  comment: string
  rubric?: QueueAnswer['rubric']
  /** which mark stood when it was typed */
  seen?: number
}

export const keyOf = (one: QueueAnswer) => `${one.attempt_key}:${one.slot}`

/** Drafts of the answers of a quiz. */
export function useDrafts(quiz: () => string) {
  const kept = useKept(() => `marks.${quiz()}`)
  const all = () => JSON.parse(kept.value || '{}') as Record<string, Draft>
  const write = (drafts: Record<string, Draft>) => (kept.value = Object.keys(drafts).length ? JSON.stringify(drafts) : '')
  return {
    /** nothing where another mark stands by now, or another rubric is to be followed */
    of(one: QueueAnswer): Draft | undefined {
      const draft = all()[keyOf(one)]
      return draft && draft.seen === one.seen && (draft.rubric?.length ?? 0) === (one.rubric?.length ?? 0) ? draft : undefined
    },
    put(one: QueueAnswer, { typed, comment, rubric }: Draft): void {
      write({ ...all(), [keyOf(one)]: { typed, comment, rubric, seen: one.seen } })
    },
    forget(one: QueueAnswer): void {
      const { [keyOf(one)]: gone, ...rest } = all()
      if (gone) write(rest)
    },
  }
}
