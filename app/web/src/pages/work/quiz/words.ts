// A quiz in words: its state (a published one is coming, open or over, by its window), and what its paper has.
import { serverNow } from '@/api/clock'
import { itemCount, type Translate } from '@/exam/words'
import { marks } from '@/format/numbers'
import { totals, type Quiz, type QuizStatus, type Section } from './model'

export type Standing = Exclude<QuizStatus, 'published'> | 'coming' | 'open' | 'over'

export function standing(quiz: Pick<Quiz, 'status' | 'settings'>, now = serverNow()): Standing {
  if (quiz.status !== 'published') return quiz.status
  const { opens, closes } = quiz.settings
  if (opens && Date.parse(opens) > now) return 'coming'
  return closes && Date.parse(closes) <= now ? 'over' : 'open'
}

export const quizTone = (state: Standing): 'neutral' | 'ok' | 'warn' | 'info' =>
  ({ draft: 'neutral', coming: 'info', open: 'ok', over: 'neutral', closed: 'warn', archived: 'neutral' })[state] as 'neutral'

/** 12 题，100 分 */
export function sumWords(sections: readonly Section[], t: Translate): string {
  const sum = totals(sections)
  return t('quiz.sum', { items: itemCount(sum), points: marks(sum.points) }, sum.items_most ?? sum.items)
}
