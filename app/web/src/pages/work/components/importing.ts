// What the import wizard works on: one shape for imports of questions and of members, and the rules of its column step. Pure.
import { csvText } from '@/components/csv'

export interface Column {
  /** from 0 */
  index: number
  heading: string
  field: string
  guessed?: boolean
  /** what its cells look like, where the heading is unknown: to be agreed to */
  proposed?: string
  samples?: string[] | null
}

export interface RowProblem {
  row: number
  sheet?: string
  column: string
  code: string
  severity?: 'error' | 'warning'
  params?: Record<string, unknown>
  message: string
  also?: RowProblem[] | null
}

export type ImportState = 'previewed' | 'confirmed' | 'undone' | string

/** An import as lists show it. */
export interface Imported {
  id: string
  file: string
  created_at?: string
  state: ImportState
  /** false: the file could not be read at all */
  readable?: boolean
}

/** The step of the wizard that an import stands at. */
export const stepOf = (one: Pick<Imported, 'state'>): 'problems' | 'result' => (one.state === 'previewed' || one.state === 'confirming' ? 'problems' : 'result')

/** A file that was read and is not, or is, in the bank. */
export interface Batch {
  id: string
  file: string
  format?: string
  state: ImportState
  columns: Column[]
  mapping: Record<string, string>
  /** records of the file */
  rows: number
  /** would be, or were, imported */
  fresh: number
  duplicates: number
  refused: number
  byKind: Record<string, number>
  problems: RowProblem[]
  warnings: RowProblem[]
  duplicateRows: { row: number; sheet?: string; of_row?: number; question_id?: string; member_id?: string }[]
  createdAt?: string
  by?: string
}

/** How far a confirm or an undo is; all is 0 before it is known. */
export interface Progress {
  done: number
  all: number
}

/** A field that a column may be imported as. */
export interface FieldChoice {
  value: string
  label: string
}

/** Which field each column is taken for, by index. */
export type Chosen = Record<number, string>

export const chosenOf = (columns: readonly Column[]): Chosen => Object.fromEntries(columns.map((c) => [c.index, c.field || (c.proposed ?? '')]))

/** Whether the columns were taken by what stands in them, not by their headings. */
export const byExample = (columns: readonly Column[]): boolean => columns.some((c) => !c.field && !!c.proposed)

/** Overrides as the server takes them, for every column that differs from what it was taken for: by "#n" (from 1), or by heading. */
export function overrides(columns: readonly Column[], chosen: Chosen, before: Record<string, string> = {}, byHeading = false): Record<string, string> {
  const out = { ...before }
  for (const column of columns) {
    const field = chosen[column.index] ?? ''
    if (field !== column.field) out[byHeading ? column.heading : `#${column.index + 1}`] = field
  }
  return out
}

export const differs = (columns: readonly Column[], chosen: Chosen): boolean => columns.some((c) => (chosen[c.index] ?? '') !== c.field)

/** Fields that two columns claim. */
export function twice(chosen: Chosen): string[] {
  const seen = new Set<string>()
  const out = new Set<string>()
  for (const field of Object.values(chosen)) {
    if (!field) continue
    if (seen.has(field)) out.add(field)
    seen.add(field)
  }
  return [...out]
}

/** Of groups of fields that stand for one another, those of which no column is. */
export function missing(chosen: Chosen, required: readonly (readonly string[])[]): string[] {
  const used = new Set(Object.values(chosen))
  return required.filter((group) => !group.some((field) => used.has(field))).map((group) => group[0]!)
}

/** Problems in the order of the file: the file as a whole first, then by sheet and row, each record's further problems after its first. */
export function flatProblems(problems: readonly RowProblem[]): RowProblem[] {
  const out = problems.flatMap((p) => [p, ...(p.also ?? [])])
  return out.sort((a, b) => a.row - b.row || (a.sheet ?? '').localeCompare(b.sheet ?? ''))
}

/** How many rows of the file problems stand in: a row with three problems is one row, the file as a whole none. */
export const rowsOf = (problems: readonly RowProblem[]): number => new Set(problems.filter((p) => p.row > 0).map((p) => `${p.sheet ?? ''}:${p.row}`)).size

/** What keeps the file as a whole from being read; undefined where rows were read. */
export const unreadable = (batch: Pick<Batch, 'rows' | 'problems'>): RowProblem | undefined => (batch.rows ? undefined : batch.problems.find((p) => p.row === 0))

/** What the rows of a file are counted in: lines, questions, or the paragraphs of a Word paper. */
export function unitOf(format = ''): 'row' | 'question' | 'paragraph' {
  if (format === 'docx') return 'paragraph'
  return ['json', 'package', 'moodle', 'qti'].includes(format) ? 'question' : 'row'
}

/** The message without the place that the table shows in columns of its own: "第 12 行：缺少…" becomes "缺少…". */
export function messageOnly(problem: RowProblem): string {
  return problem.row > 0 ? problem.message.replace(/^(工作表“.*?”)?第 \d+ [行题段]：|^(Sheet .*?, r|R)ow \d+: |^Paragraph \d+: /, '') : problem.message
}

/** The list of problems as CSV, for whoever mends the file. */
export const problemsCsv = (head: readonly string[], problems: readonly RowProblem[]): string =>
  csvText([head, ...problems.map((p) => [p.row || '', p.sheet ?? '', p.column, messageOnly(p)])])
