// The calls of question imports, in the wizard's shape.
import { call, client, upload } from '@/api/client'
import { rowsOf, type Batch, type Column, type Progress, type RowProblem } from '../components/importing'
import type { MediaLinks } from '@/exam/media'
import type { Page } from './api'
import type { Content, Kind, Status } from './content'

export interface QuestionImport {
  id: string
  file: string
  format: string
  columns: Column[] | null
  mapping: Record<string, string> | null
  questions: number
  new: number
  duplicates: number
  by_kind: Partial<Record<Kind, number>> | null
  problems: RowProblem[] | null
  warnings?: RowProblem[] | null
  duplicate_rows?: Batch['duplicateRows'] | null
  state: string
  created_at?: string
}

export interface Neighbour {
  question_id: string
  status: Status
  content: Content
  /** kind, stem, options, answer, explanation, source */
  differs: string[] | null
}

export interface ImportItem {
  row: number
  sheet?: string
  category?: string[]
  tags?: string[]
  content: Content
  state: 'new' | 'duplicate' | 'problem'
  media?: MediaLinks
  /** questions of the bank that say the same, or nearly */
  neighbours?: Neighbour[]
}

export function batchOf(one: QuestionImport): Batch {
  const problems = one.problems ?? []
  const of = (severity: string) => problems.filter((p) => (p.severity ?? 'error') === severity)
  return {
    id: one.id,
    file: one.file,
    format: one.format,
    state: one.state,
    columns: one.columns ?? [],
    mapping: one.mapping ?? {},
    rows: one.questions,
    fresh: one.new,
    duplicates: one.duplicates,
    refused: rowsOf(of('error')),
    byKind: one.by_kind ?? {},
    problems: of('error'),
    warnings: [...of('warning'), ...(one.warnings ?? [])],
    duplicateRows: one.duplicate_rows ?? [],
    createdAt: one.created_at,
  }
}

export interface Options {
  category_id: string
  status: string
  format: string
}

export async function sendFile(file: File, options: Options, mapping: Record<string, string>, progress: (share: number) => void, signal: AbortSignal): Promise<Batch> {
  const form = new FormData()
  form.append('file', file)
  form.append('format', options.format)
  form.append('category_id', options.category_id)
  form.append('status', options.status)
  if (Object.keys(mapping).length) form.append('mapping', JSON.stringify(mapping))
  return batchOf(await upload<QuestionImport>('/api/v1/question-imports', form, progress, signal))
}
export const getImport = async (id: string): Promise<Batch> => batchOf(await (call(client.GET('/api/v1/question-imports/{id}', { params: { path: { id } } })) as Promise<QuestionImport>))
export const remapImport = async (id: string, mapping: Record<string, string>): Promise<Batch> =>
  batchOf(await (call(client.POST('/api/v1/question-imports/{id}/mapping', { params: { path: { id } }, body: { mapping } })) as Promise<QuestionImport>))
export const confirmImport = async (id: string): Promise<Batch> =>
  batchOf(await (call(client.POST('/api/v1/question-imports/{id}/confirm', { params: { path: { id } } })) as Promise<QuestionImport>))
export const undoImport = (id: string): Promise<{ removed: number; kept: { id: string; reason?: string; code?: string }[] }> =>
  call(client.POST('/api/v1/question-imports/{id}/undo', { params: { path: { id } } })) as Promise<{ removed: number; kept: { id: string; reason?: string; code?: string }[] }>
export const importProgress = (id: string): Promise<Progress> => call(client.GET('/api/v1/question-imports/{id}/progress', { params: { path: { id } } })) as Promise<Progress>
export const listImports = (after: string): Promise<Page<QuestionImport>> => call(client.GET('/api/v1/question-imports', { params: { query: { limit: 50, after: after || undefined } } })) as Promise<Page<QuestionImport>>
export const listImportItems = (id: string, after: string): Promise<Page<ImportItem>> =>
  call(client.GET('/api/v1/question-imports/{id}/items', { params: { path: { id }, query: { limit: 20, after: after || undefined } } })) as Promise<Page<ImportItem>>

/** What an export of these questions leaves behind; the first 2,000 of count. */
export const getExportNotes = (query: Record<string, string>): Promise<{ count: number; notes: RowProblem[] | null }> =>
  call(client.GET('/api/v1/questions/export/notes', { params: { query: query as never } })) as Promise<{ count: number; notes: RowProblem[] | null }>
