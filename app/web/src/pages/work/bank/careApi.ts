// The calls that care for the whole bank: tags, bulk edits, what expires, where a question is used, merging categories.
import { call, client, ifMatch } from '@/api/client'
import type { Flag } from '../marking/statsApi'
import type { Filter, Page } from './api'

export interface Tag {
  tag: string
  count: number
}
export const listTags = async (org?: string): Promise<Tag[]> => (await (call(client.GET('/api/v1/questions/tags', { params: { query: { org } } })) as Promise<Page<Tag>>)).items ?? []

export interface Validity {
  today: string
  expired: number
  within_30: number
  within_90: number
  dated: number
  to_check: number
  bases: { basis: string; count: number }[]
}
export const getValidity = (org?: string): Promise<Validity> => call(client.GET('/api/v1/questions/validity', { params: { query: { org } } })) as Promise<Validity>

export interface Use {
  quiz_id: string
  title: string
  status: string
  fixed: boolean
  published_at?: string
  opens?: string
  closes?: string
  versions: number[]
  n: number
  facility?: number
  answered?: number
}
/** How a version did over the quizzes that are counted: correlations are means by attempts. */
export interface VersionFigures {
  number: number
  quizzes: number
  n: number
  facility: number | null
  discrimination: number | null
  efficiency: number | null
  seconds: number | null
  flags: Flag[]
}
export const getUsage = (id: string): Promise<{ quizzes: Use[]; hidden: number; versions: VersionFigures[] }> =>
  call(client.GET('/api/v1/questions/{id}/usage', { params: { path: { id } } })) as Promise<{ quizzes: Use[]; hidden: number; versions: VersionFigures[] }>

/** What a bulk edit does; what is absent stays. */
export interface BulkChange {
  category?: string
  tags?: string[]
  add_tags?: string[]
  drop_tags?: string[]
  rename_to?: string
  difficulty?: number
  source?: string
  points?: number
  valid_until?: string
  basis?: string
  to_check?: boolean
  replace?: { find: string; with: string; match_case?: boolean; in: ('stem' | 'options' | 'explanation' | 'source')[] }
}
/** These questions, or all that a filter gives. */
export interface Pick {
  ids?: string[]
  filter?: Filter
  /** of the preview: what was changed later is left alone */
  as_of?: string
}
export interface Refused {
  id: string
  code: string
  stem?: string
}
export interface EditLine {
  id: string
  stem: string
  parts: { part: string; before: string; after: string }[]
}
export interface EditPreview {
  as_of: string
  total: number
  changed: number
  unchanged: number
  reopened: number
  refused: Refused[]
  refused_count: number
  lines: EditLine[]
}
export interface EditBatch {
  state: 'running' | 'done' | 'undoing' | 'undone'
  all: number
  seen: number
  changed: number
  refused: Refused[]
  refused_count: number
  restored: number
  kept: Refused[]
}

const picked = ({ ids, filter, as_of }: Pick) => {
  if (ids || !filter) return { ids, as_of }
  const list = (text?: string) => (text ? text.split(',') : undefined)
  return { filter: { ...filter, kind: list(filter.kind), status: list(filter.status), tag: list(filter.tag) }, as_of }
}
export const previewEdit = (pick: Pick, change: BulkChange): Promise<EditPreview> =>
  call(client.POST('/api/v1/questions/edits/preview', { body: { ...picked(pick), change } })) as Promise<EditPreview>
export const applyEdit = (id: string, pick: Pick, change: BulkChange, note: string): Promise<EditBatch> =>
  call(client.POST('/api/v1/questions/edits', { body: { id, ...picked(pick), change, ...(note ? { note } : {}) } })) as Promise<EditBatch>
export const getEdit = (id: string): Promise<EditBatch> => call(client.GET('/api/v1/questions/edits/{id}', { params: { path: { id } } })) as Promise<EditBatch>
export const undoEdit = (id: string): Promise<EditBatch> => call(client.POST('/api/v1/questions/edits/{id}/undo', { params: { path: { id } } })) as Promise<EditBatch>

export interface Plan {
  questions: number
  categories: number
  same: string[]
  quizzes: number
}
export const planCategory = (id: string, to: string, merge: boolean): Promise<Plan> =>
  call(client.GET('/api/v1/categories/{id}/plan', { params: { path: { id }, query: { to, merge } } })) as Promise<Plan>
export const mergeCategory = (id: string, rev: number, into: string): Promise<unknown> =>
  call(client.POST('/api/v1/categories/{id}/merge', { params: { path: { id }, header: { 'If-Match': ifMatch(rev) } }, body: { into } }))
