// The bank's calls and documents, as pages use them.
import { call, client, ifMatch } from '@/api/client'
import type { components } from '@/api/schema'
import type { Item } from '@/api/types'
import type { MediaLinks } from '@/exam/media'
import type { Stock } from '../quiz/blueprint'
import type { Rule } from '../quiz/model'
import type { Content, Status } from './content'

export type { Item }
/** a place of the knowledge base that a question rests on */
export type Passage = components['schemas']['QuestionPassage']
export type Cited = components['schemas']['RestedUpon']

export interface Page<T> {
  items: T[]
  next?: string
  total?: number
}

export interface Question {
  id: string
  rev: number
  created_at: string
  updated_at: string
  org_id: string
  category_id: string
  category_path: string[]
  tags?: string[]
  status: Status
  number: number
  live: number
  content: Content
  author_id: string
  author_name?: string
  editor_name?: string
  reviewer_id?: string
  reviewer_name?: string
  batch_id?: string
  origin?: string
  uses: number
  /** the last day on which it holds, 2026-12-31 */
  valid_until?: string
  basis?: string
  passages?: Passage[]
  /** the articles of its passages that one may read */
  rests_on?: Cited[]
  to_check?: boolean
  /** of a draft: why it was returned */
  note?: string
  media?: MediaLinks
}

export interface Version {
  id: string
  number: number
  content: Content
  author_id: string
  author_name?: string
  note?: string
  created_at: string
}

export interface Category {
  id: string
  name: string
  parent_id: string
  path: string[]
  rev: number
  order: number
  count: number
  /** ids of categories that were merged into it */
  merged?: string[]
}

export interface Filter {
  org?: string
  category?: string
  kind?: string
  status?: Status
  difficulty_min?: number
  difficulty_max?: number
  /** several: separated by commas */
  tag?: string
  tag_any?: string[]
  q?: string
  batch?: string
  waiting?: boolean
  returned?: boolean
  expires_by?: string
  expires_from?: string
  basis?: string
  /** rests on a passage of this article */
  article?: string
  to_check?: boolean
  limit?: number
  after?: string
}

export interface Duplicate {
  id: string
  stem: string
  status: Status
  /** how like, 0..1; 1 = the same stem */
  score: number
  /** kind, stem, options, answer, explanation, source */
  differs: string[]
}

export interface Check {
  errors: { path: string; key: string; params?: Record<string, unknown> }[] | null
  duplicates: Duplicate[]
  similar: Duplicate[]
  preview: Item
  /** of the files that the content shows */
  media?: MediaLinks
  /** of a short answer without key points: proposed from its model answer */
  points: Content['points'] | null
}

export const listQuestions = ({ kind, status, tag, ...query }: Filter): Promise<Page<Question>> => {
  const lists = { kind: kind ? [kind] : undefined, status: status ? [status] : undefined, tag: tag ? tag.split(',') : undefined }
  return call(client.GET('/api/v1/questions', { params: { query: { ...query, ...lists } } })) as Promise<Page<Question>>
}
export const getQuestion = (id: string): Promise<Question> => call(client.GET('/api/v1/questions/{id}', { params: { path: { id } } })) as Promise<Question>
export const listVersions = (id: string): Promise<Page<Version>> => call(client.GET('/api/v1/questions/{id}/versions', { params: { path: { id } } })) as Promise<Page<Version>>
export const checkQuestion = (content: Content, exceptId?: string): Promise<Check> =>
  call(client.POST('/api/v1/questions/check', { body: { content, except_id: exceptId } })) as Promise<Check>
export const countQuestions = (rule: Rule, orgId?: string, except: string[] = []): Promise<{ count: number; expired: number }> =>
  call(client.POST('/api/v1/questions/count', { body: { rule, org_id: orgId, ...(except.length ? { except } : {}) } })) as Promise<{ count: number; expired: number }>

/** What the banks have of topics (each with its subtree), by kind and difficulty. */
export const getStock = (topics: readonly string[], orgId: string): Promise<Stock[]> =>
  call(client.POST('/api/v1/questions/table', { body: { topics: [...topics], rule: {}, org_id: orgId } })).then(({ cells }) => cells as Stock[])

export interface Edit {
  category_id: string
  tags: string[]
  content: Content
  valid_until?: string
  basis?: string
  passages?: Passage[]
  note?: string
}

export const createQuestion = (edit: Edit): Promise<Question> => call(client.POST('/api/v1/questions', { body: edit })) as Promise<Question>
export const saveQuestion = (id: string, rev: number, edit: Edit): Promise<Question> =>
  call(client.PUT('/api/v1/questions/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(rev) } }, body: edit })) as Promise<Question>
export const removeQuestion = (id: string): Promise<void> => call(client.DELETE('/api/v1/questions/{id}', { params: { path: { id } } })) as Promise<void>
export const setStatus = (id: string, to: Status, note = ''): Promise<Question> =>
  call(client.POST('/api/v1/questions/{id}/status', { params: { path: { id } }, body: { to, note } })) as Promise<Question>

/** What the owner of a bank decided. */
export const bankSettings = (orgId: string): Promise<{ own_items: boolean }> =>
  call(client.GET('/api/v1/banks/{id}/settings', { params: { path: { id: orgId } } })) as Promise<{ own_items: boolean }>

export interface Bulk {
  changed: number
  refused: { id: string; code: string }[] | null
}
export const setStatuses = (ids: string[], to: Status, note: string): Promise<Bulk> =>
  call(client.POST('/api/v1/questions/bulk', { body: { ids, to, ...(note ? { note } : {}) } })) as Promise<Bulk>

export const listCategories = async (): Promise<Category[]> => (await (call(client.GET('/api/v1/categories')) as Promise<Page<Category>>)).items ?? []
export const createCategory = (name: string, parentId: string, order: number): Promise<Omit<Category, 'count'>> =>
  call(client.POST('/api/v1/categories', { body: { name, parent_id: parentId, order } })) as Promise<Omit<Category, 'count'>>
export const changeCategory = (id: string, rev: number, part: { name?: string; parent_id?: string; order?: number }): Promise<Omit<Category, 'count'>> =>
  call(client.PATCH('/api/v1/categories/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(rev) } }, body: part })) as Promise<Omit<Category, 'count'>>
export const removeCategory = (id: string): Promise<void> => call(client.DELETE('/api/v1/categories/{id}', { params: { path: { id } } })) as Promise<void>

/** Tells that an editor of the question is open or closes; gives the others who have one open. */
export const editingQuestion = async (id: string, leaving: boolean) => (await call(client.POST('/api/v1/questions/{id}/editing', { params: { path: { id } }, body: { leaving } }))).items
