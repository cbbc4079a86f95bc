// The contents of a text: its headings in a few levels, and the one that is being read.
export interface Heading {
  level: number
  text: string
  id: string
}

export interface Entry extends Heading {
  /** how far it is set in, from 0 */
  depth: number
}

/** Levels that contents show. */
const levels = 3

/** The headings as contents: set in by the levels that the text has, whichever they are. */
export function contents(headings: readonly Heading[]): Entry[] {
  const used = [...new Set(headings.map((one) => one.level))].sort((a, b) => a - b).slice(0, levels)
  return headings.filter((one) => used.includes(one.level)).map((one) => ({ ...one, depth: used.indexOf(one.level) }))
}

/** Which heading is being read: the last one whose top is above the line; none before the first. */
export const reading = (tops: readonly number[], line: number): number => tops.reduce((last, top, at) => (top <= line ? at : last), -1)
