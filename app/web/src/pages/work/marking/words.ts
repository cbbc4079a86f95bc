// Tones of an attempt's states in lists of results.
export const stateTone = (state: string): 'neutral' | 'red' | 'ok' | 'warn' | 'info' =>
  ({ absent: 'red', open: 'info', overdue: 'warn', created: 'info', submitted: 'info', expired: 'info', abandoned: 'warn', grading: 'warn', graded: 'info', released: 'ok', void: 'neutral' })[state] as 'neutral' ?? 'neutral'

/** Marks by keyboard: digits and a point, kept while they stay a mark of the item; anything else is refused (null). */
export function typeMark(before: string, key: string, points: number): string | null {
  if (key === 'Backspace') return before.slice(0, -1)
  if (!/^[0-9.]$/.test(key)) return null
  const next = before + key
  if (!/^\d{0,3}(\.\d{0,2})?$/.test(next)) return before
  return Number(next) > points ? before : next
}

/** The mark of a text, or null where it is none or above the item's points. */
export function markOf(text: string, points: number): number | null {
  if (!/^\d+(\.\d+)?$|^\d+\.$/.test(text)) return null
  const mark = Number(text)
  return mark <= points ? mark : null
}
