// States of a quiz in words: a published one is coming, open or over, by its window.
import { serverNow } from '@/api/clock'
import type { Quiz, QuizStatus } from './model'

export type Standing = Exclude<QuizStatus, 'published'> | 'coming' | 'open' | 'over'

export function standing(quiz: Pick<Quiz, 'status' | 'settings'>, now = serverNow()): Standing {
  if (quiz.status !== 'published') return quiz.status
  const { opens, closes } = quiz.settings
  if (opens && Date.parse(opens) > now) return 'coming'
  return closes && Date.parse(closes) <= now ? 'over' : 'open'
}

export const quizTone = (state: Standing): 'neutral' | 'ok' | 'warn' | 'info' =>
  ({ draft: 'neutral', coming: 'info', open: 'ok', over: 'neutral', closed: 'warn', archived: 'neutral' })[state] as 'neutral'
