// Accepted ranges of a number in words.

export interface NumberRange {
  min: number
  max: number
  weight?: number
}

/** 0.8 · 3.1 – 3.3 · 2.9 – 3.5（50%）, with the unit behind it. */
export function rangeText(range: NumberRange, unit = ''): string {
  const value = range.min === range.max ? String(range.min) : `${range.min} – ${range.max}`
  const share = range.weight && range.weight < 1 ? `（${Math.round(range.weight * 100)}%）` : ''
  return `${value}${unit ? ` ${unit}` : ''}${share}`
}
