// The shapes of ListTable.
export interface Column<T> {
  key: string
  label: string
  /** numbers stand right */
  align?: 'left' | 'right'
  width?: string
  /** text of the cell, and of the export; a slot `cell-<key>` may draw it instead */
  text?: (row: T) => string | number | null | undefined
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

/** Rows as CSV with a BOM, so that spreadsheet programs read the Chinese; cells that begin a formula are defused. */
export function toCsv<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cell = (value: unknown): string => {
    let text = value == null ? '' : String(value)
    if (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))) text = `'${text}`
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = [columns.map((c) => cell(c.label)), ...rows.map((row) => columns.map((c) => cell(c.text?.(row) ?? (row as Record<string, unknown>)[c.key])))]
  return '\ufeff' + lines.map((line) => line.join(',')).join('\r\n') + '\r\n'
}
