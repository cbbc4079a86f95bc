// What the question editor edits: pure functions over Content (exam/question/content.go). Nothing here touches Vue or the network.

import { rangeText } from '@/exam/kinds/ranges'

export type Kind = 'single' | 'multiple' | 'truefalse' | 'blanks' | 'short' | 'numerical' | 'matching' | 'ordering'
export type Partial = 'none' | 'fixed' | 'share'
export type Status = 'draft' | 'review' | 'published' | 'retired'

export const kinds: Kind[] = ['single', 'multiple', 'truefalse', 'blanks', 'short', 'numerical', 'matching', 'ordering']
export const statuses: Status[] = ['draft', 'review', 'published', 'retired']
export const partials: Partial[] = ['none', 'fixed', 'share']

export interface Option {
  id: string
  text: string
  right: boolean
  /** keeps its place when the others are shuffled */
  pinned?: boolean
  feedback?: string
}

/** Both ends included; weight is the share of the item that it earns, 0..1. An end that is not filled in is null. */
export interface Range {
  min: number | null
  max: number | null
  weight: number
  feedback?: string
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
  explanation?: string
  source?: string
  feedback?: string
  difficulty?: number
}

/** A field that is wrong: where (as the server names it: "options[1].text") and why (a key of bank.problem). */
export interface Problem {
  path: string
  key: string
  params?: Record<string, string | number>
}

export const minOptions = 2
export const maxOptions = 12
export const maxStem = 10_000
export const maxRanges = 10
export const maxUnits = 10
export const maxPairs = 12

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
  explanation: string
  source: string
  feedback: string
  difficulty: number
}

const emptyOption = (): Option => ({ id: '', text: '', right: false })
const emptyBlank = (): Blank => ({ accept: [''] })

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
    ranges: content.ranges?.length ? content.ranges.map((r) => ({ ...r, weight: r.weight || 1 })) : base.ranges,
    units: (content.units ?? []).map((u) => ({ ...u })),
    unit_penalty: content.unit_penalty ?? 0,
    pairs: content.pairs?.length ? content.pairs.map((p) => ({ ...p, left: p.left ?? '' })) : base.pairs,
    model: content.model ?? '',
    explanation: content.explanation ?? '',
    source: content.source ?? '',
    feedback: content.feedback ?? '',
    difficulty: content.difficulty ?? 0,
  }
}

/** The fields of the form that its kind uses, as the server takes them; empty ones are left out. */
export function contentOf(form: Form): Content {
  const out: Content = { kind: form.kind, stem: form.stem.trim() }
  if (form.kind === 'single' || form.kind === 'multiple') {
    out.options = form.options
      .filter((o) => o.text.trim() !== '' || o.right)
      .map((o) => ({ id: o.id, text: o.text.trim(), right: o.right, ...(o.pinned ? { pinned: true } : {}), ...(o.feedback?.trim() ? { feedback: o.feedback.trim() } : {}) }))
    if (form.keep_order) out.keep_order = true
  }
  if (form.kind === 'ordering') out.options = form.options.filter((o) => o.text.trim() !== '').map((o) => ({ id: o.id, text: o.text.trim(), right: false }))
  if ((form.kind === 'ordering' || form.kind === 'matching') && form.partial === 'share') out.partial = 'share'
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
      .map((r) => ({ min: r.min ?? r.max!, max: r.max ?? r.min!, weight: r.weight, ...(r.feedback ? { feedback: r.feedback } : {}) }))
    if (form.units.length) out.units = form.units.map((u) => ({ name: u.name.trim(), factor: u.factor }))
    if (form.units.length && form.unit_penalty) out.unit_penalty = form.unit_penalty
  }
  if (form.kind === 'multiple' && form.partial !== 'none') {
    out.partial = form.partial
    if (form.partial === 'fixed') out.partial_share = form.partial_share
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
  if (form.kind === 'short' && form.model.trim()) out.model = form.model.trim()
  for (const field of ['explanation', 'source', 'feedback'] as const) {
    const text = form[field].trim()
    if (text) out[field] = text
  }
  if (form.difficulty) out.difficulty = form.difficulty
  return out
}

const gap = /_{3,}/g

/** The stem cut at its gaps: n gaps give n+1 texts. */
export function stemParts(stem: string): string[] {
  return stem.split(gap)
}

export function gapCount(stem: string): number {
  return stem.match(gap)?.length ?? 0
}

/** As many blanks as the stem has gaps; those written already are kept in order, surplus ones are kept only while they hold text. */
export function syncBlanks(form: Form): void {
  const wanted = gapCount(form.stem)
  while (form.blanks.length < wanted) form.blanks.push(emptyBlank())
  while (form.blanks.length > wanted && form.blanks.at(-1)!.accept.every((a) => a.trim() === '')) form.blanks.pop()
}

/** Puts a gap at the caret (or the end) of the stem and gives the caret's new place. */
export function insertGap(form: Form, at: number): number {
  const place = Math.max(0, Math.min(at, form.stem.length))
  form.stem = form.stem.slice(0, place) + '____' + form.stem.slice(place)
  syncBlanks(form)
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
  if (kind === 'blanks') syncBlanks(form)
}

