// Tones of an attempt's states in lists of results.
export const stateTone = (state: string): 'neutral' | 'red' | 'ok' | 'warn' | 'info' =>
  ({ absent: 'red', open: 'info', overdue: 'warn', created: 'info', submitted: 'info', expired: 'info', abandoned: 'warn', grading: 'warn', graded: 'info', released: 'ok', void: 'neutral' })[state] as 'neutral' ?? 'neutral'

const longest = 12

/**
 * Marks by keyboard: digits and a point are kept as they were typed, whether they are a mark or not, so that a slip is
 * seen and refused on saving (markOf) and never turned into another mark; other keys are the page's (null).
 */
export function typeMark(before: string, key: string): string | null {
  if (key === 'Backspace') return before.slice(0, -1)
  return /^[0-9.]$/.test(key) ? (before + key).slice(0, longest) : null
}

/** The mark of a text, or null where it is none, has more than two decimals or is above the item's points. */
export function markOf(text: string, points: number): number | null {
  if (!/^\d+(\.\d{0,2})?$/.test(text)) return null
  const mark = Number(text)
  return mark <= points ? mark : null
}
