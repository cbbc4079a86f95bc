// A rubric in the editor: criteria and their levels. Pure functions.
import type { Content, Criterion, Form, Level } from './content'
import type { Problem } from './problems'
import { shareProblems } from './shares'

export const maxRubric = 10
export const minLevels = 2
/** each has a key on the evaluator's keyboard */
export const maxLevels = 9

export interface LevelForm {
  title: string
  share: number
  note: string
  comment: string
}
export interface CriterionForm {
  name: string
  note: string
  share: number
  levels: LevelForm[]
}

export const emptyLevel = (): LevelForm => ({ title: '', share: 0, note: '', comment: '' })
const isLevel = (l: LevelForm): boolean => l.title.trim() !== '' || l.note.trim() !== '' || l.comment.trim() !== '' || l.share !== 0
/** A row that says something. */
export const isCriterion = (c: CriterionForm): boolean => c.name.trim() !== '' || c.note.trim() !== '' || c.share !== 0 || c.levels.some(isLevel)

export const rubricOf = (list?: Criterion[]): CriterionForm[] =>
  (list ?? []).map((c) => ({ name: c.name, note: c.note ?? '', share: c.share, levels: (c.levels ?? []).map((l) => ({ title: l.title, share: l.share, note: l.note ?? '', comment: l.comment ?? '' })) }))

const text = <K extends string>(key: K, words: string) => (words.trim() ? ({ [key]: words.trim() } as Record<K, string>) : {})
export function rubricContent(form: Form): Pick<Content, 'rubric'> {
  const rubric = form.rubric.filter(isCriterion).map((c): Criterion => {
    const levels = c.levels.filter(isLevel).map((l): Level => ({ title: l.title.trim(), share: l.share, ...text('note', l.note), ...text('comment', l.comment) }))
    return { name: c.name.trim(), ...text('note', c.note), share: c.share, ...(levels.length ? { levels } : {}) }
  })
  return rubric.length ? { rubric } : {}
}

/** As takers see it: without the comments of its levels. */
export const shownRubric = (rubric?: Criterion[]): Criterion[] | undefined =>
  rubric?.map((c) => (c.levels ? { ...c, levels: c.levels.map(({ title, share, note }) => ({ title, share, ...(note ? { note } : {}) })) } : c))

/** A criterion without levels begins with one level a title, from all of it down to nothing in equal steps. */
export const beginLevels = (titles: string[]): LevelForm[] => titles.map((title, i) => ({ ...emptyLevel(), title, share: Math.round(100 * (1 - i / (titles.length - 1))) / 100 }))

/** A new level goes in below the last, half of the way to nothing. */
export const addLevel = (levels: LevelForm[]): void => {
  const last = levels.at(-1)
  levels.push({ ...emptyLevel(), share: last ? Math.floor(50 * last.share) / 100 : 1 })
}

export function rubricProblems(form: Form): Problem[] {
  return [...shareProblems(form.rubric.map((c) => (isCriterion(c) ? c : null)), 'rubric', 'name', { empty: 'criterion_empty', twice: 'criterion_twice' }), ...form.rubric.flatMap((c, i) => levelProblems(c.levels, `rubric[${i}].levels`))]
}

function levelProblems(levels: LevelForm[], path: string): Problem[] {
  const out: Problem[] = []
  const seen = new Set<string>()
  let before = Infinity
  levels.forEach((l, i) => {
    if (!isLevel(l)) return
    const title = l.title.trim()
    if (!title) out.push({ path: `${path}[${i}].title`, key: 'level_empty' })
    else if (seen.has(title)) out.push({ path: `${path}[${i}].title`, key: 'level_twice' })
    seen.add(title)
    if (!(l.share >= 0 && l.share <= 1)) out.push({ path: `${path}[${i}].share`, key: 'share_or_none' })
    else if (before === Infinity && l.share !== 1) out.push({ path: `${path}[${i}].share`, key: 'level_first' })
    else if (l.share >= before) out.push({ path: `${path}[${i}].share`, key: 'level_order' })
    before = l.share
  })
  if (seen.size && seen.size < minLevels && !out.length) out.push({ path, key: 'levels_few' })
  return out
}
