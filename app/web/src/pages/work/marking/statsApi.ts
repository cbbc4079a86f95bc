// The calls about statistics: figures of a quiz and of its items, topics, flags of items.
import { call, client } from '@/api/client'
import type { Instant } from '@/api/types'
import type { Page } from '../bank/api'
import type { Kind } from '../bank/content'

export const ways = ['first', 'best', 'last', 'all'] as const
export type Which = (typeof ways)[number]
export type Flag = 'negative' | 'too_hard' | 'too_easy' | 'distractor'
/** by thirds of the totals, the lowest first */
export type Thirds = [number, number, number]
export interface Times {
  n: number
  lower: number
  median: number
  upper: number
}

export interface QuizFigures {
  n: number
  points: number
  mean: number | null
  median: number | null
  sd: number | null
  skewness: number | null
  kurtosis: number | null
  cic: number | null
  error_ratio: number | null
  standard_error: number | null
  time?: Times
}

export interface Choice {
  label: string
  text: string
  right: boolean
  chosen: Thirds
}

export interface ItemFigures {
  question_id: string
  version: string
  number: number
  /** version whose key marks it, where a regrade put another */
  key?: number
  /** everybody earns it, by a regrade */
  given?: boolean
  /** number in the paper, where everybody has the same */
  slot?: number
  stem: string
  kind: Kind
  n: number
  answered: number
  paired: number
  max: number
  facility: number | null
  sd: number | null
  random_guess: number | null
  effective_weight: number | null
  covariance: number | null
  mark_variance: number | null
  other_mark_variance: number | null
  discrimination_index: number | null
  covariance_max: number | null
  discriminative_efficiency: number | null
  choices?: { takers: Thirds; none: Thirds; options: Choice[] }
  time?: Times
  flags: Flag[]
  hidden?: boolean
}

export interface OrgCount {
  org_id: string
  name: string
  parent_id?: string
  due: number
  taken: number
  marked?: number
  /** due, without an attempt, and may still come */
  not_yet: number
  absent: number
  passed: number
  /** passed by a make-up, and not before */
  made_up: number
  mean?: number
  /** fewer people than may be told; of few_marked the same of those with a score */
  hidden?: boolean
  few_marked?: boolean
}

export interface Statistics {
  due: number
  taken: number
  /** attempts with a final score, of those taken */
  marked?: number
  /** of those taken: not released, and not told; figures of scores are without them */
  unreleased?: number
  /** due, without an attempt, and may still come */
  not_yet: number
  absent: number
  passed: number
  made_up: number
  by_org: OrgCount[] | null
  distribution: { from: number; to: number; count: number }[] | null
  mean?: number
  median?: number
  max?: number
  min?: number
  attempts: Which
  quiz: QuizFigures
  items: ItemFigures[] | null
  hidden?: boolean
  few_marked?: boolean
}

export interface Topic {
  id: string
  name: string
  items: number
  n: number
  share?: number
}
export interface Mastery {
  topics: Topic[]
  by_org: { org_id: string; name: string; parent_id: string; n: number; shares: (number | null)[]; hidden?: boolean }[]
  hidden?: boolean
}
export interface MasteryRow {
  member_id: string
  name: string
  org_name: string
  percent?: number
  shares: (number | null)[]
}

export interface ItemFlag {
  id: string
  quiz_id: string
  quiz_title: string
  question_id: string
  version: string
  number: number
  latest: number
  flag: Flag
  state: 'open' | 'handled' | 'dismissed' | 'cleared'
  raised_at: Instant
  n: number
  facility?: number
  discrimination?: number
  wrong?: string
  wrong_n?: number
  right_n?: number
  notes: { state: string; note?: string; by: string; at: Instant; n: number }[]
  stem: string
  kind: Kind
  mine: boolean
}

const asked = (org?: string, attempts?: string) => ({ org: org || undefined, attempts: (attempts || undefined) as Which | undefined })

export const getStatistics = (id: string, org?: string, attempts?: string): Promise<Statistics> =>
  call(client.GET('/api/v1/quizzes/{id}/statistics', { params: { path: { id }, query: asked(org, attempts) } })) as Promise<Statistics>
export const getMastery = (id: string, org?: string, attempts?: string): Promise<Mastery> =>
  call(client.GET('/api/v1/quizzes/{id}/mastery', { params: { path: { id }, query: asked(org, attempts) } })) as Promise<Mastery>
export const listMastery = (id: string, query: { org?: string; attempts?: string; limit?: number; after?: string }): Promise<{ topics: Topic[]; items: MasteryRow[]; next?: string }> =>
  call(client.GET('/api/v1/quizzes/{id}/mastery/members', { params: { path: { id }, query: { ...asked(query.org, query.attempts), limit: query.limit, after: query.after } } })) as Promise<{ topics: Topic[]; items: MasteryRow[]; next?: string }>
export const listFlags = (query: { state?: 'open' | 'closed'; mine?: boolean; question?: string; org?: string; limit?: number; after?: string }): Promise<Page<ItemFlag>> =>
  call(client.GET('/api/v1/question-flags', { params: { query } })) as Promise<Page<ItemFlag>>
export const decideFlag = (id: string, state: 'open' | 'handled' | 'dismissed', note: string): Promise<unknown> =>
  call(client.POST('/api/v1/question-flags/{id}', { params: { path: { id } }, body: note ? { state, note } : { state } }))
