// Where one stopped watching or listening, on this device: by the id of the file, seconds.
const key = 'qiming.media.at'
const most = 100 // files that are remembered, the latest

function read(): [string, number][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? (kept as [string, number][]) : []
  } catch {
    return []
  }
}

/** 0 = from the beginning */
export const placeOf = (id: string): number => read().find(([one]) => one === id)?.[1] ?? 0

/** Near its beginning or its end a file begins anew. */
export function keepPlace(id: string, at: number, length: number): void {
  const rest = read().filter(([one]) => one !== id)
  const kept: [string, number][] = at > 5 && at < length - 10 ? [[id, Math.round(at)], ...rest] : rest
  try {
    localStorage.setItem(key, JSON.stringify(kept.slice(0, most)))
  } catch {
    // Without storage each visit begins anew.
  }
}
