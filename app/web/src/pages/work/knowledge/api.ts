// The desk's calls and documents, as pages use them.
import { call, client, ifMatch } from '@/api/client'
import type { components } from '@/api/schema'
import type { Page } from '@/components/table'

type Schemas = components['schemas']
export type Article = Schemas['ArticleRecord']
export type Row = Schemas['ArticleRow']
export type Content = Schemas['KnowledgeContent']
export type Version = Schemas['ArticleVersion']
export type Preview = Schemas['ArticlePreview']
export type Takedown = Schemas['TakedownRow']
export type Category = Schemas['CategoryShown']
export type Word = Schemas['WordShown']
export type WordEdit = Schemas['WordEdit']
export type Hit = Schemas['WordlistHit']
export type Status = Article['status']
export type Step = Article['steps'][number]
export type MediaLinks = Article['media']

export const statuses: Status[] = ['draft', 'review', 'scheduled', 'published', 'withdrawn']

export interface Filter {
  org?: string
  q?: string
  category?: string
  kind?: string
  status?: string
  tag?: string
  waiting?: boolean
  mine?: boolean
  taken_down?: boolean
  once?: boolean
  limit?: number
  after?: string
}

const at = (id: string, rev: number) => ({ path: { id }, header: { 'If-Match': ifMatch(rev) } })

export const listArticles = ({ kind, status, ...query }: Filter): Promise<Page<Row>> =>
  call(client.GET('/api/v1/articles', { params: { query: { ...query, kind: kind ? [kind] : undefined, status: status ? [status] : undefined } } }))
export const getArticle = (id: string): Promise<Article> => call(client.GET('/api/v1/articles/{id}', { params: { path: { id } } }))
export const createArticle = (content: Content, orgId?: string): Promise<Article> => call(client.POST('/api/v1/articles', { body: { content, org_id: orgId } }))
export const saveArticle = (id: string, rev: number, content: Content): Promise<Article> => call(client.PUT('/api/v1/articles/{id}', { params: at(id, rev), body: { content } }))
export const removeArticle = (id: string): Promise<unknown> => call(client.DELETE('/api/v1/articles/{id}', { params: { path: { id } } }))
export const previewText = (body: string): Promise<Preview> => call(client.POST('/api/v1/articles/preview', { body: { body } }))
/** Tells that an editor is open or closes; gives the others who have one open. */
export const editingArticle = async (id: string, leaving: boolean) => (await call(client.POST('/api/v1/articles/{id}/editing', { params: { path: { id } }, body: { leaving } }))).items

export interface Order {
  note?: string
  /** when it is to be published; absent = once it is approved */
  publish_at?: string
}
/** Does a step of an author or a reviewer, on the revision that was seen. */
export function takeStep(id: string, rev: number, step: Step, order: Order = {}): Promise<Article> {
  const { note } = order
  const params = at(id, rev)
  switch (step) {
    case 'hand_in':
      return call(client.POST('/api/v1/articles/{id}/hand-in', { params, body: order }))
    case 'approve':
      return call(client.POST('/api/v1/articles/{id}/approve', { params, body: order }))
    case 'recall':
      return call(client.POST('/api/v1/articles/{id}/recall', { params, body: { note } }))
    case 'discard':
      return call(client.POST('/api/v1/articles/{id}/discard', { params, body: { note } }))
    case 'return':
      return call(client.POST('/api/v1/articles/{id}/return', { params, body: { note } }))
    case 'withdraw':
      return call(client.POST('/api/v1/articles/{id}/withdraw', { params, body: { note } }))
  }
}

export const listVersions = async (id: string): Promise<Version[]> => (await call(client.GET('/api/v1/articles/{id}/versions', { params: { path: { id } } }))).items
export const getVersion = (id: string, number: number): Promise<Version> => call(client.GET('/api/v1/articles/{id}/versions/{number}', { params: { path: { id, number } } }))
export const restoreVersion = (id: string, rev: number, number: number): Promise<Article> =>
  call(client.POST('/api/v1/articles/{id}/versions/{number}/restore', { params: { path: { id, number }, header: { 'If-Match': ifMatch(rev) } } }))

