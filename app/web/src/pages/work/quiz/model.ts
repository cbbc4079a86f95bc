// What the quiz editor edits: pure functions over the quiz (exam/quiz.go) and its draw rules. Nothing here touches Vue or the network.
import { Problem as Refusal } from '@/api/problem'
import type { Kind } from '../bank/content'

export type QuizStatus = 'draft' | 'published' | 'closed' | 'archived'
export type Overdue = 'submit' | 'grace' | 'abandon'
export type GradeBy = 'best' | 'last' | 'first' | 'average'

export const quizStatuses: QuizStatus[] = ['draft', 'published', 'closed', 'archived']
export const overdues: Overdue[] = ['submit', 'grace', 'abandon']
export const gradeMethods: GradeBy[] = ['best', 'last', 'first', 'average']
export const behaviours = ['deferred', 'immediate', 'retry'] as const
export type Behaviour = (typeof behaviours)[number]

/** What a taker may see, in the order of the matrix' rows. */
export const shows = ['responses', 'correctness', 'marks', 'feedback', 'explanation', 'right_answer', 'total'] as const
/** When, in the order of its columns. */
export const phases = ['during', 'after', 'open', 'closed'] as const
export type Show = (typeof shows)[number]
export type Phase = (typeof phases)[number]
export type ReviewMatrix = Record<Phase, Record<Show, boolean>>

export interface Rule {
  category_ids?: string[]
  tags_all?: string[]
  tags_any?: string[]
  kinds?: Kind[]
  min_difficulty?: number
  max_difficulty?: number
}

export interface Entry {
  question_id?: string
  rule?: Rule
  count?: number
  /** those first that the fewest other quizzes may draw */
  least_used?: boolean
  points: number
  /** items that one answers beyond one a question, as a material has several; as of the last saving */
  more?: number
  /** where papers differ: more is the least */
  more_most?: number
}

export interface Section {
  id: string
  title: string
  instructions?: string
  shuffle: boolean
  /** seconds of its own; with one such section, sections are taken one after another */
  limit?: number
  entries: Entry[]
}

/** signals that a limit may stand on, and what follows when it is reached (exam/limit.go) */
export const limitSignals = ['away', 'away_seconds', 'pastes', 'takeovers', 'devices', 'addresses', 'parallel'] as const
export const limitActs = ['flag', 'warn', 'hand_in'] as const
export interface SignalLimit {
  signal: (typeof limitSignals)[number]
  from: number
  act: (typeof limitActs)[number]
}

export interface Settings {
  opens?: string
  closes?: string
  limit: number
  attempts: number
  password?: string
  wait: number
  overdue: Overdue
  grace: number
  grade_by: GradeBy
  pass_percent: number
  shuffle_options: boolean
  /** an item may cost points, where the weight of an option says so */
  negative_marks: boolean
  /** what is told while one answers */
  behaviour?: Behaviour
  /** of an item, with retry */
  tries?: number
  /** share of an item that each try before costs, with retry */
  penalty?: number
  manual_release: boolean
  review: ReviewMatrix
  /** after the release of an attempt; 0 = none */
  appeal_days?: number
  /** confidence 0.5..1 from which on the product marks short answers; absent = people mark them all */
  auto_mark?: number
  /** answers that several evaluators mark: a share 0..1 of them; percent of the points from which a third decides; absent = none */
  second?: { share: number; differs: number }
  /** given to those who pass */
  certificate?: { title: string; months?: number }
  /** of what is noticed while one answers */
  limits?: SignalLimit[]
  /** the taker's name stands faintly over the exam page */
  watermark?: boolean
}

export interface Audience {
  orgs: string[]
  stages?: string[]
  roles?: string[]
  members?: string[]
}

export interface Quiz {
  id: string
  rev: number
  org_id: string
  title: string
  intro?: string
  status: QuizStatus
  settings: Settings
  sections: Section[]
  audience: Audience
  number: number
  dirty: boolean
  author_id?: string
  /** the quiz that this one is a make-up of */
  makeup_of?: string
  published_at?: string
  released_at?: string
  updated_at?: string
}