const squeeze = (text: string) => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/** What stands in the way of saving; the server checks again and has the last word. */
export function validate(form: Form): Problem[] {
  const out: Problem[] = []
  if (!form.stem.trim()) out.push({ path: 'stem', key: 'stem_empty' })
  else if ([...form.stem].length > maxStem) out.push({ path: 'stem', key: 'stem_long', params: { max: maxStem } })
  if (form.kind === 'single' || form.kind === 'multiple') out.push(...optionProblems(form))
  if (form.kind === 'multiple' && form.partial === 'fixed' && !(form.partial_share > 0 && form.partial_share <= 1)) {
    out.push({ path: 'partial_share', key: 'partial_share' })
  }
  if (form.kind === 'truefalse' && form.truth === null) out.push({ path: 'truth', key: 'truth_empty' })
  if (form.kind === 'blanks') out.push(...blankProblems(form))
  if (form.kind === 'ordering') out.push(...optionProblems(form).filter((p) => !p.key.startsWith('key')))
  if (form.kind === 'numerical') out.push(...rangeProblems(form))
  if (form.kind === 'matching') out.push(...pairProblems(form))
  return out
}

function rangeProblems(form: Form): Problem[] {
  const out: Problem[] = []
  const filled = form.ranges.filter((r) => r.min !== null || r.max !== null)
  if (!filled.length) out.push({ path: 'ranges', key: 'range_none' })
  else if (!filled.some((r) => r.weight === 1)) out.push({ path: 'ranges', key: 'range_whole' })
  form.ranges.forEach((r, i) => {
    if (r.min !== null && r.max !== null && r.min > r.max) out.push({ path: `ranges[${i}].max`, key: 'range_turned' })
    if (!(r.weight > 0 && r.weight <= 1)) out.push({ path: `ranges[${i}].weight`, key: 'partial_share' })
  })
  form.units.forEach((u, i) => {
    if (!u.name.trim()) out.push({ path: `units[${i}].name`, key: 'unit_empty' })
    if (!(u.factor > 0)) out.push({ path: `units[${i}].factor`, key: 'unit_factor' })
  })
  if (form.units.length && !form.units.some((u) => u.factor === 1)) out.push({ path: 'units', key: 'unit_base' })
  return out
}

function pairProblems(form: Form): Problem[] {
  const out: Problem[] = []
  const seen = new Set<string>()
  form.pairs.forEach((p, i) => {
    const left = squeeze(p.left)
    if (left && !p.right.trim()) out.push({ path: `pairs[${i}].right`, key: 'right_empty' })
    if (left && seen.has(left)) out.push({ path: `pairs[${i}].left`, key: 'left_twice' })
    if (left) seen.add(left)
  })
  if (seen.size < 2) out.push({ path: 'pairs', key: 'pairs_few' })
  else if (new Set(form.pairs.map((p) => squeeze(p.right)).filter(Boolean)).size < 2) out.push({ path: 'pairs', key: 'rights_few' })
  return out
}

function optionProblems(form: Form): Problem[] {
  const out: Problem[] = []
  const seen = new Map<string, number>()
  let filled = 0
  let right = 0
  form.options.forEach((option, i) => {
    const text = squeeze(option.text)
    if (!text) {
      if (option.right) out.push({ path: `options[${i}].text`, key: 'option_empty', params: { letter: letter(i) } })
      return
    }
    filled++
    if (option.right) right++
    const twin = seen.get(text)
    if (twin !== undefined) out.push({ path: `options[${i}].text`, key: 'option_twice', params: { letter: letter(twin) } })
    else seen.set(text, i)
  })
  if (filled < minOptions) out.push({ path: 'options', key: 'options_few', params: { min: minOptions } })
  if (right === 0) out.push({ path: 'options', key: form.kind === 'single' ? 'key_none' : 'keys_none' })
  if (form.kind === 'single' && right > 1) out.push({ path: 'options', key: 'key_many' })
  return out
}

function blankProblems(form: Form): Problem[] {
  const out: Problem[] = []
  const gaps = gapCount(form.stem)
  if (gaps === 0) out.push({ path: 'stem', key: 'gap_none' })
  if (form.blanks.length > gaps) out.push({ path: 'blanks', key: 'blanks_surplus', params: { gaps, blanks: form.blanks.length } })
  form.blanks.forEach((blank, i) => {
    const texts = blank.accept.map((a) => a.trim()).filter((a) => a !== '')
    if (texts.length === 0) out.push({ path: `blanks[${i}].accept`, key: 'blank_empty', params: { n: i + 1 } })
    if (blank.number && texts.some((t) => !numeric(t))) out.push({ path: `blanks[${i}].accept`, key: 'blank_number', params: { n: i + 1 } })
    if ((blank.tolerance ?? 0) < 0) out.push({ path: `blanks[${i}].tolerance`, key: 'tolerance_negative' })
    if ((blank.weight ?? 0) < 0) out.push({ path: `blanks[${i}].weight`, key: 'weight_negative' })
  })
  return out
}

/** Whether a text reads as a number once Chinese numerals have become digits. */
export function numeric(text: string): boolean {
  const t = text.normalize('NFKC').trim()
  return /^[+-]?\d+(\.\d+)?%?$/.test(t) || /^[零〇一二两三四五六七八九十百千万亿点负]+$/.test(t)
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
      return content.model ?? ''
  }
}
