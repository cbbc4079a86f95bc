// What the texts of questions may hold besides words: files, written ![what is seen](media:ID), and formulas, written
// \( … \) within a line, \[ … \] or $$ … $$ on their own.
export type Part = { text: string } | { media: string; alt: string } | { tex: string; display: boolean }

const special = /!\[([^\]\n]*)\]\(media:([0-9a-f]{32})\)|\\\(([^]*?)\\\)|\\\[([^]*?)\\\]|\$\$([^]*?)\$\$/g

/** A text taken apart; one without anything special is one part. */
export function richParts(text: string): Part[] {
  const out: Part[] = []
  let from = 0
  for (const found of text.matchAll(special)) {
    const tex = found[3] ?? found[4] ?? found[5]
    if (tex !== undefined && tex.trim() === '') continue
    if (found.index > from) out.push({ text: text.slice(from, found.index) })
    if (found[2] !== undefined) out.push({ media: found[2], alt: found[1] ?? '' })
    else out.push({ tex: tex!.trim(), display: found[3] === undefined })
    from = found.index + found[0].length
  }
  if (from < text.length || !out.length) out.push({ text: text.slice(from) })
  return out
}

/** A text for one line: files are their descriptions in brackets, formulas stay formulas. */
export const withoutFiles = (text: string, file: string): string => text.replace(/!\[([^\]\n]*)\]\(media:[0-9a-f]{32}\)/g, (_, alt: string) => `［${alt || file}］`)

/** Whether a text holds more than words. */
export const isRich = (text: string): boolean => richParts(text).some((part) => !('text' in part))

/** The words of a text, for lists and titles: a file is its description in brackets, a formula its source, or the word for one. */
export const plainWords = (text: string, file: string, formula?: string): string =>
  richParts(text)
    .map((part) => ('text' in part ? part.text : 'tex' in part ? (formula ? `［${formula}］` : part.tex) : `［${part.alt || file}］`))
    .join('')