/** What PUT /quizzes/{id} takes. */
export interface QuizEdit {
  title: string
  intro: string
  settings: Settings
  sections: Section[]
  audience: Audience
}

export interface Problem {
  path: string
  key: string
  params?: Record<string, string | number>
}

/** How many questions an entry gives to a paper; a material is one. */
const drawn = (entry: Entry): number => (entry.rule ? Math.max(0, entry.count ?? 0) : 1)

/** What a paper has: items that one answers, of a material each of its own (items_most: where papers differ; items is the least then), and points. */
export function totals(sections: readonly Section[]): { items: number; items_most?: number; points: number } {
  const entries = sections.flatMap((s) => s.entries)
  const all = (of: (entry: Entry) => number) => entries.reduce((n, e) => n + of(e), 0)
  const items = all((e) => drawn(e) + (e.more ?? 0))
  const most = all((e) => drawn(e) + (e.more_most ?? e.more ?? 0))
  return { items, ...(most > items ? { items_most: most } : {}), points: round(all((e) => drawn(e) * e.points)) }
}

/** How long a taker has, in seconds: the limit, or those of all sections together where these are shorter; 0 = any time (exam/stage.go). */
export function timeFor(sections: readonly Section[], limit: number): number {
  const parts = sections.filter((s) => totals([s]).items > 0)
  const sum = parts.every((s) => s.limit) ? parts.reduce((n, s) => n + (s.limit ?? 0), 0) : 0
  return limit && (!sum || limit < sum) ? limit : sum
}

const round = (x: number) => Math.round(x * 1000) / 1000

/** A rule with nothing but what it says: empty lists and zero bounds are left out, so that equal rules are equal texts. */
export function tidyRule(rule: Rule): Rule {
  const out: Rule = {}
  if (rule.category_ids?.length) out.category_ids = [...rule.category_ids]
  if (rule.tags_all?.length) out.tags_all = [...rule.tags_all]
  if (rule.tags_any?.length) out.tags_any = [...rule.tags_any]
  if (rule.kinds?.length) out.kinds = [...rule.kinds]
  if (rule.min_difficulty) out.min_difficulty = rule.min_difficulty
  if (rule.max_difficulty) out.max_difficulty = rule.max_difficulty
  return out
}

export const ruleKey = (rule: Rule): string => JSON.stringify(tidyRule(rule))

/** Splits "a, b，c、d" into tags. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[,，、;；\s]+/).map((t) => t.trim()).filter((t) => t !== ''))]
}

/** Every question that the sections name, once. */
export function fixedIds(sections: readonly Section[]): string[] {
  return [...new Set(sections.flatMap((s) => s.entries.map((e) => e.question_id ?? '')).filter((id) => id !== ''))]
}

/** Times as the page counts them, in minutes; the server counts seconds. */
export const minutes = (seconds: number): number => Math.round((seconds / 60) * 100) / 100
export const seconds = (minutes: number | null): number => Math.round((minutes ?? 0) * 60)

/** Limits as the page counts: minutes for the server's seconds, per cent for its shares. */
export function inPageUnits(cause: unknown): unknown {
  if (!(cause instanceof Refusal)) return cause
  const scale: Record<string, (n: number) => number> = { 'settings.penalty': (n) => n * 100 }
  for (const time of ['settings.limit', 'settings.wait', 'settings.grace', 'sections[].limit']) scale[time] = (n) => Math.floor(n / 60)
  const fields = cause.fields.map((field) => {
    const to = scale[field.path.replace(/\[\d+\]/, '[]')]
    return to ? { ...field, params: Object.fromEntries(Object.entries(field.params ?? {}).map(([name, n]) => [name, typeof n === 'number' ? to(n) : n])) } : field
  })
  return new Refusal(cause.status, cause.code, cause.params, fields, cause.requestId)
}

