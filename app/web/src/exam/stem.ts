// A stem with gaps: "党章第____条规定____" becomes texts and gaps, so that the page can number the gaps.
export type StemPart = { text: string } | { gap: number }

/** What may not begin a line: it is held to the gap before it by a word joiner. */
const closing = /^[，。、；：？！）》”’」』】…,.;:?!)\]]/

/** Three or more underscores are a gap; gaps are numbered from 1. A stem without gaps is one text. */
export function stemParts(stem: string): StemPart[] {
  const out: StemPart[] = []
  let gap = 0
  for (const [at, piece] of stem.split(/_{3,}/).entries()) {
    if (at > 0) out.push({ gap: ++gap })
    if (piece !== '') out.push({ text: at > 0 && closing.test(piece) ? `\u2060${piece}` : piece })
  }
  return out
}
