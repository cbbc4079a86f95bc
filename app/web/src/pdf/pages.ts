// Where pages stand one below the other, and how large they are drawn.
export const gap = 8 // pixels between pages
/** Pixels of a canvas that a cheap phone can bear. */
export const mostPixels = 6_000_000

/** The page that takes the line at a third of the screen; heights are those of the pages from the first. */
export function pageAt(heights: readonly number[], top: number, screen: number): number {
  const line = top + screen / 3
  let end = 0
  for (let at = 0; at < heights.length; at++) {
    end += heights[at]! + gap
    if (line < end) return at + 1
  }
  return Math.max(1, heights.length)
}

/** Pages from..to that are seen, with one more on each side. */
export function pagesSeen(heights: readonly number[], top: number, screen: number): [from: number, to: number] {
  let from = heights.length
  let to = 1
  let begin = 0
  for (let at = 0; at < heights.length; at++) {
    const end = begin + heights[at]! + gap
    if (end > top && begin < top + screen) {
      from = Math.min(from, at + 1)
      to = Math.max(to, at + 1)
    }
    begin = end
  }
  return [Math.max(1, from - 1), Math.min(heights.length, to + 1)]
}

/** How many pixels of a canvas there are to one of the screen. */
export const density = (width: number, height: number, ratio: number): number => Math.min(ratio, 2, Math.sqrt(mostPixels / Math.max(1, width * height)))
