// What the buttons over a text of Markdown do, as pure functions: a piece of the text is replaced, and something is selected then.

export interface Spot {
  text: string
  start: number
  end: number
}

/** Replaces text[from, to) by `put`; the selection then is [start, end). */
export interface Stroke {
  from: number
  to: number
  put: string
  start: number
  end: number
}

export const applied = (text: string, stroke: Stroke): string => text.slice(0, stroke.from) + stroke.put + text.slice(stroke.to)

/** Puts marks around the selection, or takes them away; without a selection the words that stand for it are put between them. */
export function around({ text, start, end }: Spot, mark: string, words: string): Stroke {
  const n = mark.length
  const inner = text.slice(start, end)
  // ** is no pair of *.
  const marked = (from: number, to: number) => text.slice(from - n, from) === mark && text.slice(to, to + n) === mark && (n > 1 || (text[from - 2] !== mark && text[to + 1] !== mark))
  if (inner.length >= 2 * n && inner.startsWith(mark) && inner.endsWith(mark)) return { from: start, to: end, put: inner.slice(n, -n), start, end: end - 2 * n }
  if (start >= n && marked(start, end)) return { from: start - n, to: end + n, put: inner, start: start - n, end: end - n }
  // Blanks at the ends do not stand within marks: they would not be read as marks.
  const lead = inner.length - inner.trimStart().length
  const core = inner.trim() || words
  const tail = inner.trim() ? inner.slice(lead + inner.trim().length) : ''
  const put = inner.slice(0, inner.trim() ? lead : inner.length) + mark + core + mark + tail
  const at = start + (inner.trim() ? lead : inner.length) + n
  return { from: start, to: end, put, start: at, end: at + core.length }
}

const prefix = /^(\s*)(?:#{1,6} +|> ?|[-*+] (?:\[[ xX]\] )?|\d{1,9}[.)] )?/

/** Makes the lines of the selection headings, quotations or items, or plain lines where they are that already. */
export function lines({ text, start, end }: Spot, make: (at: number) => string): Stroke {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const stop = text.indexOf('\n', Math.max(end - (end > start && text[end - 1] === '\n' ? 1 : 0), start))
  const to = stop < 0 ? text.length : stop
  const rows = text.slice(from, to).split('\n')
  const filled = (row: string) => rows.length === 1 || row.trim() !== ''
  let n = 0
  const wanted = rows.map((row) => (filled(row) ? make(n++) : ''))
  const already = rows.every((row, i) => !filled(row) || (wanted[i] !== '' && row.startsWith(wanted[i]!)))
  const put = rows.map((row, i) => (filled(row) ? (already ? row.slice(wanted[i]!.length) : row.replace(prefix, `$1${wanted[i]}`)) : row)).join('\n')
  const only = rows.length === 1 && start === end
  const at = from + put.length
  return { from, to, put, start: only ? at : from, end: at }
}

/** Puts a block on lines of its own, with an empty line before and after it. `pick` is selected then. */
export function block({ text, start, end }: Spot, content: string, pick = ''): Stroke {
  const before = text.slice(0, start)
  const after = text.slice(end)
  const lead = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n'
  const tail = after.startsWith('\n\n') ? '' : after.startsWith('\n') ? '\n' : '\n\n'
  // At the end one goes on below it: what follows a table without an empty line would be its next row.
  const at = start + lead.length + (pick ? Math.max(content.indexOf(pick), 0) : content.length + (after === '' ? tail.length : 0))
  return { from: start, to: end, put: lead + content + tail, start: at, end: at + pick.length }
}

/** Puts words in place of the selection. */
export const inline = ({ start, end }: Spot, content: string): Stroke => ({ from: start, to: end, put: content, start: start + content.length, end: start + content.length })

/** An address that was typed or chosen as what a link leads to; '' = no address. */
export function addressOf(typed: string): string {
  const text = typed.trim()
  if (/^(https?:\/\/|mailto:|\/|#)\S+$/i.test(text)) return text
  return /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(text) ? `https://${text}` : ''
}
export const link = (words: string, address: string): string => `[${words.replace(/[[\]]/g, '\\$&')}](${address.replace(/[()\s]/g, (sign) => encodeURIComponent(sign).replace('(', '%28').replace(')', '%29'))})`

/** An empty table: heads and so many lines. */
export function tableOf(heads: string[], count: number): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [row(heads), row(heads.map(() => '---')), ...Array.from({ length: count }, () => row(heads.map(() => ' ')))].join('\n')
}

/** Where the nth character of a text stands among its UTF-16 units: the server counts characters. */
export function unitOf(text: string, character: number): number {
  let at = 0
  for (let n = 0; n < character && at < text.length; n++) at += text.codePointAt(at)! > 0xffff ? 2 : 1
  return at
}
