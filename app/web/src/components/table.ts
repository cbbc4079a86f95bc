// The shapes of ListTable.
import { csvText } from './csv'

export interface Column<T> {
  key: string
  label: string
  /** numbers stand right */
  align?: 'left' | 'right'
  width?: string
  /** text of the cell, and of the export; a slot `cell-<key>` may draw it instead */
  text?: (row: T) => string | number | null | undefined
  /** what an export has instead of the text, where a program reads a number */
  value?: (row: T) => number | null | undefined
  /** hidden until the reader chooses it */
  optional?: boolean
  /** always shown */
  fixed?: boolean
}

/** A page of a list, as every list of the API gives it. */
export interface Page<T> {
  items: T[]
  next?: string
  total?: number
}

/** Gives the page after a cursor ('' = the first). */
export type Loader<T> = (after: string) => Promise<Page<T>>

/** Rows as CSV. */
export const toCsv = <T>(columns: readonly Column<T>[], rows: readonly T[]): string =>
  csvText([columns.map((c) => c.label), ...rows.map((row) => columns.map((c) => (c.value ? c.value(row) : (c.text?.(row) ?? (row as Record<string, unknown>)[c.key]))))])
