// The search, as the server gives it.
import { call, client } from '@/api/client'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type Answer = Schemas['SearchAnswer']
export type Hit = Schemas['SearchHit']
export type Suggestion = Schemas['SearchSuggestion']
export type Kind = Hit['kind']

export const kinds: Kind[] = ['article', 'regulation', 'faq', 'term', 'question']

export interface Asked {
  q: string
  kind?: string
  tag?: string
  source?: string
  official?: boolean
  from?: string
  to?: string
}

/** Hits that come at once. */
export const pageSize = 20

export const find = ({ kind, ...query }: Asked, offset = 0): Promise<Answer> =>
  call(client.GET('/api/v1/search', { params: { query: { ...query, kind: kind ? [kind] : undefined, offset: offset || undefined, limit: pageSize } } }))
export const suggest = async (q: string): Promise<Suggestion[]> => (await call(client.GET('/api/v1/search/suggestions', { params: { query: { q, limit: 8 } } }))).items

/** Where a hit is read. */
export const placeOf = (hit: { type: Hit['type']; id: string }) => (hit.type === 'question' ? { path: '/work/bank', query: { open: hit.id } } : { path: `/knowledge/${encodeURIComponent(hit.id)}` })
