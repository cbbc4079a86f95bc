// The blueprint of a section: how many items of each topic, kind and range of difficulty its rules draw. Pure:
// read from the entries of a section, written back as entries. Nothing here touches Vue or the network.
import { kinds, type Kind } from '../bank/content'
import { marks } from '@/format/numbers'
import type { Entry, Section } from './model'

/** A range of difficulty, both ends included; 0 is no bound. */
export interface Band {
  low: number
  high: number
}

/** What one rule of the table wants. */
export interface Want extends Band {
  /** a category with its subtree */
  topic: string
  kind: Kind
  count: number
}

export interface Blueprint {
  topics: string[]
  wants: Want[]
  /** of each item of a kind */
  points: globalThis.Partial<Record<Kind, number>>
  leastUsed: boolean
}

/** What the bank has (POST /questions/table): published items of a topic, by kind and difficulty (0 = unknown). */
export interface Stock {
  category_id: string
  kind: Kind
  difficulty: number
  count: number
}

interface Topic {
  id: string
  parent_id?: string
  merged?: string[]
}

const sameBand = (a: Band, b: Band): boolean => a.low === b.low && a.high === b.high
const sameCell = (a: Omit<Want, 'count'>, b: Omit<Want, 'count'>): boolean => a.topic === b.topic && a.kind === b.kind && sameBand(a, b)
const whole = (band: Band): boolean => band.low <= 1 && (band.high === 0 || band.high === 5)

/** The whole scale is one range, however it is written. */
export const bandOf = (low = 0, high = 0): Band => (whole({ low, high }) ? { low: 0, high: 0 } : { low: low || 1, high: high || 5 })

/** What an entry wants when it is a rule of the table's shape: one category that the bank has, one kind, perhaps a range of difficulty. */
function wantOf(entry: Entry, topics: readonly Topic[]): Want | undefined {
  const rule = entry.rule
  if (!rule || !entry.count || rule.category_ids?.length !== 1 || rule.kinds?.length !== 1 || rule.tags_all?.length || rule.tags_any?.length) return undefined
  const topic = topics.find((one) => one.id === rule.category_ids![0] || one.merged?.includes(rule.category_ids![0]!))
  return topic && { topic: topic.id, kind: rule.kinds[0]!, ...bandOf(rule.min_difficulty, rule.max_difficulty), count: entry.count }
}

/** The table of a section, and the places of the entries that are in it. Entries of another shape, a second one of
 * the same cell, and those whose points or order of drawing differ from the table's stay outside. */
export function readBlueprint(section: Section, topics: readonly Topic[]): { table: Blueprint; places: Set<number> } {
  const table: Blueprint = { topics: [], wants: [], points: {}, leastUsed: false }
  const places = new Set<number>()
  section.entries.forEach((entry, at) => {
    const want = wantOf(entry, topics)
    if (!want) return
    if (!places.size) table.leastUsed = entry.least_used ?? false
    const points = table.points[want.kind] ?? entry.points
    if (points !== entry.points || table.leastUsed !== (entry.least_used ?? false) || table.wants.some((one) => sameCell(one, want))) return
    table.points[want.kind] = points
    table.wants.push(want)
    if (!table.topics.includes(want.topic)) table.topics.push(want.topic)
    places.add(at)
  })
  return { table, places }
}

/** The entries of a section with those at the places replaced by the table's: by kind, topic and difficulty, where the first of them stood. */
export function writeBlueprint(entries: readonly Entry[], places: ReadonlySet<number>, table: Blueprint): Entry[] {
  const drawn = table.wants
    .filter((want) => want.count > 0)
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || table.topics.indexOf(a.topic) - table.topics.indexOf(b.topic) || a.low - b.low || a.high - b.high)
    .map((want): Entry => ({
      rule: { category_ids: [want.topic], kinds: [want.kind], ...(want.low ? { min_difficulty: want.low } : {}), ...(want.high ? { max_difficulty: want.high } : {}) },
      count: want.count,
      ...(table.leastUsed ? { least_used: true } : {}),
      points: pointsOf(table, want.kind),
    }))
  const first = places.size ? Math.min(...places) : entries.length
  return [...entries.slice(0, first), ...drawn, ...entries.slice(first).filter((_, at) => !places.has(first + at))]
}

/** Points of each item of a kind; 2 until somebody says otherwise. */
export const pointsOf = (table: Blueprint, kind: Kind): number => table.points[kind] ?? 2

export const wanted = (table: Blueprint, topic: string, kind: Kind, band: Band): number => table.wants.find((one) => sameCell(one, { topic, kind, ...band }))?.count ?? 0

export function setWanted(table: Blueprint, topic: string, kind: Kind, band: Band, count: number): void {
  const others = table.wants.filter((one) => !sameCell(one, { topic, kind, ...band }))
  table.wants = count > 0 ? [...others, { topic, kind, ...band, count }] : others
}

/** Takes a topic out with all that is wanted of it. */
export function dropTopic(table: Blueprint, topic: string): void {
  table.topics = table.topics.filter((one) => one !== topic)
  table.wants = table.wants.filter((one) => one.topic !== topic)
}

/** The ranges in which something is wanted, the whole scale first. */
export function bandsOf(table: Blueprint): Band[] {
  const out: Band[] = []
  for (const { low, high } of table.wants) if (!out.some((one) => sameBand(one, { low, high }))) out.push({ low, high })
  return out.sort((a, b) => a.low - b.low || a.high - b.high)
}

/** The kinds that have a column: what the bank has of the topics, or what is wanted. */
export const columns = (table: Blueprint, stock: readonly Stock[]): Kind[] => kinds.filter((kind) => stock.some((one) => one.kind === kind) || table.wants.some((one) => one.kind === kind))

/** How many the bank has for a cell. Items of unknown difficulty are in the whole scale only. */
export const stockOf = (stock: readonly Stock[], topic: string, kind: Kind, band: Band): number =>
  stock.filter((one) => one.category_id === topic && one.kind === kind && (whole(band) || (one.difficulty >= band.low && one.difficulty <= band.high))).reduce((n, one) => n + one.count, 0)

/** How many are missing in a cell: what it and the cells within it (topics below, narrower ranges) want together, beyond what the bank has for it. */
export function missing(table: Blueprint, stock: readonly Stock[], topics: readonly Topic[], topic: string, kind: Kind, band: Band): number {
  const parent = new Map(topics.map((one) => [one.id, one.parent_id ?? '']))
  const below = (id: string): boolean => {
    const seen = new Set<string>()
    for (let at = id; at && !seen.has(at); at = parent.get(at) ?? '') {
      if (at === topic) return true
      seen.add(at)
    }
    return false
  }
  const within = (one: Band): boolean => whole(band) || (one.low >= band.low && one.high <= band.high && !whole(one))
  const together = table.wants.filter((one) => one.kind === kind && within(one) && below(one.topic)).reduce((n, one) => n + one.count, 0)
  return wanted(table, topic, kind, band) ? Math.max(0, together - stockOf(stock, topic, kind, band)) : 0
}

export interface Sum {
  items: number
  points: number
}

/** Items and points of what is wanted of a topic, of a kind, or altogether; over all ranges of difficulty. */
export function sumOf(table: Blueprint, of: { topic?: string; kind?: Kind } = {}): Sum {
  const wants = table.wants.filter((one) => (of.topic ?? one.topic) === one.topic && (of.kind ?? one.kind) === one.kind)
  return { items: wants.reduce((n, one) => n + one.count, 0), points: Number(marks(wants.reduce((n, one) => n + one.count * pointsOf(table, one.kind), 0))) }
}
