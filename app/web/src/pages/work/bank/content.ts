// What the question editor edits: pure functions over Content (exam/question/content.go). Nothing here touches Vue or the network.

import type { Item } from '@/api/types'
import { rangeText } from '@/exam/kinds/ranges'
import { pointContent, pointsOf, synonymText, type Point } from './points'
import { slack } from './shares'
import { rubricContent, rubricOf, shownRubric, type CriterionForm } from './rubric'

export type Kind = 'single' | 'multiple' | 'truefalse' | 'blanks' | 'short' | 'numerical' | 'matching' | 'ordering' | 'cloze' | 'essay' | 'material'
export type Partial = 'none' | 'fixed' | 'share' | 'weights'
export type Status = 'draft' | 'review' | 'published' | 'retired'

export const kinds: Kind[] = ['single', 'multiple', 'truefalse', 'blanks', 'short', 'numerical', 'matching', 'ordering', 'cloze', 'essay', 'material']
/** what may stand in a gap of a cloze */
export const gapKinds: Kind[] = ['single', 'blanks', 'numerical']
/** what may be asked about a material */
export const subKinds: Kind[] = kinds.filter((kind) => kind !== 'material')
export const statuses: Status[] = ['draft', 'review', 'published', 'retired']
export const partials: Partial[] = ['none', 'fixed', 'share', 'weights']

export interface Option {
  id: string
  text: string
  right: boolean
  /** with the rule "weights": the fraction of the item that it earns or costs, -1..1; right follows from it */
  weight?: number
  /** keeps its place when the others are shuffled */
  pinned?: boolean
  feedback?: string
}

/** Both ends included; weight is the share of the item that it earns, 0..1. An end that is not filled in is null.
 * `ends` says that the editor shows both ends, not a value and a tolerance; a tolerance that was typed before its
 * value waits for it. */
export interface Range {
  min: number | null
  max: number | null
  weight: number
  feedback?: string
  ends?: boolean
  tolerance?: number | null
}

export interface Unit {
  name: string
  factor: number
}

/** What belongs together; without a left side the right one is a distractor. */
export interface Pair {
  id?: string
  left?: string
  right: string
}

export interface Blank {
  accept: string[]
  weight?: number
  number?: boolean
  tolerance?: number
}

/** A level of a criterion; share is what it earns of the criterion, 1 for the first, less with each. */
export interface Level {
  title: string
  share: number
  note?: string
  /** what choosing it puts into the evaluator's comment */
  comment?: string
}

/** A line of a rubric; share is its part of the item, 0..1. Where it has levels evaluators choose one, else they give points. */
export interface Criterion {
  name: string
  note?: string
  share: number
  levels?: Level[]
}

/** An item inside an item; weight 0 in all of them means equal shares. */
export interface Sub {
  weight?: number
  content: Content
}

export interface Content {
  kind: Kind
  stem: string
  options?: Option[]
  keep_order?: boolean
  truth?: boolean
  partial?: Partial
  partial_share?: number
  blanks?: Blank[]
  any_order?: boolean
  match_case?: boolean
  simplified?: boolean
  ranges?: { min: number; max: number; weight?: number; feedback?: string }[]
  units?: Unit[]
  unit_penalty?: number
  pairs?: Pair[]
  model?: string
  points?: { text: string; also?: string[]; required?: string[]; forbidden?: string[]; share: number }[]
  synonyms?: string[][]
  rubric?: Criterion[]
  attachments?: number
  subs?: Sub[]
  explanation?: string
  source?: string
  feedback?: string
  difficulty?: number
}

export const minOptions = 2
export const maxOptions = 12
export const maxStem = 10_000
export const maxRanges = 10
export const maxUnits = 10
export const maxPairs = 12
export const maxSubs = 20

/** The editor's whole form: every field present, so that changing the kind back and forth loses nothing. */
export interface Form {
  kind: Kind
  stem: string
  options: Option[]
  keep_order: boolean
  truth: boolean | null
  partial: Partial
  partial_share: number
  blanks: Blank[]
  any_order: boolean
  match_case: boolean
  simplified: boolean
  ranges: Range[]
  units: Unit[]
  unit_penalty: number
  pairs: { id?: string; left: string; right: string }[]
  model: string
  points: Point[]
  /** a group of phrases a line, "=" between them */
  synonyms: string
  rubric: CriterionForm[]
  attachments: number
  /** of a cloze, one a gap of the stem */
  gaps: SubForm[]
  /** of a material */
  subs: SubForm[]
  explanation: string
  source: string
  feedback: string
  difficulty: number
}

