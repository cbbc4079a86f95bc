// An answer cut at the words that match key points. Places are in code points, as the server counts them.
export interface Piece {
  text: string
  /** indexes of the points whose words these are */
  points: number[]
}

export function cutAt(text: string, points: { spans?: { start: number; end: number }[] | null }[]): Piece[] {
  const letters = [...text]
  const out: Piece[] = []
  let last = ''
  letters.forEach((letter, at) => {
    const here = points.flatMap((p, i) => (p.spans?.some((s) => s.start <= at && at < s.end) ? [i] : []))
    const key = here.join()
    if (out.length && key === last) out.at(-1)!.text += letter
    else out.push({ text: letter, points: here })
    last = key
  })
  return out
}
