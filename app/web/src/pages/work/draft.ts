// Drafts of editors: what was typed and not saved yet, kept in this browser under a key of its own per form and account.
// A draft names the revision it was begun on, so that restoring can say that the original has moved on.

export interface Draft<T> {
  at: number
  rev: number
  form: T
}

interface Shelf {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

const prefix = 'qm.draft.'

/** The draft under the key, or null; one that cannot be read is gone. */
export function readDraft<T>(key: string, shelf: Shelf = localStorage): Draft<T> | null {
  try {
    const text = shelf.getItem(prefix + key)
    const draft = text ? (JSON.parse(text) as Draft<T>) : null
    return draft && typeof draft.at === 'number' && draft.form ? draft : null
  } catch {
    return null
  }
}

/** Keeps the draft; says whether it was kept (a full or forbidden storage does not stop the editor). */
export function keepDraft<T>(key: string, form: T, rev: number, at: number, shelf: Shelf = localStorage): boolean {
  try {
    shelf.setItem(prefix + key, JSON.stringify({ at, rev, form }))
    return true
  } catch {
    return false
  }
}

export function dropDraft(key: string, shelf: Shelf = localStorage): void {
  try {
    shelf.removeItem(prefix + key)
  } catch {
    /* nothing was kept there */
  }
}