export type Asked = Schemas['AskedRow']
export type Confirmations = Schemas['ArticleConfirmations']
export type Confirmation = Confirmations['items'][number]
export type ConfirmationState = '' | 'done' | 'missing' | 'others'
export const listAsked = async (org?: string): Promise<Asked[]> => (await call(client.GET('/api/v1/articles/confirmations', { params: { query: { org } } }))).items
export const listConfirmations = (id: string, query: { org?: string; state?: ConfirmationState; after?: string; limit?: number } = {}): Promise<Confirmations> => call(client.GET('/api/v1/articles/{id}/confirmations', { params: { path: { id }, query } }))
/** Reminds those who are yet to confirm: all within the organisation, or only these members. */
export const remindReaders = (id: string, body: { org?: string; members?: string[] }) => call(client.POST('/api/v1/articles/{id}/confirmations/remind', { params: { path: { id } }, body }))
export type CommentRow = Schemas['CommentRow']
export type CommentState = 'waiting' | 'passed' | 'refused' | 'hidden'
export type CommentStep = 'pass' | 'refuse' | 'hide'
export const listReviewed = (query: { state?: CommentState; org?: string; article?: string; after?: string }): Promise<Page<CommentRow>> => call(client.GET('/api/v1/comments', { params: { query: { ...query, limit: 50 } } }))
/** Does a step with several comments; those that the rules refuse are named. */
export const decideComments = (ids: string[], step: CommentStep, reason?: string) => call(client.POST('/api/v1/comments/decide', { body: { ids, step, reason } }))

export type ReportRow = Schemas['ReportRow']
export const listReports = (query: { handled?: boolean; org?: string; article?: string; after?: string }): Promise<Page<ReportRow>> => call(client.GET('/api/v1/reports', { params: { query: { ...query, limit: 50 } } }))
export interface Handling {
  outcome: 'upheld' | 'rejected'
  note: string
  take_down?: boolean
}
/** Closes several reports; those that the rules refuse are named. */
export const handleReports = (ids: string[], handling: Handling) => call(client.POST('/api/v1/reports/handle', { body: { ids, ...handling } }))

export type Share = Schemas['ArticleShare']
export type ShareEdit = Pick<Share, 'down' | 'peers' | 'up' | 'orgs'>
export type Received = Schemas['ReceivedRow']
export type Offer = Schemas['SharedArticle']
export const getShare = (id: string): Promise<Share> => call(client.GET('/api/v1/articles/{id}/share', { params: { path: { id } } }))
/** Says with whom an article is shared; with nobody: no more. */
export const putShare = (id: string, body: ShareEdit): Promise<Share> => call(client.PUT('/api/v1/articles/{id}/share', { params: { path: { id } }, body }))
export const listReceived = async (org?: string): Promise<Received[]> => (await call(client.GET('/api/v1/shares', { params: { query: { org } } }))).items
export const readOffer = (id: string, org?: string): Promise<Offer> => call(client.GET('/api/v1/shares/{id}', { params: { path: { id }, query: { org } } }))
export const takeOver = (id: string, auto: boolean, orgId?: string): Promise<Article> => call(client.POST('/api/v1/shares/{id}/take', { params: { path: { id } }, body: { org_id: orgId, auto } }))
/** Brings the source's newer version into the draft of a copy. */
export const adoptSource = (id: string, rev: number): Promise<Article> => call(client.POST('/api/v1/articles/{id}/adopt', { params: at(id, rev) }))
export const setFollowing = (id: string, auto: boolean): Promise<Article> => call(client.PUT('/api/v1/articles/{id}/following', { params: { path: { id } }, body: { auto } }))

export const listTakedowns = (org?: string, after?: string): Promise<Page<Takedown>> => call(client.GET('/api/v1/articles/takedowns', { params: { query: { org, after, limit: 50 } } }))

export const listCategories = async (org?: string): Promise<Category[]> => (await call(client.GET('/api/v1/article-categories', { params: { query: { org } } }))).items
export const createCategory = (name: string, parentId: string, order: number, orgId?: string) =>
  call(client.POST('/api/v1/article-categories', { body: { name, order, parent_id: parentId || undefined, org_id: orgId } }))
export const saveCategory = (c: Pick<Category, 'id' | 'org_id' | 'name' | 'parent_id' | 'order'>) =>
  call(client.PUT('/api/v1/article-categories/{id}', { params: { path: { id: c.id } }, body: { org_id: c.org_id, name: c.name, parent_id: c.parent_id || undefined, order: c.order } }))
export const removeCategory = (id: string, org: string) => call(client.DELETE('/api/v1/article-categories/{id}', { params: { path: { id }, query: { org } } }))

export const listWords = async (org?: string): Promise<Word[]> => (await call(client.GET('/api/v1/wordlist', { params: { query: { org } } }))).items
export const addWord = (edit: WordEdit) => call(client.POST('/api/v1/wordlist', { body: edit }))
export const changeWord = (id: string, edit: WordEdit) => call(client.PUT('/api/v1/wordlist/{id}', { params: { path: { id } }, body: edit }))
export const removeWord = (id: string, org: string) => call(client.DELETE('/api/v1/wordlist/{id}', { params: { path: { id }, query: { org } } }))
export const checkWords = async (content: Content, orgId?: string): Promise<Hit[]> => (await call(client.POST('/api/v1/wordlist/check', { body: { content, org_id: orgId } }))).items
