// The page at which a document was left, on this device.
const key = 'qiming.pdf.page'
const most = 100 // documents that are remembered, the latest

function read(): [string, number][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? (kept as [string, number][]) : []
  } catch {
    return []
  }
}

/** 1 where it was not opened yet */
export const pageOf = (id: string): number => read().find(([one]) => one === id)?.[1] ?? 1

export function keepPage(id: string, page: number): void {
  try {
    localStorage.setItem(key, JSON.stringify([[id, page], ...read().filter(([one]) => one !== id)].slice(0, most)))
  } catch {
    // Without storage each visit begins anew.
  }
}
