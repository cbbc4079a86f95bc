// An exam in words: its state, when, and what it is made of.
import type { ExamCard, ExamDetail, Review, ReviewItem } from '@/api/types'
import { marks, percent } from '@/format/numbers'
import { dateTime, duration, remaining, shortDateTime } from '@/format/time'
import { itemCount } from './count'

type Translate = (key: string, params?: Record<string, unknown>, plural?: number) => string

/** 6 题 · 30 分钟 · 100 分 · 及格 60% */
export function examFacts(exam: Pick<ExamCard, 'items' | 'items_most' | 'limit' | 'timed_parts' | 'points' | 'pass_percent'>, t: Translate): string {
  return [
    t('exam.facts.items', { n: itemCount(exam) }, exam.items_most || exam.items),
    exam.limit > 0 ? duration(exam.limit) : t(exam.timed_parts ? 'exam.instructions.by_section' : 'exam.facts.untimed'),
    t('exam.facts.points', { n: marks(exam.points) }, exam.points),
    exam.pass_percent > 0 ? t('exam.facts.pass', { p: percent(exam.pass_percent / 100) }) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

/** What counts about time now: how long a running attempt has, how long the exam stays open, when it opens, when it was. */
export function examWhen(exam: ExamCard, now: number, t: Translate): string {
  if (exam.open_attempt_id && exam.open_deadline) return t('exam.facts.attempt', { left: remaining(exam.open_deadline, now) }) + t('exam.facts.until', { time: shortDateTime(exam.open_deadline) })
  if (exam.state === 'open') return exam.closes ? remaining(exam.closes, now) + t('exam.facts.until', { time: shortDateTime(exam.closes) }) : t('exam.facts.always')
  if (exam.state === 'coming') return exam.opens ? t('exam.facts.opens', { time: shortDateTime(exam.opens) }) : ''
  if (exam.last?.ended_at) return t('exam.facts.handed', { time: shortDateTime(exam.last.ended_at) })
  return exam.closes ? t('exam.facts.closed', { time: shortDateTime(exam.closes) }) : ''
}

type Timing = Pick<ExamDetail, 'limit' | 'closes' | 'timed_parts'>

/** How long an attempt may take. */
export function examLength(exam: Timing, t: Translate): string {
  if (exam.limit > 0) return duration(exam.limit)
  return t(exam.timed_parts ? 'exam.instructions.by_section' : 'time.none')
}

/** The rule of the time: with a limit or without, to a close or to none, with sections that are timed. */
export function timeRule(exam: Timing, t: Translate): string {
  if (exam.limit > 0) return t('exam.instructions.rule_time', { length: duration(exam.limit) })
  if (exam.closes) return t(exam.timed_parts ? 'exam.instructions.rule_closes' : 'exam.instructions.rule_untimed')
  return t(exam.timed_parts ? 'exam.instructions.rule_open_parts' : 'exam.instructions.rule_open')
}

/** Why a review shows no total, and when it will. */
export function totalWhy(review: Pick<Review, 'results_at' | 'closes_at'>, t: Translate): string {
  if (review.results_at === 'after_close') return review.closes_at ? t('exam.result.why.after_close', { time: dateTime(review.closes_at) }) : t('exam.result.why.after_end')
  return t(`exam.result.why.${review.results_at}`)
}

/** An item without its full marks, as far as the review tells: wrong, partly right, left blank, or marked below its points. */
export function missed(item: Pick<ReviewItem, 'correct' | 'mark' | 'points'>): boolean {
  if (item.mark !== undefined) return item.mark < item.points - 0.005
  return item.correct === 'wrong' || item.correct === 'partial' || item.correct === 'blank'
}

/** There is nothing to gain on the item, as far as the review tells. */
export const hasAll = (item: Pick<ReviewItem, 'correct' | 'mark' | 'points'>): boolean => (item.mark !== undefined ? item.mark >= item.points : item.correct === 'right')

/** What stands in the place of an answer that is not there: none was given, or it stands on paper. */
export const noAnswer = (item: Pick<ReviewItem, 'on_paper'>): string => (item.on_paper ? 'exam.review.see_paper' : 'exam.review.nothing')

/** The tone of a tag that says how an item went. */
export const correctTone = (correct: string | undefined): string => ({ right: 'ok', partial: 'warn', wrong: 'red', pending: 'info' })[correct ?? ''] ?? 'neutral'

/** The items, by slot, whose passage an item above them has shown. */
export function passageAgain(items: readonly Pick<ReviewItem, 'slot' | 'item'>[]): Set<number> {
  const seen = new Set<string>()
  return new Set(items.filter(({ item: { passage } }) => passage && (seen.has(passage) || !seen.add(passage))).map((one) => one.slot))
}

export type Tone = 'neutral' | 'red' | 'ok' | 'warn' | 'info'

export function examTag(exam: ExamCard, t: Translate): { label: string; tone: Tone } {
  if (exam.open_attempt_id) return { label: t('exam.state.running'), tone: 'warn' }
  if (exam.state === 'missed') return { label: t('exam.state.missed'), tone: 'neutral' }
  const last = exam.last
  if (last && exam.state === 'done') {
    if (last.passed === true) return { label: t('exam.state.passed', { n: marks(last.score) }), tone: 'ok' }
    if (last.passed === false) return { label: t('exam.state.failed', { n: marks(last.score) }), tone: 'red' }
    return { label: t('exam.state.waiting'), tone: 'info' }
  }
  if (exam.state === 'coming') return { label: t('exam.state.coming'), tone: 'info' }
  return exam.attempts_used > 0 ? { label: t('exam.state.again'), tone: 'neutral' } : { label: t('exam.state.open'), tone: 'red' }
}
