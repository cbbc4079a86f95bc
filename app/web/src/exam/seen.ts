// Which results were looked at on this device, so that the first page stops calling them due. A result whose score changed
// counts as new.

const key = 'qiming.seen_results'
const most = 200

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : []
  } catch {
    return []
  }
}

const mark = (attempt: string, score: number): string => `${attempt} ${score}`

export function lookedAt(attempt: string, score: number): void {
  const one = mark(attempt, score)
  try {
    localStorage.setItem(key, JSON.stringify([...read().filter((other) => other !== one), one].slice(-most)))
  } catch {
    // Without storage the result stays on the first page until it is two weeks old.
  }
}

/** Says of each result whether it was looked at here. */
export function seenResults(): (attempt: string, score: number) => boolean {
  const kept = new Set(read())
  return (attempt, score) => kept.has(mark(attempt, score))
}
