// A range written as a value and a tolerance. Decimals are kept exact: 3.14 ± 0.01 is 3.13 to 3.15.
import { half, sum } from '@/format/decimals'
import type { Range } from './content'

/** The ends of a value and a tolerance; null where there is no value yet. */
export function around(value: number | null, tolerance: number | null): Pick<Range, 'min' | 'max'> {
  if (value === null) return { min: null, max: null }
  return { min: sum(value, tolerance ?? 0, -1), max: sum(value, tolerance ?? 0) }
}

/** The value and the tolerance of a range. */
export function centre(range: Pick<Range, 'min' | 'max'>): { value: number | null; tolerance: number | null } {
  const min = range.min ?? range.max
  const max = range.max ?? range.min
  if (min === null || max === null) return { value: null, tolerance: null }
  return { value: half(sum(min, max)), tolerance: half(sum(max, min, -1)) || null }
}
