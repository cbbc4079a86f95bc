// Problems as the server tells them (RFC 9457), turned into sentences in the language of the page.
import { te, t } from '@/i18n'

export interface FieldProblem {
  path: string
  key: string
  params?: Record<string, unknown>
}

/** A refused or failed request. `status` 0 means that the server was not reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly params: Record<string, unknown> = {},
    readonly fields: FieldProblem[] = [],
    readonly requestId = '',
  ) {
    super(code)
    this.name = 'Problem'
  }

  get offline(): boolean {
    return this.status === 0
  }
}

export const unreachable = (): Problem => new Problem(0, 'network.unreachable')

/** Reads the body of a refused response; anything that is not a problem document becomes a general one. */
export function problemOf(status: number, body: unknown): Problem {
  const doc = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const fields = Array.isArray(doc.errors) ? (doc.errors as FieldProblem[]) : []
  const code = typeof doc.code === 'string' && doc.code !== '' ? doc.code : status >= 500 ? 'internal' : `http.${status}`
  return new Problem(status, code, (doc.params as Record<string, unknown>) ?? {}, fields, String(doc.request_id ?? ''))
}

export const asProblem = (cause: unknown): Problem => (cause instanceof Problem ? cause : new Problem(-1, 'client.unexpected', { text: String(cause) }))

/** There is no such thing, or not for this reader. */
export const isAbsent = (cause: unknown): boolean => cause instanceof Problem && cause.status === 404

/** What happened, in one or two sentences for the reader. */
export function problemText(cause: unknown): string {
  const problem = asProblem(cause)
  const known = `errors.${problem.code}`
  if (te(known)) return t(known, problem.params)
  const byStatus = `errors.http.${problem.status}`
  const text = te(byStatus) ? t(byStatus) : t('errors.internal')
  return problem.requestId ? `${text} ${t('errors.request_id', { id: problem.requestId })}` : text
}

/** The sentence of what is wrong with a field, or with a cell of a file. */
export function fieldText(key: string, params: Record<string, unknown> = {}): string {
  const known = [`errors.field.${key}`, `errors.${key}`].find((one) => te(one))
  return known ? t(known, params) : t('errors.field.invalid')
}

/** The sentences of the fields, by path, for FormField. */
export function fieldTexts(cause: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  for (const field of asProblem(cause).fields) out[field.path] ??= fieldText(field.key, field.params)
  return out
}
