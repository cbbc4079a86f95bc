// A stem with gaps: "党章第____条规定____" becomes texts and gaps, so that the page can number the gaps.
export type StemPart = { text: string } | { gap: number }

/** Three or more underscores are a gap; gaps are numbered from 1. A stem without gaps is one text. */
export function stemParts(stem: string): StemPart[] {
  const out: StemPart[] = []
  let gap = 0
  for (const [at, piece] of stem.split(/_{3,}/).entries()) {
    if (at > 0) out.push({ gap: ++gap })
    if (piece !== '') out.push({ text: piece })
  }
  return out
}
