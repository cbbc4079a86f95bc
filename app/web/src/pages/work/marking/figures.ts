// Figures in plain words: what a trainer who never heard of classical test theory is to make of them. Each verdict is a key below
// `stats.verdict`; the limits are those of the flags (exam-rules section 5) and, between them, of Moodle's documentation.
import { rounded } from '@/format/decimals'
import type { ItemFigures, QuizFigures, Thirds } from './statsApi'

export type Tone = 'neutral' | 'ok' | 'warn' | 'red'
export interface Verdict {
  key: string
  tone: Tone
}
const of = (key: string, tone: Tone): Verdict => ({ key, tone })
type Figure = number | null | undefined

export function facilityVerdict(facility: Figure): Verdict | undefined {
  if (facility == null) return undefined
  if (facility < 0.1) return of('too_hard', 'red')
  if (facility < 0.35) return of('hard', 'neutral')
  if (facility <= 0.8) return of('moderate', 'ok')
  if (facility <= 0.95) return of('easy', 'neutral')
  return of('too_easy', 'warn')
}

export function discriminationVerdict(discrimination: Figure): Verdict | undefined {
  if (discrimination == null) return undefined
  if (discrimination < 0) return of('negative', 'red')
  if (discrimination < 20) return of('weak', 'warn')
  if (discrimination < 30) return of('fair', 'neutral')
  if (discrimination < 50) return of('good', 'ok')
  return of('very_good', 'ok')
}

export function consistencyVerdict(cic: Figure): Verdict | undefined {
  if (cic == null) return undefined
  if (cic < 65) return of('unreliable', 'warn')
  if (cic < 75) return of('rough', 'neutral')
  if (cic < 90) return of('reliable', 'ok')
  return of('very_reliable', 'ok')
}

export function skewVerdict(skewness: Figure): Verdict | undefined {
  if (skewness == null) return undefined
  if (skewness < -1) return of('left', 'neutral')
  if (skewness > 1) return of('right', 'neutral')
  return of('even', 'ok')
}

/** How a figure is printed: two decimals, without trailing zeros; a dash where it is not defined. */
export const figure = (x: Figure, digits = 2): string => (x == null ? '—' : String(rounded(x, digits)))
export const share = (x: Figure): string => (x == null ? '—' : `${rounded(x * 100, 1)}%`)
/** A figure that is percent already. */
export const hundred = (x: Figure): string => (x == null ? '—' : `${rounded(x, 1)}%`)

export const all = (thirds: Thirds): number => thirds[0] + thirds[1] + thirds[2]
/** Attempts from which on an item is flagged: fewer prove nothing. The service has the same. */
export const flagFrom = 5
/** The share of takers of a third that chose something. */
export const shareOf = (chosen: Thirds, takers: Thirds, third: 0 | 1 | 2): number | null => (takers[third] ? chosen[third] / takers[third] : null)

/** Seconds as the key and the numbers of their words: minutes beside them from a minute on. */
export function seconds(x: Figure): [key: string, numbers: { m: number; s: number }] | undefined {
  if (x == null) return undefined
  const whole = Math.round(x)
  return [whole < 60 ? 'stats.seconds' : 'stats.minutes', { m: Math.floor(whole / 60), s: whole % 60 }]
}

export interface Line {
  key: string
  value: string
  verdict?: Verdict
}
/** The figures of a quiz, in the order one reads them. */
export const quizLines = (q: QuizFigures): Line[] => [
  { key: 'mean', value: outOf(q.mean, q.points) },
  { key: 'median', value: outOf(q.median, q.points) },
  { key: 'sd', value: figure(q.sd) },
  { key: 'cic', value: hundred(q.cic), verdict: consistencyVerdict(q.cic) },
  { key: 'standard_error', value: figure(q.standard_error) },
  { key: 'error_ratio', value: hundred(q.error_ratio) },
  { key: 'skewness', value: figure(q.skewness), verdict: skewVerdict(q.skewness) },
  { key: 'kurtosis', value: figure(q.kurtosis) },
]
const outOf = (x: Figure, points: number) => (x == null ? '—' : `${figure(x)} / ${figure(points)}`)

/** The figures of an item: those that say what to do first, what they are made of last. */
export const itemLines = (f: ItemFigures): Line[] => [
  { key: 'facility', value: share(f.facility), verdict: facilityVerdict(f.facility) },
  { key: 'discrimination', value: hundred(f.discrimination_index), verdict: discriminationVerdict(f.discrimination_index) },
  { key: 'efficiency', value: hundred(f.discriminative_efficiency) },
  { key: 'weight', value: hundred(f.effective_weight) },
  { key: 'guess', value: share(f.random_guess) },
  { key: 'item_sd', value: figure(f.sd) },
  { key: 'covariance', value: figure(f.covariance, 4) },
  { key: 'covariance_max', value: figure(f.covariance_max, 4) },
  { key: 'mark_variance', value: figure(f.mark_variance, 4) },
  { key: 'other_mark_variance', value: figure(f.other_mark_variance, 4) },
]

export const itemOrders = ['facility', 'paper', 'discrimination', 'weight', 'time'] as const
export type ItemOrder = (typeof itemOrders)[number]
/** Items with their numbers, which the map, the table and the times share: those of the paper where everybody has the same, else
 * ranks by facility, the hardest first; `called` is the key of what such a number is called. */
export interface Numbered {
  no: number
  called: 'stats.no' | 'stats.rank'
  item: ItemFigures
}
export const samePaper = (items: readonly ItemFigures[]): boolean => items.every((item) => item.slot)
export const numbered = (items: readonly ItemFigures[]): Numbered[] => {
  const same = samePaper(items)
  return items.map((item, at) => ({ no: same ? item.slot! : at + 1, called: same ? 'stats.no' : 'stats.rank', item }))
}
/** In the order asked for; what has no figure comes last, and equals keep their order. */
export function ordered(list: readonly Numbered[], order: ItemOrder, flaggedOnly: boolean): Numbered[] {
  const by: Record<ItemOrder, (f: ItemFigures) => Figure> = {
    facility: (f) => f.facility,
    paper: (f) => f.slot,
    discrimination: (f) => f.discrimination_index,
    weight: (f) => (f.effective_weight == null ? null : -f.effective_weight),
    time: (f) => (f.time ? -f.time.median : null),
  }
  const key = by[order]
  return [...list].filter((one) => !flaggedOnly || one.item.flags.length > 0).sort((a, b) => (key(a.item) ?? Infinity) - (key(b.item) ?? Infinity) || a.no - b.no)
}
