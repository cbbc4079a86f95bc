// The calls of results on paper: the form with its members, one result, and workbooks in the wizard's shape.
import { call, client, download, ifMatch, saveFile, upload } from '@/api/client'
import { fieldText } from '@/api/problem'
import type { components } from '@/api/schema'
import type { Page } from '@/components/table'
import type { Batch } from '../components/importing'

export type PaperForm = components['schemas']['ExamPaperForm']
export type PaperRow = components['schemas']['ExamPaperRow']
export type PaperSlot = components['schemas']['ExamPaperSlot']
export type PaperResult = components['schemas']['ExamPaperResult']
export type PaperImport = components['schemas']['ExamPaperImport']

/** A workbook that was read, with those of whom nothing is entered. */
export type PaperBatch = Batch & { absent: number }

export const getForm = (id: string, query: { version?: number; org?: string; q?: string; limit?: number; after?: string }): Promise<PaperForm> =>
  call(client.GET('/api/v1/quizzes/{id}/paper-results', { params: { path: { id }, query } }))

/** Enters the result of that number, or corrects it: then `rev` is the revision that was seen. */
export const enter = (id: string, member: string, number: number, rev: number | undefined, body: PaperResult): Promise<PaperRow> =>
  call(client.PUT('/api/v1/quizzes/{id}/paper-results/{member}/{number}', { params: { path: { id, member, number }, header: rev === undefined ? {} : { 'If-Match': ifMatch(rev) } }, body }))

export async function saveTemplate(id: string, version: number, org: string): Promise<void> {
  const query = new URLSearchParams({ version: String(version), ...(org ? { org } : {}) })
  const file = await download(`/api/v1/quizzes/${encodeURIComponent(id)}/paper-results/template.xlsx?${query}`)
  saveFile(file.blob, file.name)
}

export function batchOf(one: PaperImport): PaperBatch {
  return {
    id: one.id,
    file: one.file,
    state: one.state,
    columns: [],
    mapping: {},
    rows: one.rows,
    fresh: one.state === 'previewed' || one.state === 'confirming' ? one.new : one.entered,
    duplicates: one.same,
    refused: one.errors,
    byKind: {},
    problems: one.problems.map((p) => ({ ...p, severity: 'error', message: fieldText(p.code, p.params) })),
    warnings: [],
    duplicateRows: [],
    createdAt: one.created_at,
    absent: one.absent,
  }
}

export async function sendWorkbook(quiz: string, version: number, file: File, satOn: string, progress: (share: number) => void, signal: AbortSignal): Promise<PaperBatch> {
  const form = new FormData()
  form.append('file', file)
  if (satOn) form.append('sat_on', satOn)
  form.append('version', String(version))
  return batchOf(await upload<PaperImport>(`/api/v1/quizzes/${encodeURIComponent(quiz)}/paper-imports`, form, progress, signal))
}
export const getImport = async (id: string): Promise<PaperBatch> => batchOf(await call(client.GET('/api/v1/paper-imports/{id}', { params: { path: { id } } })))
export const confirmImport = async (id: string): Promise<PaperBatch> => batchOf(await call(client.POST('/api/v1/paper-imports/{id}/confirm', { params: { path: { id } } })))
export async function undoImport(id: string): Promise<{ removed: number; kept: { id: string }[] }> {
  const done = await call(client.POST('/api/v1/paper-imports/{id}/undo', { params: { path: { id } } }))
  return { removed: done.removed, kept: done.kept.map((name) => ({ id: name })) }
}
export const listImports = (quiz: string): Promise<Page<PaperImport>> => call(client.GET('/api/v1/quizzes/{id}/paper-imports', { params: { path: { id: quiz } } }))
