// The search, as the server gives it.
import { call, client } from '@/api/client'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type Answer = Schemas['SearchAnswer']
export type Hit = Schemas['SearchHit']
export type Suggestion = Schemas['SearchSuggestion']
export type Kind = Hit['kind']
/** What one looked for, and what one keeps. */
export type Searches = Schemas['QuerylogSearches']
export type Kept = Schemas['QuerylogKept']
export type Missed = Schemas['MissedRow']
export type Indexes = Schemas['IndexState']

export const kinds: Kind[] = ['article', 'regulation', 'faq', 'term', 'question']

export interface Asked {
  q: string
  kind?: Kind
  category?: string
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

export const mySearches = (): Promise<Searches> => call(client.GET('/api/v1/me/searches'))
/** Forgets words that were looked for; all without any. */
export const forget = (q?: string): Promise<Searches> => call(client.DELETE('/api/v1/me/searches/recent', { params: { query: { q } } }))
export const keep = (asked: Asked): Promise<Searches> => call(client.POST('/api/v1/me/searches/kept', { body: asked }))
export const drop = (id: string): Promise<Searches> => call(client.DELETE('/api/v1/me/searches/kept/{id}', { params: { path: { id } } }))

export const listMissed = (days: number, after?: string) => call(client.GET('/api/v1/search/missed', { params: { query: { days, limit: 20, after } } }))
export const settleMissed = (key: string): Promise<void> => call(client.DELETE('/api/v1/search/missed/{key}', { params: { path: { key } } }))

export const listIndexes = (): Promise<Indexes> => call(client.GET('/api/v1/search/indexes'))
export const rebuildIndexes = (): Promise<void> => call(client.POST('/api/v1/search/indexes/rebuild'))

/** Where a hit is read. */
export const placeOf = (hit: { type: Hit['type']; id: string; file?: Hit['file'] }) =>
  hit.type === 'question'
    ? { path: '/work/bank', query: { open: hit.id } }
    : hit.file?.type === 'application/pdf'
      ? { path: `/knowledge/${encodeURIComponent(hit.id)}/files/${hit.file.id}`, query: { page: hit.file.place || undefined } }
      : { path: `/knowledge/${encodeURIComponent(hit.id)}`, query: hit.file ? { file: hit.file.id, at: hit.file.place || undefined } : undefined }