/** Sets what is told while one answers, with what that usually shows of a checked item. */
export function setBehaviour(s: Settings, to: Behaviour): void {
  if (to !== 'deferred' && (s.behaviour ?? 'deferred') === 'deferred') {
    for (const show of ['correctness', 'marks', 'feedback', 'explanation', 'right_answer'] as const) s.review.during[show] = true
  }
  s.behaviour = to
  if (to === 'retry') {
    s.tries ||= 3
    s.penalty ??= 1 / 3
  }
}
/** A cell of the matrix that means nothing: only a checked item shows more than its answer while one answers, and never a total. */
export const cellIdle = (s: Settings, phase: Phase, show: Show): boolean => phase === 'during' && show !== 'responses' && (show === 'total' || (s.behaviour ?? 'deferred') === 'deferred')

let serial = 0
/** An id for a new section that the quiz does not have yet. */
export function newSection(title: string, taken: readonly Section[] = []): Section {
  const used = new Set(taken.map((s) => s.id))
  let id = ''
  do id = `s${++serial}`
  while (used.has(id))
  return { id, title, instructions: '', shuffle: false, entries: [] }
}

export function move<T>(list: T[], index: number, by: -1 | 1): void {
  const to = index + by
  if (to < 0 || to >= list.length) return
  const [item] = list.splice(index, 1)
  list.splice(to, 0, item!)
}

/** What stands in the way of publishing as far as the page can tell; the bank's shortages come from the server. */
export function validate(edit: QuizEdit): Problem[] {
  const out: Problem[] = []
  if (!edit.title.trim()) out.push({ path: 'title', key: 'title_empty' })
  out.push(...settingsProblems(edit.settings))
  if (totals(edit.sections).items === 0) out.push({ path: 'sections', key: 'paper_empty' })
  const seen = new Map<string, number>()
  edit.sections.forEach((section, s) => {
    if ((section.limit ?? 0) < 0) out.push({ path: `sections[${s}].limit`, key: 'negative' })
    section.entries.forEach((entry, e) => {
      const path = `sections[${s}].entries[${e}]`
      if (!(entry.points > 0)) out.push({ path: `${path}.points`, key: 'points_zero' })
      if (entry.rule && !(Number.isInteger(entry.count) && entry.count! > 0)) out.push({ path: `${path}.count`, key: 'count_zero' })
      const { min_difficulty: low, max_difficulty: high } = entry.rule ?? {}
      if (low && high && low > high) out.push({ path: `${path}.rule.max_difficulty`, key: 'difficulty_range' })
      if (!entry.question_id) return
      if (seen.has(entry.question_id)) out.push({ path, key: 'question_twice' })
      else seen.set(entry.question_id, s)
    })
  })
  if (!edit.audience.orgs.length && !edit.audience.members?.length) out.push({ path: 'audience.orgs', key: 'audience_empty' })
  return out
}

export function settingsProblems(settings: Settings): Problem[] {
  const out: Problem[] = []
  if (settings.opens && settings.closes && Date.parse(settings.closes) <= Date.parse(settings.opens)) {
    out.push({ path: 'settings.closes', key: 'window_backwards' })
  }
  if (!(settings.pass_percent >= 0 && settings.pass_percent <= 100)) out.push({ path: 'settings.pass_percent', key: 'pass_range' })
  if (settings.limit < 0) out.push({ path: 'settings.limit', key: 'negative' })
  if (settings.wait < 0) out.push({ path: 'settings.wait', key: 'negative' })
  if (!(Number.isInteger(settings.attempts) && settings.attempts >= 0)) out.push({ path: 'settings.attempts', key: 'attempts_whole' })
  if (settings.overdue === 'grace' && !(settings.grace > 0)) out.push({ path: 'settings.grace', key: 'grace_missing' })
  return out
}

/** The parts of the form that changed against the stored quiz: the words of "what is not saved yet". */
export function changed(edit: QuizEdit, quiz: Quiz): boolean {
  return JSON.stringify(edit) !== JSON.stringify(editOf(quiz))
}

/** A copy without ties to what Vue watches. */
const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

export function editOf(quiz: Quiz): QuizEdit {
  return clone({
    title: quiz.title,
    intro: quiz.intro ?? '',
    settings: quiz.settings,
    sections: (quiz.sections ?? []).map((s) => ({ ...s, entries: s.entries ?? [] })),
    audience: { ...quiz.audience, orgs: quiz.audience?.orgs ?? [] },
  })
}
