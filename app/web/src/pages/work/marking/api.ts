// The calls of evaluators: results, statistics, the marking queue, answer sheets.
import type { MediaLinks } from '@/exam/media'
import { call, client } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { components } from '@/api/schema'
import type { AnswerResponse, AttemptState, Instant, Item, Lacking, ReviewItem, RubricJudgement, RubricLine } from '@/api/types'
import type { Page } from '../bank/api'
import type { Kind } from '../bank/content'
import { getQuiz, type QuizShown } from '../quiz/api'

export interface MarkingQuiz extends QuizShown {
  org_name: string
  /** false: of an organisation above; only results of one's own members are told */
  own?: boolean
}

export interface ResultRow {
  /** it has a score that is not released, and not told */
  veiled?: boolean
  member_id: string
  name: string
  org_id: string
  org_name: string
  due: boolean
  attempts: number
  state: string
  score?: number
  percent?: number
  passed?: boolean
  pending: boolean
  attempt_id?: string
  late: number
  /** what a make-up said, where there is one for the member */
  made_up?: { quiz_id: string; title: string; state: string; percent?: number; passed?: boolean; pending: boolean }
  /** with the make-ups */
  final: 'passed' | 'made_up' | 'failed' | 'absent' | 'pending'
}

export interface QueueItem {
  media?: MediaLinks
  question_id: string
  stem: string
  /** of the material that it belongs to */
  passage?: string
  kind: Kind
  model: string
  rubric?: Item['rubric']
  /** key points of a short answer */
  key?: { text: string; share: number }[]
  points: number
  pending: number
  marked: number
  /** by the product */
  auto?: number
  /** of the pending, in the hands of others */
  claimed: number
  /** several evaluators may mark an answer */
  second?: boolean
  /** of the pending, that one has marked oneself and others mark too */
  rated?: number
  /** too few may mark: some answers wait for ever */
  lacking?: Lacking
}

/** What the evaluator holds of a question in a tab, until the lease ends. */
export interface Claimed {
  items: QueueAnswer[]
  until: Instant
  /** how many are in other tabs of the evaluator */
  elsewhere: number
  /** how many are in whose hands */
  others: { name: string; answers: number }[]
}

/** what the analysis of answers makes of one; it marks nothing */
export type Suggestion = components['schemas']['ExamSuggestion']

export interface QueueAnswer {
  /** of short answers */
  suggested?: Suggestion
  attempt_key: string
  slot: number
  points: number
  response: AnswerResponse
  /** links of the files of the response */
  media?: MediaLinks
  /** came late and was admitted */
  admitted: boolean
  mark?: number
  /** which mark it is: who changes it has seen it */
  seen?: number
  /** the mark is the product's, for what is suggested */
  auto?: boolean
  comment?: string
  /** criterion by criterion, of an item that is marked along a rubric */
  rubric?: RubricLine[]
}

/** The mark that stands, which was not seen (mark.unseen). */
export type Unseen = Required<Pick<QueueAnswer, 'mark' | 'seen' | 'comment'>> & Pick<QueueAnswer, 'rubric'> & { /** given by oneself, in another window */ own: boolean }

export interface LateAnswer {
  seq: number
  slot: number
  at: Instant
  response?: AnswerResponse
  admitted: boolean
  reason?: string
}

export interface SheetStep {
  seq: number
  kind: string
  at: Instant
  slot?: number
  late?: boolean
  by?: string
  /** points, of a mark */
  mark?: number
  /** of the account that did it */
  name?: string
  note?: string
  device?: string
  /** of signals and limits: which, its value, what followed */
  signal?: string
  value?: number
  act?: string
}

/** A mark of an item; round 0 is the one that counts. */
export interface MarkRound {
  slot: number
  round: number
  at: Instant
  name?: string
  mark: number
  comment?: string
  /** given on an upheld appeal */
  appeal?: boolean
  /** another has taken its place */
  before?: boolean
  /** criterion by criterion, where it was given along a rubric */
  rubric?: RubricLine[]
}

