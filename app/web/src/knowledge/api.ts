// What readers read, as the server gives it.
import { call, client } from '@/api/client'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type Item = Schemas['KnowledgeItem']
export type Page = Schemas['KnowledgePage']
export type Overview = Schemas['KnowledgeOverview']
export type Kind = Item['kind']
export type Standing = NonNullable<Item['standing']>
export type Ref = Schemas['KnowledgeRef']

export const kinds: Kind[] = ['article', 'regulation', 'faq', 'term']

export interface Chosen {
  kind?: string
  category?: string
  tag?: string
  official?: boolean
}

export const listKnowledge = ({ kind, ...query }: Chosen, after = '') =>
  call(client.GET('/api/v1/knowledge', { params: { query: { ...query, kind: kind ? [kind] : undefined, after: after || undefined, limit: 20 } } }))
/** Articles with words in their titles, as far as one may read them. */
export const findKnowledge = (q: string) => call(client.GET('/api/v1/knowledge', { params: { query: { q, limit: 20 } } }))
export const knowledgeOverview = (): Promise<Overview> => call(client.GET('/api/v1/knowledge/overview'))
export const readKnowledge = (id: string): Promise<Page> => call(client.GET('/api/v1/knowledge/{id}', { params: { path: { id } } }))

export type Mine = Schemas['KnowledgeRecord']
export type Kept = Schemas['KnowledgeKept']
export const readMine = (id: string): Promise<Mine> => call(client.GET('/api/v1/knowledge/{id}/mine', { params: { path: { id } } }))
export const keepMine = (id: string, body: { favourite?: boolean; note?: string }): Promise<Mine> => call(client.PATCH('/api/v1/knowledge/{id}/mine', { params: { path: { id } }, body }))
/** Where the reader is in a document of an article. */
export const turnPage = (id: string, file: string, page: number) => call(client.PUT('/api/v1/knowledge/{id}/files/{file}/page', { params: { path: { id, file } }, body: { page } }))
/** The reader's receipt for the version that was shown. */
export const confirmRead = (id: string, version: number): Promise<Mine> => call(client.POST('/api/v1/knowledge/{id}/receipt', { params: { path: { id } }, body: { version } }))

export type Comment = Schemas['CommentShown']
export type OwnComment = Schemas['KnowledgeOwnComment']
/** Comments on an article, the latest first: what was passed, and one's own. */
export const listComments = (id: string, after = '') => call(client.GET('/api/v1/knowledge/{id}/comments', { params: { path: { id }, query: { after: after || undefined, limit: 20 } } }))
export const addComment = (id: string, text: string, to?: string): Promise<Comment> => call(client.POST('/api/v1/knowledge/{id}/comments', { params: { path: { id } }, body: { text, to } }))
export const removeComment = (id: string) => call(client.DELETE('/api/v1/me/comments/{id}', { params: { path: { id } } }))
export const ownComments = (after = '') => call(client.GET('/api/v1/me/comments', { params: { query: { after: after || undefined, limit: 50 } } }))

export type ReportReason = 'wrong' | 'quote' | 'outdated' | 'inappropriate' | 'secret' | 'privacy' | 'other'
export const reportReasons: ReportReason[] = ['wrong', 'quote', 'outdated', 'inappropriate', 'secret', 'privacy', 'other']
export const report = (id: string, body: { reason: ReportReason; words?: string; comment?: string }) => call(client.POST('/api/v1/knowledge/{id}/reports', { params: { path: { id } }, body }))
export const listKept = async (): Promise<Kept[]> => (await call(client.GET('/api/v1/me/knowledge'))).items
