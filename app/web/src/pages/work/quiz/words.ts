// Tones of a quiz's states.
import type { QuizStatus } from './model'

export const quizTone = (status: QuizStatus): 'neutral' | 'ok' | 'warn' | 'info' => ({ draft: 'neutral', published: 'ok', closed: 'warn', archived: 'info' })[status] as 'neutral'
