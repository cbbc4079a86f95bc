// Searches that are kept: as the page has them in its address, and in words.
import { kinds, type Asked, type Kept } from './api'
import { foundKey } from './words'

/** Letters that may be looked for at most. */
export const longest = 200

const filters = ['kind', 'category', 'tag', 'source', 'official', 'from', 'to'] as const

/** A search as a query of the search page. */
export function addressOf(asked: Partial<Asked>): Record<string, string> {
  const query: Record<string, string> = {}
  for (const key of ['q', ...filters] as const) {
    const value = asked[key]
    if (value) query[key] = value === true ? '1' : String(value)
  }
  return query
}

/** Whether two searches ask the same. */
export const same = (a: Partial<Asked>, b: Partial<Asked>): boolean => JSON.stringify(addressOf(tidy(a))) === JSON.stringify(addressOf(tidy(b)))
const tidy = (asked: Partial<Asked>): Partial<Asked> => ({ ...asked, q: (asked.q ?? '').trim().split(/\s+/).join(' ') })

/** The kept search that asks the same. */
export const keptAs = (asked: Partial<Asked>, kept: readonly Kept[]): Kept | undefined => kept.find((one) => same(one.asked as Partial<Asked>, asked))

/** A search in words: what is looked for, then the filters. A category is told by its name where that is known. */
export function sayingOf(asked: Partial<Asked>, t: (key: string, named?: Record<string, unknown>) => string, category?: string): string {
  const kind = kinds.find((one) => one === asked.kind)
  const parts = [
    asked.q,
    kind && t(foundKey(kind)),
    asked.category && (category ?? t('search.one_category')),
    asked.tag && `#${asked.tag}`,
    asked.source,
    asked.official && t('knowledge.official'),
    (asked.from || asked.to) && `${asked.from ?? ''} – ${asked.to ?? ''}`.trim(),
  ]
  return parts.filter(Boolean).join(' · ')
}
