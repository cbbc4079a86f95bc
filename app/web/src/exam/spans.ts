// An answer cut at the words that match key points, and at those that deny. Places are in code points, as the server
// counts them.
export interface Span {
  start: number
  end: number
}
export interface Piece {
  text: string
  /** indexes of the points whose words these are */
  points: number[]
  /** the words deny what stands after them */
  denies: boolean
}

const has = (spans: Span[] | null | undefined, at: number) => Boolean(spans?.some((s) => s.start <= at && at < s.end))

export function cutAt(text: string, points: { spans?: Span[] | null }[], denials: Span[] = []): Piece[] {
  const out: Piece[] = []
  let last = ''
  ;[...text].forEach((letter, at) => {
    const here = points.flatMap((p, i) => (has(p.spans, at) ? [i] : []))
    const denies = has(denials, at)
    const key = `${here.join()}|${denies}`
    if (out.length && key === last) out.at(-1)!.text += letter
    else out.push({ text: letter, points: here, denies })
    last = key
  })
  return out
}
