// Flat lists with parent ids (organisations, categories) as the trees that pages show. Pure.

export interface Flat {
  id: string
  parent_id?: string
  name: string
  order?: number
}

export interface Node<T extends Flat> {
  row: T
  depth: number
  children: Node<T>[]
}

/** The tree of a flat list; rows whose parent is not in the list become roots, so that a scope that begins in the middle shows whole. */
export function treeOf<T extends Flat>(rows: readonly T[]): Node<T>[] {
  const nodes = new Map(rows.map((row) => [row.id, { row, depth: 0, children: [] as Node<T>[] }]))
  const roots: Node<T>[] = []
  for (const node of nodes.values()) {
    const parent = node.row.parent_id ? nodes.get(node.row.parent_id) : undefined
    ;(parent && parent !== node ? parent.children : roots).push(node)
  }
  const settle = (list: Node<T>[], depth: number) => {
    list.sort((a, b) => (a.row.order ?? 0) - (b.row.order ?? 0) || a.row.name.localeCompare(b.row.name, 'zh-CN'))
    for (const node of list) {
      node.depth = depth
      settle(node.children, depth + 1)
    }
  }
  settle(roots, 0)
  return roots
}

/** The rows in the order of the screen; children of closed nodes are left out. */
export function visible<T extends Flat>(roots: readonly Node<T>[], open: (id: string) => boolean): Node<T>[] {
  const out: Node<T>[] = []
  const walk = (list: readonly Node<T>[]) => {
    for (const node of list) {
      out.push(node)
      if (node.children.length && open(node.row.id)) walk(node.children)
    }
  }
  walk(roots)
  return out
}

/** Ids of a node and all below it. */
export function subtree<T extends Flat>(roots: readonly Node<T>[], id: string): string[] {
  const out: string[] = []
  const walk = (list: readonly Node<T>[], inside: boolean) => {
    for (const node of list) {
      const here = inside || node.row.id === id
      if (here) out.push(node.row.id)
      walk(node.children, here)
    }
  }
  walk(roots, false)
  return out
}

/** Names from the root to the row: "机关党委 / 第一党总支 / 第一党支部". */
export function pathNames<T extends Flat>(rows: readonly T[], id: string): string[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const out: string[] = []
  const seen = new Set<string>()
  for (let at = byId.get(id); at && !seen.has(at.id); at = at.parent_id ? byId.get(at.parent_id) : undefined) {
    seen.add(at.id)
    out.unshift(at.name)
  }
  return out
}

/** Rows whose name holds the words, with the rows above them, so that a hit is shown in its place. */
export function search<T extends Flat>(rows: readonly T[], words: string): T[] {
  const wanted = words.trim().toLowerCase()
  if (!wanted) return [...rows]
  const byId = new Map(rows.map((row) => [row.id, row]))
  const keep = new Set<string>()
  for (const row of rows) {
    if (!row.name.toLowerCase().includes(wanted)) continue
    for (let at: T | undefined = row; at && !keep.has(at.id); at = at.parent_id ? byId.get(at.parent_id) : undefined) keep.add(at.id)
  }
  return rows.filter((row) => keep.has(row.id))
}