export interface SubForm {
  weight: number
  form: Form
}

const emptyOption = (): Option => ({ id: '', text: '', right: false })
const emptyBlank = (): Blank => ({ accept: [''] })
export const emptySub = (kind: Kind = 'single'): SubForm => ({ weight: 0, form: emptyForm(kind) })
export function emptyGap(kind: Kind = 'single'): SubForm {
  const gap = emptySub(kind)
  gap.form.stem = '____'
  gap.form.blanks = [emptyBlank()]
  return gap
}

export function emptyForm(kind: Kind = 'single'): Form {
  return {
    kind,
    stem: '',
    options: [emptyOption(), emptyOption(), emptyOption(), emptyOption()],
    keep_order: false,
    truth: null,
    partial: 'none',
    partial_share: 0.5,
    blanks: [],
    any_order: false,
    match_case: false,
    simplified: true,
    ranges: [{ min: null, max: null, weight: 1 }],
    units: [],
    unit_penalty: 0,
    pairs: [1, 2, 3].map(() => ({ left: '', right: '' })),
    model: '',
    points: [],
    synonyms: '',
    rubric: [],
    attachments: 0,
    gaps: [],
    subs: [],
    explanation: '',
    source: '',
    feedback: '',
    difficulty: 0,
  }
}

export function formOf(content: Content): Form {
  const base = emptyForm(content.kind)
  return {
    ...base,
    stem: content.stem,
    options: content.options?.length ? content.options.map((o) => ({ ...o })) : base.options,
    keep_order: content.keep_order ?? false,
    truth: content.kind === 'truefalse' ? (content.truth ?? false) : null,
    partial: content.partial || 'none',
    partial_share: content.partial_share || base.partial_share,
    blanks: (content.blanks ?? []).map((b) => ({ ...b, accept: b.accept.length ? [...b.accept] : [''] })),
    any_order: content.any_order ?? false,
    match_case: content.match_case ?? false,
    simplified: content.kind === 'blanks' ? (content.simplified ?? false) : base.simplified,
    ranges: content.ranges?.length ? content.ranges.map((r) => ({ ...r, weight: r.weight || 1, ends: r.min !== r.max })) : base.ranges,
    units: (content.units ?? []).map((u) => ({ ...u })),
    unit_penalty: content.unit_penalty ?? 0,
    pairs: content.pairs?.length ? content.pairs.map((p) => ({ ...p, left: p.left ?? '' })) : base.pairs,
    model: content.model ?? '',
    points: pointsOf(content.points),
    synonyms: synonymText(content.synonyms),
    rubric: rubricOf(content.rubric),
    attachments: content.attachments ?? 0,
    gaps: content.kind === 'cloze' ? (content.subs ?? []).map(subOf) : [],
    subs: content.kind === 'material' ? (content.subs ?? []).map(subOf) : [],
    explanation: content.explanation ?? '',
    source: content.source ?? '',
    feedback: content.feedback ?? '',
    difficulty: content.difficulty ?? 0,
  }
}

const subOf = (sub: Sub): SubForm => {
  const form = formOf(sub.content)
  if (!form.blanks.length) form.blanks = [emptyBlank()] // of a gap whose kind is changed
  return { weight: sub.weight ?? 0, form }
}

/** The rule that holds for the form's kind; those of other kinds stay in the form only. */
export function ruleOf(form: Form): Partial {
  const { kind, partial } = form
  if (kind === 'multiple') return partial
  if (kind === 'single') return partial === 'weights' ? 'weights' : 'none'
  return partial === 'share' && (kind === 'matching' || kind === 'ordering') ? 'share' : 'none'
}

/** Whether the option is a right one; with weights that follows from its weight. */
export const isRight = (form: Form, option: Option): boolean =>
  ruleOf(form) !== 'weights' ? option.right : (option.weight ?? 0) >= (form.kind === 'single' ? 1 - slack : 1e-9)

/** Sum of the weights that earn. */
export const earned = (form: Form): number => form.options.reduce((sum, o) => sum + Math.max(0, o.weight ?? 0), 0)

/** Changes the rule. Weights begin as the marks of right options say in equal parts, and leave such marks behind. */
export function setPartial(form: Form, rule: Partial): void {
  const before = ruleOf(form)
  if (before === 'weights' && rule !== 'weights') {
    const right = form.options.map((o) => isRight(form, o))
    form.options.forEach((o, i) => (o.right = form.kind === 'single' ? i === right.indexOf(true) : right[i]!))
  }
  form.partial = rule
  if (rule !== 'weights' || before === 'weights' || form.options.some((o) => o.weight)) return
  const right = form.options.filter((o) => o.right)
  const part = Math.floor(100 / (right.length || 1))
  right.forEach((o, i) => (o.weight = (i < 100 - part * right.length ? part + 1 : part) / 100))
}

