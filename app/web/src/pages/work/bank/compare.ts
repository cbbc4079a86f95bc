// What differs between two contents of a question, part by part and word by word: pure functions.
import { diffArrays } from 'diff/lib/diff/array.js'
import { rangeText } from '@/exam/kinds/ranges'
import { letter } from '@/format/numbers'
import type { Content } from './content'
import { synonymText } from './points'

export interface Piece {
  text: string
  /** in both, in the earlier only, in the later only */
  in: 'both' | 'before' | 'after'
}

/** A Chinese character stands for itself; letters and digits hold together as words and numbers. */
const tokens = (text: string): string[] => text.match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+|\s+|[^]/gu) ?? []

/** Where two texts differ. A single sign in common between two differences belongs to them: nobody reads so small a piece. */
export function pieces(before: string, after: string): Piece[] {
  const out: Piece[] = []
  const add = (text: string, where: Piece['in']) => {
    const last = out.at(-1)
    if (text === '') return
    if (last?.in === where) last.text += text
    else out.push({ text, in: where })
  }
  const parts = diffArrays(tokens(before), tokens(after)).map((part) => ({ value: part.value, in: part.removed ? ('before' as const) : part.added ? ('after' as const) : ('both' as const) }))
  let gone = ''
  let fresh = ''
  const flush = () => {
    add(gone, 'before')
    add(fresh, 'after')
    gone = fresh = ''
  }
  parts.forEach((part, at) => {
    const text = part.value.join('')
    if (part.in === 'before') gone += text
    else if (part.in === 'after') fresh += text
    else if (part.value.length < 2 && at > 0 && at < parts.length - 1 && !/[。；，、！？\n]/.test(text)) {
      gone += text
      fresh += text
    } else {
      flush()
      add(text, 'both')
    }
  })
  flush()
  return out
}

export interface Part {
  /** names the part in both versions: stem, option:ID, sub:1.stem */
  key: string
  /** key of i18n below bank.compare.part, with its parameters */
  label: string
  params?: Record<string, string | number>
  text: string
}

const share = (n: number) => `${Math.round(n * 1e4) / 100}%`

export interface Words {
  right: string
  wrong: string
  yes: string
}

/** A content as texts in the order of reading; parts without a text, and rules that are not set, are left out. */
export function partsOf(content: Content, words: Words, under = ''): Part[] {
  const out: Part[] = []
  const add = (key: string, label: string, text: string | undefined, params?: Part['params']) => {
    if (text) out.push({ key: under + key, label, text, params })
  }
  const rule = (key: string, on: boolean | undefined, params?: Part['params']) => add(key + (params ? `:${params.n}` : ''), key, on ? words.yes : '', params)
  if (!under) add('kind', 'kind', content.kind)
  add('stem', 'stem', content.stem)
  content.options?.forEach((option, i) => {
    const name = content.kind === 'ordering' ? String(i + 1) : letter(i)
    const weight = content.partial === 'weights' ? ` [${share(option.weight ?? 0)}]` : ''
    add(`option:${option.id || i}`, 'option', option.text + weight, { letter: name })
    add(`note:${option.id || i}`, 'option_feedback', option.feedback, { letter: name })
  })
  if (content.kind === 'single' || content.kind === 'multiple') add('key', 'key', content.options?.flatMap((o) => (o.right ? [o.text] : [])).join('；'))
  if (content.kind === 'truefalse') add('key', 'key', content.truth ? words.right : words.wrong)
  content.blanks?.forEach((blank, i) => {
    add(`blank:${i}`, 'blank', blank.accept.join(' / ') + (blank.number && blank.tolerance ? ` ±${blank.tolerance}` : '') + (blank.weight ? ` [${blank.weight}]` : ''), { n: i + 1 })
    rule('number', blank.number, { n: i + 1 })
  })
  add('ranges', 'ranges', content.ranges?.map((one) => rangeText(one) + (one.feedback ? ` ${one.feedback}` : '')).join('\n'))
  add('units', 'units', content.units?.map((unit) => `${unit.name} ×${unit.factor}`).join('，'))
  if (content.unit_penalty) add('unit_penalty', 'unit_penalty', share(content.unit_penalty))
  add('pairs', 'pairs', content.pairs?.map((pair) => `${pair.left ?? ''} → ${pair.right}`).join('\n'))
  add('model', 'model', content.model)
  add('points', 'points', content.points?.map((one) => [`${one.text} ${share(one.share)}`, ...(one.also ?? []).map((text) => `| ${text}`), ...(one.required ?? []).map((text) => `+ ${text}`), ...(one.forbidden ?? []).map((text) => `- ${text}`)].join(' ')).join('\n'))
  add('synonyms', 'synonyms', synonymText(content.synonyms))
  add('rubric', 'rubric', content.rubric?.map((one) => [`${one.name} ${share(one.share)} ${one.note ?? ''}`.trim(), ...(one.levels ?? []).map((level) => `· ${level.title} ${share(level.share)} ${level.note ?? ''}${level.comment ? ` “${level.comment}”` : ''}`.trim())].join('\n')).join('\n'))
  if (content.attachments) add('attachments', 'attachments', String(content.attachments))
  content.subs?.forEach((sub, i) => {
    if (sub.weight) out.push({ key: `${under}sub:${i}.weight`, label: 'weight', text: String(sub.weight), params: { sub: i + 1 } })
    for (const part of partsOf(sub.content, words, `${under}sub:${i}.`)) out.push({ ...part, params: { ...part.params, sub: i + 1 } })
  })
  add('explanation', 'explanation', content.explanation)
  add('source', 'source', content.source)
  add('feedback', 'feedback', content.feedback)
  if (content.difficulty) add('difficulty', 'difficulty', String(content.difficulty))
  if (content.partial && content.partial !== 'none') add('partial', 'partial', content.partial)
  if (content.partial === 'fixed' && content.partial_share) add('partial_share', 'partial_share', share(content.partial_share))
  add('pinned', 'pinned', content.options?.flatMap((option, i) => (option.pinned ? [letter(i)] : [])).join(' '))
  rule('keep_order', content.keep_order)
  rule('any_order', content.any_order)
  rule('match_case', content.match_case)
  rule('simplified', content.simplified)
  return out
}

export interface Change extends Part {
  pieces: Piece[]
  same: boolean
}

/** Both contents part by part, in the order of the later one; what only the earlier has stands where it stood. */
export function compare(before: Content, after: Content, words: Words): Change[] {
  const was = partsOf(before, words)
  const is = partsOf(after, words)
  const order = is.map((part) => part.key)
  was.forEach((part, at) => {
    if (order.includes(part.key)) return
    const previous = at > 0 ? order.indexOf(was[at - 1]!.key) : -1
    order.splice(previous + 1, 0, part.key)
  })
  return order.map((key) => {
    const old = was.find((part) => part.key === key)
    const now = is.find((part) => part.key === key)
    const part = (now ?? old)!
    return { ...part, pieces: pieces(old?.text ?? '', now?.text ?? ''), same: old?.text === now?.text }
  })
}
