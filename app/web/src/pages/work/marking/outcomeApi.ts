// The calls of what happens after marking: releases, appeals, regrades, certificates, make-up exams.
import { call, client } from '@/api/client'
import type { AppealLine, AppealSeen, Certificate, Correctable, Regrade, RegradePreview, ReleasePreview, ReleaseWave, RubricJudgement } from '@/api/types'

export type Way = 'key' | 'full' | 'drop'
export const ways: Way[] = ['key', 'full', 'drop']

export interface AppealQueue {
  items: AppealLine[]
  next?: string
  counts: Record<string, number>
}

type State = 'open' | 'upheld' | 'rejected' | 'withdrawn' | ''
export const listAppeals = (query: { state?: string; quiz?: string; limit?: number; after?: string }): Promise<AppealQueue> =>
  call(client.GET('/api/v1/appeals', { params: { query: { ...query, state: (query.state ?? '') as State } } }))
export const getAppeal = (id: string): Promise<AppealSeen> => call(client.GET('/api/v1/appeals/{id}', { params: { path: { id } } }))
export const answerAppeal = (id: string, text: string): Promise<unknown> => call(client.POST('/api/v1/appeals/{id}/messages', { params: { path: { id } }, body: { text } }))
export const decideAppeal = (id: string, body: { mark?: number; rubric?: RubricJudgement[]; reason: string; alone?: string }): Promise<unknown> =>
  call(client.POST('/api/v1/appeals/{id}/decision', { params: { path: { id } }, body }))

const of = (id: string) => ({ params: { path: { id } } })
export const listCorrectables = async (id: string, q?: string): Promise<Correctable[]> => (await call(client.GET('/api/v1/quizzes/{id}/correctables', { params: { path: { id }, query: { q: q || undefined } } }))).items
export const previewRegrade = (id: string, body: { question_id: string; way: Way }): Promise<RegradePreview> => call(client.POST('/api/v1/quizzes/{id}/regrades/preview', { ...of(id), body }))
export const askRegrade = (id: string, body: { question_id: string; way: Way; reason: string }): Promise<unknown> => call(client.POST('/api/v1/quizzes/{id}/regrades', { ...of(id), body }))
export const listRegrades = async (id: string): Promise<Regrade[]> => (await call(client.GET('/api/v1/quizzes/{id}/regrades', of(id)))).items
export const getRegrade = (id: string): Promise<Regrade> => call(client.GET('/api/v1/regrades/{id}', of(id)))
export const approveRegrade = (id: string, changed: number): Promise<unknown> => call(client.POST('/api/v1/regrades/{id}/approve', { ...of(id), body: { changed } }))
export const declineRegrade = (id: string, reason: string): Promise<unknown> => call(client.POST('/api/v1/regrades/{id}/decline', { ...of(id), body: { reason } }))
export const withdrawRegrade = (id: string): Promise<unknown> => call(client.POST('/api/v1/regrades/{id}/withdraw', of(id)))

export const listCertificates = async (id: string): Promise<Certificate[]> => (await call(client.GET('/api/v1/quizzes/{id}/certificates', of(id)))).items
export const issueCertificates = (id: string): Promise<{ valid: number }> => call(client.POST('/api/v1/quizzes/{id}/certificates', of(id)))
export const revokeCertificate = (id: string, reason: string): Promise<unknown> => call(client.POST('/api/v1/certificates/{id}/revoke', { ...of(id), body: { reason } }))
export const correctCertificate = (id: string, reason: string): Promise<Certificate> => call(client.POST('/api/v1/certificates/{id}/correct', { ...of(id), body: { reason } }))
export const makeMakeup = (id: string, title: string): Promise<{ id: string }> => call(client.POST('/api/v1/quizzes/{id}/makeup', { ...of(id), body: { title } }))

interface ReleaseWish {
  orgs?: string[]
  members?: string[]
  at?: string
}
export const previewRelease = (id: string, body: ReleaseWish): Promise<ReleasePreview> => call(client.POST('/api/v1/quizzes/{id}/releases/preview', { ...of(id), body }))
export const releaseQuiz = (id: string, body: ReleaseWish): Promise<ReleaseWave> => call(client.POST('/api/v1/quizzes/{id}/releases', { ...of(id), body }))
export const listReleases = async (id: string): Promise<ReleaseWave[]> => (await call(client.GET('/api/v1/quizzes/{id}/releases', of(id)))).items
export const cancelRelease = (id: string, release: string): Promise<ReleaseWave> => call(client.DELETE('/api/v1/quizzes/{id}/releases/{release}', { params: { path: { id, release } } }))
