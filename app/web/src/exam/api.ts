// The calls of the taker.
import { call, client } from '@/api/client'
import type { AttemptState, SaveResult, Sheet } from '@/api/types'
import type { Entry } from './queue'

export interface ClockAnswer {
  server_time: string
  state: AttemptState
  deadline?: string
  grace_end?: string
  active_session: boolean
  notice?: string
}

export interface Submitted {
  state: AttemptState
  ended_at: string
  receipt: string
  answered: number
  unanswered: number
  results_at?: string
}

const path = (id: string) => ({ params: { path: { id } } })

export const getSheet = (id: string): Promise<Sheet> => call<Sheet>(client.GET('/api/v1/attempts/{id}', path(id)))
export const viewSheet = (id: string): Promise<Sheet> => call<Sheet>(client.GET('/api/v1/attempts/{id}', { params: { path: { id }, query: { view: 1 } } }))
export const takeOver = (id: string): Promise<Sheet> => call<Sheet>(client.POST('/api/v1/attempts/{id}/takeover', path(id)))
export const getClock = (id: string): Promise<ClockAnswer> => call<ClockAnswer>(client.GET('/api/v1/attempts/{id}/clock', path(id)))

export const saveAnswers = (id: string, session: string, entries: readonly Entry[]): Promise<SaveResult> =>
  call<SaveResult>(
    client.POST('/api/v1/attempts/{id}/answers', {
      ...path(id),
      body: { session, answers: entries.map(({ client_seq, slot, response, client_at }) => ({ client_seq, slot, response, client_at })) },
    }),
  )

/** Handing in twice with the same key is one hand-in. */
export const submitAttempt = (id: string, session: string): Promise<Submitted> =>
  call<Submitted>(client.POST('/api/v1/attempts/{id}/submit', { params: { path: { id }, header: { 'Idempotency-Key': `submit:${id}` } }, body: { session } }))
