// The calls of member imports, in the wizard's shape.
import { call, client, upload } from '@/api/client'
import { t, te } from '@/i18n'
import type { Batch, RowProblem } from '../components/importing'
import type { Page } from '../bank/api'
import type { Member } from './api'

export interface MemberImport {
  id: string
  file: string
  state: string
  columns: string[] | null
  mapping: Record<string, string> | null
  rows: number
  new: number
  same: number
  errors: number
  warnings: number
  problems: { row: number; column: string; code: string; params?: Record<string, unknown>; warning?: boolean; message?: string }[] | null
  sample: Member[] | null
  imported: number
  removed: number
  created_at?: string
}

/** The sentence of a row's problem in the language of the page. */
export function problemSentence(p: { code: string; params?: Record<string, unknown>; message?: string }): string {
  if (p.message) return p.message
  const key = [`errors.field.${p.code}`, `errors.${p.code}`, `org.import.problem.${p.code}`].find((one) => te(one))
  const params = { ...p.params }
  // Fields that differ come by their names in the code.
  if (typeof params.fields === 'string') params.fields = params.fields.split(', ').map((name) => (te(`org.member.${name}`) ? t(`org.member.${name}`) : name)).join(t('work.import.comma'))
  return key ? t(key, params) : t('errors.field.invalid')
}

export type MemberBatch = Batch & { sample: Member[] }

/** Rows that were not taken: each row is new, on file already, or refused. The server's own count is of problems, of which a row may have several. */
export const refusedRows = (one: MemberImport): number => Math.max(0, one.rows - freshRows(one) - one.same)
const freshRows = (one: MemberImport): number => (one.state === 'confirmed' || one.state === 'undone' ? one.imported : one.new)

export function batchOf(one: MemberImport): MemberBatch {
  const problems: RowProblem[] = (one.problems ?? []).map((p) => ({ row: p.row, column: p.column, code: p.code, params: p.params, severity: p.warning ? 'warning' : 'error', message: problemSentence(p) }))
  return {
    id: one.id,
    file: one.file,
    state: one.state,
    columns: (one.columns ?? []).map((heading, index) => ({ index, heading, field: one.mapping?.[heading] ?? '' })),
    mapping: one.mapping ?? {},
    rows: one.rows,
    fresh: freshRows(one),
    duplicates: one.same,
    refused: refusedRows(one),
    byKind: {},
    problems: problems.filter((p) => p.severity === 'error'),
    warnings: problems.filter((p) => p.severity === 'warning'),
    duplicateRows: [],
    createdAt: one.created_at,
    sample: one.sample ?? [],
  }
}

export async function sendFile(file: File, orgId: string, mapping: Record<string, string>, progress: (share: number) => void, signal: AbortSignal): Promise<MemberBatch> {
  const form = new FormData()
  form.append('file', file)
  if (orgId) form.append('org_id', orgId)
  if (Object.keys(mapping).length) form.append('mapping', JSON.stringify(mapping))
  return batchOf(await upload<MemberImport>('/api/v1/member-imports', form, progress, signal))
}
export const getImport = async (id: string): Promise<MemberBatch> => batchOf(await (call(client.GET('/api/v1/member-imports/{id}', { params: { path: { id } } })) as Promise<MemberImport>))
export const confirmImport = async (id: string): Promise<MemberBatch> => batchOf(await (call(client.POST('/api/v1/member-imports/{id}/confirm', { params: { path: { id } } })) as Promise<MemberImport>))
export async function undoImport(id: string): Promise<{ removed: number; kept: { id: string; name?: string; reason?: string }[] }> {
  const done = await call(client.POST('/api/v1/member-imports/{id}/undo', { params: { path: { id } } }))
  return { removed: done.import.removed, kept: done.kept ?? [] }
}
export const listImports = (after: string): Promise<Page<MemberImport>> => call(client.GET('/api/v1/member-imports', { params: { query: { limit: 50, after: after || undefined } } })) as Promise<Page<MemberImport>>
