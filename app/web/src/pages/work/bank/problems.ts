// What is wrong with a question as it stands in the editor, before the server is asked: pure functions over its form.
import { pointProblems } from './points'
import { rubricProblems } from './rubric'
import { slack } from './shares'
import { minOptions, maxStem, maxSubs, letter, gapCount, earned, isRight, ruleOf, subsOf, type Form } from './content'

/** A field that is wrong: where (as the server names it: "options[1].text") and why (a key of bank.problem). */
export interface Problem {
  path: string
  key: string
  params?: Record<string, string | number>
}

/** The errors below a path, with their paths from there. */
export const errorsUnder = (errors: Record<string, string>, path: string): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).flatMap(([at, text]) => (at.startsWith(path) ? [[at.slice(path.length), text]] : [])))

const squeeze = (text: string) => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/** What stands in the way of saving; the server checks again and has the last word. */
export function validate(form: Form): Problem[] {
  const out: Problem[] = []
  if (!form.stem.trim()) out.push({ path: 'stem', key: form.kind === 'material' ? 'material_empty' : 'stem_empty' })
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
  if (form.kind === 'essay') out.push(...rubricProblems(form))
  if (form.kind === 'short') out.push(...pointProblems(form))
  if (form.kind === 'cloze' || form.kind === 'material') out.push(...subProblems(form))
  return out
}

const hundredths = (fraction: number): number => Math.round(fraction * 1e4) / 100

function subProblems(form: Form): Problem[] {
  const out: Problem[] = []
  const subs = subsOf(form)
  if (form.kind === 'cloze') {
    const gaps = gapCount(form.stem)
    if (gaps === 0) out.push({ path: 'stem', key: 'gap_none' })
    if (subs.length > gaps) out.push({ path: 'subs', key: 'blanks_surplus', params: { gaps, blanks: subs.length } })
  } else if (!subs.length) out.push({ path: 'subs', key: 'subs_none' })
  if (subs.length > maxSubs) out.push({ path: 'subs', key: 'subs_many', params: { max: maxSubs } })
  if (subs.some((sub) => sub.weight) && subs.some((sub) => !sub.weight)) out.push({ path: 'subs', key: 'weights_mixed' })
  subs.forEach((sub, i) => {
    if (!(sub.weight >= 0)) out.push({ path: `subs[${i}].weight`, key: 'weight_negative' })
    for (const { path, key, params } of validate(sub.form)) {
      // The one blank of a gap is called by the gap's number.
      out.push({ path: `subs[${i}].content.${path}`, key, ...(params ? { params: form.kind === 'cloze' && 'n' in params ? { ...params, n: i + 1 } : params } : {}) })
    }
  })
  return out
}

function rangeProblems(form: Form): Problem[] {
  const out: Problem[] = []
  const filled = form.ranges.filter((r) => r.min !== null || r.max !== null)
  if (!filled.length) out.push({ path: 'ranges', key: 'range_none' })
  form.ranges.forEach((r, i) => {
    if (r.min !== null && r.max !== null && r.min > r.max) out.push({ path: `ranges[${i}].max`, key: r.ends ? 'range_turned' : 'tolerance_negative' })
    if (!(r.weight > 0 && r.weight <= 1)) out.push({ path: `ranges[${i}].weight`, key: 'partial_share' })
  })
  if (!out.length && !filled.some((r) => r.weight === 1)) out.push({ path: 'ranges', key: 'range_whole' })
  form.units.forEach((u, i) => {
    if (!u.name.trim()) out.push({ path: `units[${i}].name`, key: 'unit_empty' })
    if (!(u.factor > 0)) out.push({ path: `units[${i}].factor`, key: 'unit_factor' })
  })
  if (form.units.length && !form.units.some((u) => u.factor === 1)) out.push({ path: 'units', key: 'unit_base' })
  if (!(form.unit_penalty >= 0 && form.unit_penalty <= 1)) out.push({ path: 'unit_penalty', key: 'share_or_none' })
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
      if (isRight(form, option)) out.push({ path: `options[${i}].text`, key: 'option_empty', params: { letter: letter(i) } })
      return
    }
    filled++
    if (isRight(form, option)) right++
    const twin = seen.get(text)
    if (twin !== undefined) out.push({ path: `options[${i}].text`, ...(form.kind === 'ordering' ? { key: 'item_twice', params: { n: twin + 1 } } : { key: 'option_twice', params: { letter: letter(twin) } }) })
    else seen.set(text, i)
  })
  if (filled < minOptions) out.push({ path: 'options', key: 'options_few', params: { min: minOptions } })
  if (ruleOf(form) === 'weights') {
    form.options.forEach((o, i) => {
      if (!(Math.abs(o.weight ?? 0) <= 1)) out.push({ path: `options[${i}].weight`, key: 'weight_range' })
    })
    if (form.kind === 'single' && right === 0) out.push({ path: 'options', key: 'weights_single' })
    if (form.kind === 'multiple' && !(Math.abs(earned(form) - 1) <= slack)) out.push({ path: 'options', key: 'weights_sum', params: { sum: hundredths(earned(form)) } })
    return out
  }
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
    if (!blank.weight && form.blanks.some((one) => one.weight)) out.push({ path: `blanks[${i}].weight`, key: 'weights_mixed' })
  })
  return out
}

/** Whether a text reads as a number once Chinese numerals have become digits. */
export function numeric(text: string): boolean {
  const t = text.normalize('NFKC').trim()
  return /^[+-]?\d+(\.\d+)?%?$/.test(t) || /^[零〇一二两三四五六七八九十百千万亿点负]+$/.test(t)
}
