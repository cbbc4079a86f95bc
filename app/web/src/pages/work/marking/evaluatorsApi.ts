// The calls about evaluators: how far marking has come, how far those who mark agree.
import { call, client } from '@/api/client'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type Progress = Schemas['ExamProgress']
export type ItemProgress = Schemas['ExamItemProgress']
export type EvaluatorProgress = Schemas['ExamEvaluatorProgress']
export type Consistency = Schemas['ExamConsistency']
export type Agreement = Schemas['StatisticsAgreement']
export type Figure = Schemas['StatisticsFigure']
export type EvaluatorConsistency = Schemas['ExamEvaluatorConsistency']

export const getProgress = (id: string): Promise<Progress> => call(client.GET('/api/v1/quizzes/{id}/marking', { params: { path: { id } } })) as Promise<Progress>
export const getConsistency = (id: string): Promise<Consistency> => call(client.GET('/api/v1/quizzes/{id}/marking/consistency', { params: { path: { id } } })) as Promise<Consistency>