/** The fields of the form that its kind uses, as the server takes them; empty ones are left out. */
export function contentOf(form: Form): Content {
  const out: Content = { kind: form.kind, stem: form.stem.trim() }
  const rule = ruleOf(form)
  if (form.kind === 'single' || form.kind === 'multiple') {
    out.options = form.options
      .filter((o) => o.text.trim() !== '' || isRight(form, o))
      .map((o) => ({ id: o.id, text: o.text.trim(), right: isRight(form, o), ...(rule === 'weights' && o.weight ? { weight: o.weight } : {}), ...(o.pinned ? { pinned: true } : {}), ...(o.feedback?.trim() ? { feedback: o.feedback.trim() } : {}) }))
    if (form.keep_order) out.keep_order = true
  }
  if (form.kind === 'ordering') out.options = form.options.filter((o) => o.text.trim() !== '').map((o) => ({ id: o.id, text: o.text.trim(), right: false }))
  if (rule !== 'none') out.partial = rule
  if (rule === 'fixed') out.partial_share = form.partial_share
  if (form.kind === 'matching') {
    out.pairs = form.pairs
      .filter((p) => p.left.trim() !== '' || p.right.trim() !== '')
      .map((p) => ({ ...(p.id ? { id: p.id } : {}), ...(p.left.trim() ? { left: p.left.trim() } : {}), right: p.right.trim() }))
    if (form.keep_order) out.keep_order = true
  }
  if (form.kind === 'numerical') {
    // One end alone is a single value.
    out.ranges = form.ranges
      .filter((r) => r.min !== null || r.max !== null)
      .map((r) => ({ min: r.min ?? r.max!, max: r.max ?? r.min!, weight: r.weight, ...(r.feedback?.trim() ? { feedback: r.feedback.trim() } : {}) }))
    if (form.units.length) out.units = form.units.map((u) => ({ name: u.name.trim(), factor: u.factor }))
    if (form.units.length && form.unit_penalty) out.unit_penalty = form.unit_penalty
  }
  if (form.kind === 'truefalse' && form.truth) out.truth = true
  if (form.kind === 'blanks') {
    out.blanks = form.blanks.map((b) => ({
      accept: b.accept.map((a) => a.trim()).filter((a) => a !== ''),
      ...(b.weight ? { weight: b.weight } : {}),
      ...(b.number ? { number: true } : {}),
      ...(b.number && b.tolerance ? { tolerance: b.tolerance } : {}),
    }))
    if (form.any_order) out.any_order = true
    if (form.match_case) out.match_case = true
    if (form.simplified) out.simplified = true
  }
  if ((form.kind === 'short' || form.kind === 'essay') && form.model.trim()) out.model = form.model.trim()
  if (form.kind === 'short') Object.assign(out, pointContent(form))
  if (form.kind === 'essay') {
    Object.assign(out, rubricContent(form))
    if (form.attachments) out.attachments = form.attachments
  }
  if (form.kind === 'cloze' || form.kind === 'material') {
    out.subs = subsOf(form).map((sub) => ({ ...(sub.weight ? { weight: sub.weight } : {}), content: contentOf(sub.form) }))
  }
  for (const field of ['explanation', 'source', 'feedback'] as const) {
    const text = form[field].trim()
    if (text) out[field] = text
  }
  if (form.difficulty) out.difficulty = form.difficulty
  return out
}

/** The items inside the form's item. */
export const subsOf = (form: Form): SubForm[] => (form.kind === 'cloze' ? form.gaps : form.kind === 'material' ? form.subs : [])

/** The item as a taker sees it. What the server mixes stands here in an order that is not the key's. */
export function previewOf(form: Form): Item {
  const content = contentOf(form)
  return {
    kind: form.kind,
    stem: form.stem,
    // A sequence is never shown in the right order; here it stands upside down.
    options: (form.kind === 'ordering' ? content.options?.toReversed() : content.options)?.map((option, i) => ({ id: option.id || String(i), text: option.text })),
    partial: content.partial,
    blanks: gapCount(form.stem),
    units: content.units?.map((unit) => unit.name),
    lefts: content.pairs?.filter((pair) => pair.left).map((pair) => ({ id: `l${pair.left}`, text: pair.left! })),
    rights: [...new Set(content.pairs?.map((pair) => pair.right))].filter(Boolean).sort().map((text) => ({ id: `r${text}`, text })),
    rubric: shownRubric(content.rubric),
    attachments: content.attachments,
    subs: subsOf(form).map((sub) => previewOf(sub.form)),
  }
}

