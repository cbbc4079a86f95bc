// An answer cut at the words that match key points, and at those that deny. Places are in code points, as the server
// counts them.
export interface Span {
  start: number
  end: number
}
export interface Piece {
  text: string
  /** words of a key point */
  hit: boolean
  /** the words deny what stands after them */
  denies: boolean
}

const has = (spans: Span[], at: number) => spans.some((s) => s.start <= at && at < s.end)

export function cutAt(text: string, hits: Span[], denials: Span[] = []): Piece[] {
  const out: Piece[] = []
  ;[...text].forEach((letter, at) => {
    const [hit, denies] = [has(hits, at), has(denials, at)]
    const last = out.at(-1)
    if (last && last.hit === hit && last.denies === denies) last.text += letter
    else out.push({ text: letter, hit, denies })
  })
  return out
}
