// The categories of a reader: those in which there is something to read, with how much.
export interface Category {
  id: string
  parent_id: string
  name: string
  order: number
  org_id: string
  count: number
}

export interface Placed extends Category {
  depth: number
}

/** The categories as a tree is read: each below the one that it belongs to; one whose parent is not there stands at the top. */
export function placed(rows: readonly Category[]): Placed[] {
  const ids = new Set(rows.map((row) => row.id))
  const below = new Map<string, Category[]>()
  for (const row of rows) {
    const parent = ids.has(row.parent_id) && row.parent_id !== row.id ? row.parent_id : ''
    below.set(parent, [...(below.get(parent) ?? []), row])
  }
  const out: Placed[] = []
  const walk = (parent: string, depth: number) => {
    for (const row of below.get(parent) ?? []) {
      out.push({ ...row, depth })
      walk(row.id, depth + 1)
    }
  }
  walk('', 0)
  return out
}
