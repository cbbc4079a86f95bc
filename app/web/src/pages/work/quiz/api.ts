// The calls of quizzes, as their authors use them.
import { call, client, ifMatch } from '@/api/client'
import type { Lacking, Sheet } from '@/api/types'
import type { Page } from '../bank/api'
import type { Quiz, QuizEdit, QuizStatus } from './model'

export interface QuizRow extends Quiz {
  org_name: string
}
/** once it was published: attempts with answers to mark, and those that are marked and not released */
/** With how many sheets wait for marks, are marked and not released, are released. */
export type QuizShown = Quiz & { pending?: number; graded?: number; released?: number }

export interface Shortage {
  /** from 1, within the quiz */
  section: number
  /** from 1, within the section */
  entry: number
  /** from 1, over the whole quiz */
  rule: number
  wanted: number
  /** left for this entry once those before it are filled */
  have: number
  /** what the bank holds for it alone */
  pool: number
  /** all that it may draw; above pool where questions exclude each other */
  found: number
}

export interface CheckResult {
  items: number
  /** where papers differ: items is the least */
  items_most?: number
  points: number
  shortages: Shortage[] | null
  errors: { path: string; key: string; params?: Record<string, unknown> }[] | null
  audience_count: number
  /** by section and entry: how many the rule leaves out because they have expired */
  expired: number[][]
  /** double marking wants more evaluators than there are */
  lacking?: Lacking
}

/** the time of an override without a limit */
export const never = '0001-01-01T00:00:00Z'

export interface Override {
  id?: string
  rev?: number
  member_id?: string
  org_id?: string
  opens?: string
  closes?: string
  limit?: number
  attempts?: number
  password?: string
  extra?: number
  reason?: string
  name?: string
}

export const listQuizzes = (query: { org?: string; status?: QuizStatus; q?: string; limit?: number; after?: string }): Promise<Page<QuizRow>> =>
  call(client.GET('/api/v1/quizzes', { params: { query } })) as Promise<Page<QuizRow>>
export const createQuiz = (title: string, orgId: string): Promise<Quiz> => call(client.POST('/api/v1/quizzes', { body: { title, org_id: orgId } })) as Promise<Quiz>
export const getQuiz = (id: string): Promise<QuizShown> => call(client.GET('/api/v1/quizzes/{id}', { params: { path: { id } } })) as Promise<QuizShown>
export const saveQuiz = (id: string, rev: number, edit: QuizEdit): Promise<Quiz> =>
  call(client.PUT('/api/v1/quizzes/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(rev) } }, body: edit })) as Promise<Quiz>
/** Tells that an editor of the quiz is open or closes; gives the others who have one open. */
export const editingQuiz = async (id: string, leaving: boolean) => (await call(client.POST('/api/v1/quizzes/{id}/editing', { params: { path: { id } }, body: { leaving } }))).items
/** Members by name, as far as who assembles an audience may know them: the beginning of a name, or these ids. */
export const findMembers = async (query: { q?: string; id?: string[] }) => (await call(client.GET('/api/v1/roster', { params: { query } }))).items
export const removeQuiz = (id: string): Promise<void> => call(client.DELETE('/api/v1/quizzes/{id}', { params: { path: { id } } })) as Promise<void>
/** What publishing would say, of what is on the screen or (without it) of what is kept. */
export const checkQuiz = (id: string, body?: QuizEdit): Promise<CheckResult> => call(client.POST('/api/v1/quizzes/{id}/check', { params: { path: { id } }, body })) as Promise<CheckResult>
/** How equal the papers would be, of what is on the screen. */
export const equalityOf = (id: string, body: QuizEdit) => call(client.POST('/api/v1/quizzes/{id}/equality', { params: { path: { id } }, body }))
export const publishQuiz = (id: string, rev: number): Promise<Quiz> => call(client.POST('/api/v1/quizzes/{id}/publish', { params: { path: { id }, header: { 'If-Match': ifMatch(rev) } } })) as Promise<Quiz>
export const closeQuiz = (id: string): Promise<Quiz> => call(client.POST('/api/v1/quizzes/{id}/close', { params: { path: { id } } })) as Promise<Quiz>
export const reopenQuiz = (id: string): Promise<Quiz> => call(client.POST('/api/v1/quizzes/{id}/reopen', { params: { path: { id } } })) as Promise<Quiz>
export const archiveQuiz = (id: string): Promise<Quiz> => call(client.POST('/api/v1/quizzes/{id}/archive', { params: { path: { id } } })) as Promise<Quiz>
export const previewQuiz = (id: string, seed: string): Promise<Sheet> => call(client.GET('/api/v1/quizzes/{id}/preview', { params: { path: { id }, query: { seed } } })) as Promise<Sheet>

export const listOverrides = async (id: string): Promise<Override[]> =>
  (await (call(client.GET('/api/v1/quizzes/{id}/overrides', { params: { path: { id } } })) as Promise<Page<Override>>)).items ?? []
export const saveOverride = (id: string, key: string, rev: number | undefined, body: Override): Promise<Override> =>
  call(client.PUT('/api/v1/quizzes/{id}/overrides/{key}', { params: { path: { id, key }, header: rev ? { 'If-Match': ifMatch(rev) } : {} }, body })) as Promise<Override>
export const removeOverride = (id: string, key: string): Promise<void> =>
  call(client.DELETE('/api/v1/quizzes/{id}/overrides/{key}', { params: { path: { id, key } } })) as Promise<void>
