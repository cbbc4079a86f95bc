// Words of marking: tones, where a quiz stands, marks by keyboard.
import { serverNow } from '@/api/clock'
import type { Quiz } from '../quiz/model'
import type { QuizShown } from '../quiz/api'
import { quizTone, standing, type Standing } from '../quiz/words'

// Tones of an attempt's states in lists of results.
export const stateTone = (state: string): 'neutral' | 'red' | 'ok' | 'warn' | 'info' =>
  ({ not_yet: 'neutral', absent: 'red', open: 'info', overdue: 'warn', created: 'info', submitted: 'info', expired: 'info', abandoned: 'warn', grading: 'warn', graded: 'info', released: 'ok', void: 'neutral' })[state] as 'neutral' ?? 'neutral'

/** What results are filtered by. Who waits for marks is `pending`, whichever attempt counts: the state `grading` of the one that does is part of it. */
export const rowStates = ['not_yet', 'absent', 'taken', 'passed', 'failed', 'pending', 'made_up', 'not_passed', 'open', 'graded', 'released', 'void'] as const

/** Which counts of those who did not take a quiz there are: who may still come, who was absent. */
export const missingOf = (s: { not_yet: number; absent: number }): ('not_yet' | 'absent')[] => [...(s.not_yet ? ['not_yet' as const] : []), ...(s.absent || !s.not_yet ? ['absent' as const] : [])]

type ResultStanding = Standing | 'partly' | 'released'
type Unreleased = Pick<QuizShown, 'pending' | 'graded' | 'released'>

/** Sheets whose result is not out: waiting for marks, or marked. */
export const unreleased = (quiz: Unreleased): number => (quiz.pending ?? 0) + (quiz.graded ?? 0)
/** Where a published quiz stands for those who mark it: by the clock; once it is over and results are out, that all or some are. */
export const resultStanding = (quiz: Pick<Quiz, 'status' | 'settings' | 'released_at'> & Unreleased, now = serverNow()): ResultStanding => {
  const by = standing(quiz, now)
  if (!quiz.released_at || by === 'coming' || by === 'open') return by
  return unreleased(quiz) ? 'partly' : 'released'
}
export const resultTone = (state: ResultStanding) => (state === 'released' ? ('ok' as const) : state === 'partly' ? ('warn' as const) : quizTone(state))
/** What the button that opens releases says: the first, the rest, or, with all out, what there was. */
export const releaseWord = (quiz: Pick<Quiz, 'released_at'> & Unreleased): 'do' | 'rest' | 'history' => (!quiz.released_at ? 'do' : unreleased(quiz) ? 'rest' : 'history')

/** Answers to a question that wait for oneself: what one has marked waits for others. */
export const waitingForMe = (one: { pending: number; rated?: number }): number => Math.max(0, one.pending - (one.rated ?? 0))

const longest = 12
/** What is typed with an input method of full width: １２。５ is 12.5. */
const plain = (text: string): string => text.normalize('NFKC').replace('。', '.').trim()

/**
 * Marks by keyboard: digits and a point are kept as they were typed, whether they are a mark or not, so that a slip is
 * seen and refused on saving (markOf) and never turned into another mark; other keys are the page's (null).
 */
export function typeMark(before: string, key: string): string | null {
  if (key === 'Backspace') return before.slice(0, -1)
  const sign = plain(key)
  return /^[0-9.]$/.test(sign) ? (before + sign).slice(0, longest) : null
}

/** The mark of a text, or null where it is none, has more than two decimals or is above the item's points. */
export function markOf(text: string, points: number): number | null {
  const typed = plain(text)
  if (!/^\d+(\.\d{0,2})?$/.test(typed)) return null
  const mark = Number(typed)
  return mark <= points ? mark : null
}

/** How many sheets are out, of how many, where some are and some are not. */
export const partlyOut = (quiz: Unreleased): { n: number; of: number } | undefined =>
  quiz.released && unreleased(quiz) ? { n: quiz.released, of: quiz.released + unreleased(quiz) } : undefined

/** Sheets with a final score, over which pass rates count; a server that does not tell is taken to have marked all. */
export const markedOf = (row: { taken: number; marked?: number }): number => row.marked ?? row.taken

/** Whether scores are not told of a quiz, or a part of it, because none is out yet. */
export const noneOut = (s: { unreleased?: number }, row: { taken: number; marked?: number }): boolean => !!s.unreleased && row.taken > 0 && !markedOf(row)
