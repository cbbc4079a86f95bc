// How agreement of evaluators is told: the figures of a report with what each means, and when a figure rests on too little.
import { marks, percent } from '@/format/numbers'
import { rounded } from '@/format/decimals'
import type { Agreement, Figure } from './evaluatorsApi'

/** fewer pairs than this are small */
export const least = 20
export const names = ['exact', 'within', 'mean', 'sd', 'r', 'kappa', 'icc'] as const
export type Name = (typeof names)[number]
export type Verdict = 'low' | 'middle' | 'high' | 'very'

export interface Line {
  name: Name
  value: string
  /** the same as a share of the points, of differences */
  beside: string
  /** key of the sentence that says what it means, or why there is none, with its parameters */
  say: [key: string, params: Record<string, string>]
  verdict?: Verdict
}

const none = '—'
const coefficient = (f: Figure): string => (f.value == null ? none : rounded(f.value, 2).toFixed(2))
const signed = (text: string, x: number): string => (x > 0 && Number.parseFloat(text) !== 0 ? `+${text}` : text)
export const signedMarks = (x: number | null | undefined): string => (x == null ? none : signed(marks(x), x))
export const signedPercent = (x: number | null | undefined): string => (x == null ? none : signed(percent(x), x))
const share = (x: number | null | undefined): string => (x == null ? none : percent(x))

const grade = (x: number, [middle, high, very]: readonly [number, number, number]): Verdict => (x < middle ? 'low' : x < high ? 'middle' : x < very ? 'high' : 'very')
const limits = { kappa: [0.4, 0.6, 0.8], icc: [0.5, 0.75, 0.9] } as const

export const cell = (a: Agreement, name: Name): string =>
  ({ exact: () => share(a.exact), within: () => share(a.within), mean: () => signedMarks(a.mean_points), sd: () => (a.sd_points == null ? none : marks(a.sd_points)), r: () => coefficient(a.r), kappa: () => coefficient(a.kappa), icc: () => coefficient(a.icc) })[name]()

/** A difference as a share of the points, '' of other figures. */
export const beside = (a: Agreement, name: Name): string => (name === 'mean' && a.mean != null ? signedPercent(a.mean) : name === 'sd' && a.sd != null ? percent(a.sd) : '')

/** The figures one under the other; `differs` is the tolerance in percent of the points, `of` what is compared with what. */
export function lines(a: Agreement, differs: number, of: { a: string; b: string }): Line[] {
  const of100 = (x: number | null | undefined): string => String(rounded((x ?? 0) * 100, 0))
  const mean = a.mean_points ?? 0
  const said: Record<Name, Line['say']> = {
    exact: ['exact', { n: of100(a.exact) }],
    within: ['within', { n: of100(a.within), differs: marks(differs) }],
    mean: [marks(Math.abs(mean)) === '0' ? 'mean_same' : mean > 0 ? 'mean_high' : 'mean_low', { points: marks(Math.abs(mean)), ...of }],
    sd: ['sd', { points: marks(a.sd_points) }],
    r: ['r', {}],
    kappa: ['kappa', { grid: marks(a.grid) }],
    icc: ['icc', {}],
  }
  const why: Partial<Record<Name, string | undefined>> = { r: a.r.why, kappa: a.kappa.why, icc: a.icc.why, sd: a.sd == null ? 'few' : undefined, mean: a.mean == null ? 'few' : undefined, exact: a.exact == null ? 'few' : undefined, within: a.within == null ? 'few' : undefined }
  return names.map((name) => {
    const value = cell(a, name)
    const figure = name === 'kappa' || name === 'icc' ? a[name].value : null
    return {
      name,
      value,
      beside: beside(a, name),
      say: why[name] ? [`why.${why[name]}`, {}] : [`say.${said[name][0]}`, said[name][1]],
      verdict: figure == null || a.n < least ? undefined : grade(figure, limits[name as 'kappa' | 'icc']),
    }
  })
}

/** Whether a severity differs from 0 by more than chance: beyond 1.96 standard errors. */
export const apart = (mean: number | null | undefined, se: number | null | undefined): boolean => mean != null && se != null && Math.abs(mean) > 1.96 * se