const gap = /_{3,}/g

/** The stem cut at its gaps: n gaps give n+1 texts. */
export function stemParts(stem: string): string[] {
  return stem.split(gap)
}

export function gapCount(stem: string): number {
  return stem.match(gap)?.length ?? 0
}

const isVoid = (blank: Blank): boolean => blank.accept.every((a) => a.trim() === '')
const isVoidGap = ({ form }: SubForm): boolean =>
  form.options.every((o) => o.text.trim() === '') && form.blanks.every(isVoid) && form.ranges.every((r) => r.min === null && r.max === null)

/** As many answers as the stem has gaps; those written already are kept in order, surplus ones are kept only while they hold text. */
export function syncGaps(form: Form): void {
  const wanted = gapCount(form.stem)
  if (form.kind === 'blanks') {
    while (form.blanks.length < wanted) form.blanks.push(emptyBlank())
    while (form.blanks.length > wanted && isVoid(form.blanks.at(-1)!)) form.blanks.pop()
  }
  if (form.kind === 'cloze') {
    while (form.gaps.length < wanted) form.gaps.push(emptyGap(form.gaps.at(-1)?.form.kind))
    while (form.gaps.length > wanted && isVoidGap(form.gaps.at(-1)!)) form.gaps.pop()
  }
}

/** Puts a gap at the caret (or the end) of the stem, with an answer of its own at that place, and gives the caret's new place. */
export function insertGap(form: Form, at: number): number {
  const place = Math.max(0, Math.min(at, form.stem.length))
  const had = gapCount(form.stem)
  const n = gapCount(form.stem.slice(0, place))
  form.stem = form.stem.slice(0, place) + '____' + form.stem.slice(place)
  if (gapCount(form.stem) > had && form.kind === 'blanks' && form.blanks.length >= had) form.blanks.splice(n, 0, emptyBlank())
  if (gapCount(form.stem) > had && form.kind === 'cloze' && form.gaps.length >= had) form.gaps.splice(n, 0, emptyGap(form.gaps[n - 1]?.form.kind))
  syncGaps(form)
  return place + 4
}

export const letter = (index: number) => String.fromCharCode(65 + index)

/** Exactly one right option for a single choice: choosing one lets the others go. */
export function markRight(form: Form, index: number, right: boolean): void {
  form.options.forEach((option, i) => {
    if (i === index) option.right = right
    else if (form.kind === 'single' && right) option.right = false
  })
}

export function addOption(form: Form): void {
  if (form.options.length < maxOptions) form.options.push(emptyOption())
}

export function removeOption(form: Form, index: number): void {
  if (form.options.length > minOptions) form.options.splice(index, 1)
}

export function moveOption(form: Form, index: number, by: -1 | 1): void {
  const to = index + by
  if (to < 0 || to >= form.options.length) return
  const [moved] = form.options.splice(index, 1)
  form.options.splice(to, 0, moved!)
}

/** A single choice has one right option: the first of those that a multiple choice had stays. */
export function changeKind(form: Form, kind: Kind): void {
  form.kind = kind
  if (kind === 'single') {
    const first = form.options.findIndex((o) => o.right)
    form.options.forEach((o, i) => (o.right = i === first))
  }
  if (kind === 'material' && !form.subs.length) form.subs.push(emptySub())
  syncGaps(form)
}

/** The first letters of the right answer, as lists and version tables show it: "ACD", "对", "100 / 一百". */
export function keyText(content: Content, words: { right: string; wrong: string }): string {
  switch (content.kind) {
    case 'single':
    case 'multiple':
      return (content.options ?? []).map((o, i) => (o.right ? letter(i) : '')).join('')
    case 'truefalse':
      return content.truth ? words.right : words.wrong
    case 'blanks':
      return (content.blanks ?? []).map((b) => b.accept.join(' / ')).join('；')
    case 'numerical':
      return (content.ranges ?? []).map((r) => rangeText(r)).join('；')
    case 'matching':
      return (content.pairs ?? []).filter((p) => p.left).map((p) => `${p.left}→${p.right}`).join('；')
    case 'ordering':
      return (content.options ?? []).map((o) => o.text).join(' → ')
    case 'short':
    case 'essay':
      return content.model ?? ''
    case 'cloze':
    case 'material':
      return (content.subs ?? []).map((sub, i) => `${i + 1}. ${keyText(sub.content, words)}`).join('；')
  }
}
