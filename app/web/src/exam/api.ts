// The calls of the taker.
import { call, client, upload } from '@/api/client'
import type { Attached, Checked, ClockAnswer, SaveResult, Sheet, Submitted } from '@/api/types'
import type { Entry } from './queue'

const path = (id: string) => ({ params: { path: { id } } })

export const getSheet = (id: string): Promise<Sheet> => call(client.GET('/api/v1/attempts/{id}', path(id)))
export const takeOver = (id: string): Promise<Sheet> => call(client.POST('/api/v1/attempts/{id}/takeover', path(id)))
export const getClock = (id: string): Promise<ClockAnswer> => call(client.GET('/api/v1/attempts/{id}/clock', path(id)))

export const saveAnswers = (id: string, session: string, entries: readonly Entry[]): Promise<SaveResult> =>
  call(
    client.POST('/api/v1/attempts/{id}/answers', {
      ...path(id),
      body: { session, answers: entries.map(({ client_seq, slot, section, response, client_at }) => ({ client_seq, slot, ...(section ? { section } : {}), response, client_at })) },
    }),
  )

/** The last receipt of the server, '' when it cannot be had now. */
export const lastReceipt = (id: string): Promise<string> =>
  call(client.GET('/api/v1/attempts/{id}/receipts', path(id))).then(
    (chain) => chain.steps.at(-1)?.receipt ?? '',
    () => '',
  )

/** Handing in twice with the same key is one hand-in. */
export const submitAttempt = (id: string, session: string): Promise<Submitted> =>
  call(client.POST('/api/v1/attempts/{id}/submit', { params: { path: { id }, header: { 'Idempotency-Key': `submit:${id}` } }, body: { session } }))

/** Asks how the answer to a slot went. */
export const checkItem = (id: string, session: string, slot: number): Promise<Checked> => call(client.POST('/api/v1/attempts/{id}/check', { ...path(id), body: { session, slot } }))

/** Uploads a file that an answer to the slot may then name. */
export function attachFile(id: string, session: string, slot: number, file: File): Promise<Attached> {
  const form = new FormData()
  form.append('file', file)
  form.append('session', session)
  form.append('slot', String(slot))
  return upload<Attached>(`/api/v1/attempts/${encodeURIComponent(id)}/files`, form)
}
