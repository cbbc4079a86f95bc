// How fast bytes go, over the last seconds, and how large a part of an upload should be at that.

const span = 10_000 // ms that are looked back on

/** Bytes per second over the last ten seconds, and from the first sample on. */
export class Rate {
  private samples: { at: number; bytes: number }[] = []

  /** `bytes` is the total so far. */
  add(bytes: number, at: number): void {
    this.samples.push({ at, bytes })
    while (this.samples.length > 2 && at - (this.samples[1]?.at ?? at) >= span) this.samples.shift()
  }

  clear(): void {
    this.samples = []
  }

  /** 0 = not known yet */
  get perSecond(): number {
    const first = this.samples[0]
    const last = this.samples.at(-1)
    if (!first || !last || last.at - first.at < 500) return 0
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at))
  }
}

export const smallestPart = 256 * 1024
export const largestPart = 8 * 1024 * 1024
/** A part that is cut off is sent again: it should not take longer than this, in seconds. */
const partSeconds = 6

/** The size of the next part after one of `bytes` took `ms`. It grows slowly and shrinks at once. */
export function nextPart(bytes: number, ms: number): number {
  const wanted = (bytes / Math.max(ms, 1)) * 1000 * partSeconds
  return Math.round(Math.min(largestPart, Math.max(smallestPart, Math.min(wanted, bytes * 2))))
}

/** By which a file is known again after a reload: what the browser tells of it without reading it. */
export const markOf = (file: Pick<File, 'size' | 'lastModified'>): string => `${file.size}-${file.lastModified}`
