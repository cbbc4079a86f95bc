// A range written as a value and a tolerance. Decimals are kept exact: 3.14 ± 0.01 is 3.13 to 3.15.
import type { Range } from './content'

const places = (n: number): number => /\.(\d+)$/.exec(n.toFixed(12).replace(/0+$/, ''))?.[1]?.length ?? 0
const exact = (n: number, digits: number): number => Number(n.toFixed(digits))

/** The ends of a value and a tolerance; null where there is no value yet. */
export function around(value: number | null, tolerance: number | null): Pick<Range, 'min' | 'max'> {
  if (value === null) return { min: null, max: null }
  const digits = Math.max(places(value), places(tolerance ?? 0))
  return { min: exact(value - (tolerance ?? 0), digits), max: exact(value + (tolerance ?? 0), digits) }
}

/** The value and the tolerance of a range. */
export function centre(range: Pick<Range, 'min' | 'max'>): { value: number | null; tolerance: number | null } {
  const min = range.min ?? range.max
  const max = range.max ?? range.min
  if (min === null || max === null) return { value: null, tolerance: null }
  const digits = Math.max(places(min), places(max)) + 1
  const tolerance = exact((max - min) / 2, digits)
  return { value: exact((min + max) / 2, digits), tolerance: tolerance || null }
}