export interface AnswerSheet {
  /** scores are not released, and are told only to those who mark or release */
  veiled?: boolean
  media?: MediaLinks
  attempt_id: string
  quiz_id: string
  title: string
  member_id: string
  name: string
  org_name: string
  number: number
  state: AttemptState
  ending?: AttemptState
  started_at: Instant
  ended_at?: Instant
  total?: { score: number; points: number; percent: number; passed: boolean }
  sections: { id: string; title: string; from: number; to: number }[]
  items: ReviewItem[]
  late: LateAnswer[]
  steps: SheetStep[]
  /** the marks that evaluators gave, by item */
  rounds?: MarkRound[]
}

export const listForMarking = (query: { limit?: number; after?: string }): Promise<Page<MarkingQuiz>> =>
  call(client.GET('/api/v1/quizzes', { params: { query: { for: 'marking', ...query } } })) as Promise<Page<MarkingQuiz>>
/** A quiz as its results are looked at: where it is an organisation's above, as it stands in the list. */
export async function getOutcome(id: string): Promise<MarkingQuiz> {
  try {
    return (await getQuiz(id)) as MarkingQuiz
  } catch (cause) {
    const above = asProblem(cause).status === 404 ? (await listForMarking({})).items.find((one) => one.id === id) : undefined
    if (!above) throw cause
    return above
  }
}
export const listResults = (id: string, query: { org?: string; state?: string; q?: string; limit?: number; after?: string }): Promise<Page<ResultRow>> =>
  call(client.GET('/api/v1/quizzes/{id}/results', { params: { path: { id }, query } })) as Promise<Page<ResultRow>>
export const getQueue = async (id: string): Promise<QueueItem[]> => (await (call(client.GET('/api/v1/quizzes/{id}/queue', { params: { path: { id } } })) as Promise<Page<QueueItem>>)).items ?? []
export const listAnswers = (id: string, question: string, query: { state?: 'pending' | 'marked' | 'auto'; limit?: number; after?: string }): Promise<Page<QueueAnswer>> =>
  call(client.GET('/api/v1/quizzes/{id}/queue/{question}', { params: { path: { id, question }, query } })) as Promise<Page<QueueAnswer>>
/** Takes answers in hand until there are `most`, and renews those that are; with a round those alone that wait for its mark. `take` brings what other tabs hold. */
export const claimAnswers = (id: string, question: string, body: { most: number; round?: number; tab: string; take?: boolean }): Promise<Claimed> =>
  call(client.POST('/api/v1/quizzes/{id}/queue/{question}/claim', { params: { path: { id, question } }, body })) as Promise<Claimed>
export const giveBack = (id: string, question: string, tab: string): Promise<void> => call(client.DELETE('/api/v1/quizzes/{id}/queue/{question}/claim', { params: { path: { id, question }, query: { tab } } })) as Promise<void>
export const saveMark = (id: string, body: { attempt_key: string; slot: number; mark: number; comment: string; tab: string; seen?: number; revise?: boolean; rubric?: RubricJudgement[] }): Promise<{ seen: number }> =>
  call(client.POST('/api/v1/quizzes/{id}/marks', { params: { path: { id } }, body })) as Promise<{ seen: number }>
export const getSheet = (id: string, attempt: string): Promise<AnswerSheet> =>
  call(client.GET('/api/v1/quizzes/{id}/answer-sheets/{attempt}', { params: { path: { id, attempt } } })) as Promise<AnswerSheet>
export const admitLate = (attempt: string, seq: number, reason: string): Promise<unknown> =>
  call(client.POST('/api/v1/attempts/{id}/admit', { params: { path: { id: attempt } }, body: { seq, reason } }))
export const voidAttempt = (attempt: string, reason: string): Promise<unknown> =>
  call(client.POST('/api/v1/attempts/{id}/void', { params: { path: { id: attempt } }, body: { reason } }))
