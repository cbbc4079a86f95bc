// Marking along a rubric: what is said of each criterion, and what it comes to. Pure functions.
import type { RubricJudgement, RubricLine } from '@/api/types'
import { marks } from '@/format/numbers'
import { markOf } from './words'

/** longest comment on a criterion */
export const maxRemark = 500

export interface Said {
  /** from 1, the best; 0 = none yet */
  level: number
  /** as they were typed, of a criterion without levels */
  points: string
  comment: string
}

export const saidOf = (lines: RubricLine[]): Said[] =>
  lines.map((line) => ({ level: line.level ?? 0, points: line.levels?.length || line.earned === undefined ? '' : marks(line.earned), comment: line.comment ?? '' }))

/** The points of a criterion; null while it is not judged, or what was typed is no mark of it. */
export const earnedOf = (line: RubricLine, said: Said): number | null => (line.levels?.length ? (line.levels[said.level - 1]?.points ?? null) : markOf(said.points, line.points))

/** The points so far. */
export const sumOf = (lines: RubricLine[], said: Said[]): number => Math.round(100 * lines.reduce((sum, line, i) => sum + (earnedOf(line, said[i]!) ?? 0), 0)) / 100

/** The criteria that are not judged, from 0. */
export const missing = (lines: RubricLine[], said: Said[]): number[] => lines.flatMap((line, i) => (earnedOf(line, said[i]!) === null ? [i] : []))

/** Chooses a level. The comment that its author wrote for it goes in where there is none, or that of another level. */
export function choose(line: RubricLine, said: Said, level: number): void {
  const usual = (line.levels ?? []).map((one) => one.comment ?? '')
  if (!said.comment.trim() || usual.includes(said.comment)) said.comment = usual[level - 1] ?? ''
  said.level = level
}

/** All of each criterion. */
export const full = (lines: RubricLine[], said: Said[]): void =>
  lines.forEach((line, i) => {
    if (line.levels?.length) choose(line, said[i]!, 1)
    else said[i]!.points = marks(line.points)
  })

/** The lines with what was said of them; nothing while one is not judged. */
export function judged(lines: RubricLine[], said: Said[]): RubricLine[] | undefined {
  if (missing(lines, said).length) return undefined
  return lines.map((line, i) => ({ ...line, level: said[i]!.level || undefined, earned: earnedOf(line, said[i]!)!, comment: said[i]!.comment.trim() || undefined }))
}

/** Lines with what was said of them as they are saved; nothing where there are none, or one was never judged. */
export function judgements(lines?: RubricLine[]): RubricJudgement[] | undefined {
  if (!lines?.length || lines.some((line) => line.earned === undefined)) return undefined
  return lines.map((line) => ({ ...(line.levels?.length ? { level: line.level } : { points: line.earned }), ...(line.comment ? { comment: line.comment } : {}) }))
}
