// What differs between two contents of an article: short fields word by word, the text passage by passage. Pure.
import { diffArrays } from 'diff/lib/diff/array.js'
import { pieces, type Piece } from '../bank/compare'
import type { Content } from './api'

/** A run of paragraphs that are the same, or a passage with what was changed in it. */
export type Passage = { same: string[] } | { pieces: Piece[] }

export interface Change {
  /** key of i18n below knowledge.field */
  label: string
  pieces: Piece[]
}

/** Texts of the length that is compared character by character. Longer ones: the old, then the new. */
const most = 6_000

function within(before: string, after: string): Piece[] {
  if (before.length + after.length <= most) return pieces(before, after)
  return [{ text: before, in: 'before' as const }, { text: after, in: 'after' as const }].filter((one) => one.text)
}

/** Two texts paragraph by paragraph, and what differs within the paragraphs that were changed. */
export function passages(before: string, after: string): Passage[] {
  const out: Passage[] = []
  const parts = diffArrays(before.split('\n'), after.split('\n'))
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!
    if (!part.added && !part.removed) {
      out.push({ same: part.value })
      continue
    }
    const next = parts[at + 1]
    const pair = next && (next.added || next.removed) && next.added !== part.added ? next : undefined
    const gone = part.removed ? part : pair
    const fresh = part.added ? part : pair
    if (pair) at++
    const [was, is] = [gone?.value ?? [], fresh?.value ?? []]
    // As many paragraphs before as after: one is compared with the other, a long regulation too.
    if (was.length === is.length) was.forEach((line, i) => out.push({ pieces: within(line, is[i]!) }))
    else out.push({ pieces: within(was.join('\n'), is.join('\n')) })
  }
  return out
}

/** Paragraphs that are the same as they are shown: the first and the last, and how many are left out between. */
export function brief(lines: readonly string[], first: boolean, last: boolean): { head: string[]; left: number; tail: string[] } {
  const filled = lines.filter((line) => line.trim() !== '')
  const head = first ? [] : filled.slice(0, 1)
  const tail = last ? [] : filled.slice(head.length).slice(-1)
  return { head, left: filled.length - head.length - tail.length, tail }
}

export interface Names {
  kind: (kind: string) => string
  category: (id: string) => string
  org: (id: string) => string
  role: (role: string) => string
  article: (id: string) => string
  yes: string
  everybody: string
  members: string
  comma: string
}

/** The short fields of a content as texts; the order is that of reading. */
function fields(c: Content, names: Names): [string, string][] {
  const { audience: a, law } = c
  return [
    ['kind', names.kind(c.kind)],
    ['title', c.title],
    ['summary', c.summary ?? ''],
    ['aliases', (c.aliases ?? []).join(names.comma)],
    ['law_number', law?.number ?? ''],
    ['law_issuer', law?.issuer ?? ''],
    ['law_issued', law?.issued ?? ''],
    ['law_effective', law?.effective ?? ''],
    ['law_expires', law?.expires ?? ''],
    ['law_replaces', (law?.replaces ?? []).map(names.article).join('\n')],
    ['category_id', c.category_id ? names.category(c.category_id) : ''],
    ['tags', (c.tags ?? []).join(names.comma)],
    ['source_label', c.source.label ?? ''],
    ['source_url', c.source.url ?? ''],
    ['source_official', c.source.official ? names.yes : ''],
    ['audience', [a.public ? names.everybody : '', a.members ? names.members : '', ...(a.orgs ?? []).map(names.org), ...(a.roles ?? []).map(names.role)].filter(Boolean).join(names.comma)],
    ['confirm', c.confirm ? names.yes : ''],
    ['comments', c.comments ? names.yes : ''],
    ['cover', c.cover ?? ''],
    ['attachments', (c.attachments ?? []).map((one) => one.name).join('\n')],
  ]
}

/** The short fields that differ. */
export function changes(before: Content, after: Content, names: Names): Change[] {
  const was = fields(before, names)
  return fields(after, names).flatMap(([label, text], i) => {
    const old = was[i]![1]
    if (old === text) return []
    // A picture has no words: that it is another one is all that can be said.
    if (label === 'cover') return [{ label, pieces: [{ text: names.yes, in: text ? ('after' as const) : ('before' as const) }] }]
    return [{ label, pieces: pieces(old, text) }]
  })
}
