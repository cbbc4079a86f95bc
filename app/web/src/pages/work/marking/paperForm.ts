// What is being typed of one sheet of paper. Pure.
import { decimalOf } from '@/format/decimals'
import { fromLocal, toLocal } from '../zone'
import type { PaperResult, PaperRow, PaperSlot } from './paperApi'

export interface PaperEdit {
  label: string
  /** YYYY-MM-DD in the organisation's zone */
  day: string
  /** only the total is known */
  totalOnly: boolean
  cells: string[]
  total: string
  reason: string
}

/** What stands on file of a member, or an empty sheet with the label and the day that were entered last. */
export function editOf(row: PaperRow, last: Pick<PaperEdit, 'label' | 'day'>, slots: number): PaperEdit {
  const held = corrects(row)
  return {
    label: held ? row.label! : last.label,
    day: held && row.sat_at ? toLocal(row.sat_at).slice(0, 10) : last.day,
    totalOnly: held && row.total !== undefined,
    cells: Array.from({ length: slots }, (_, i) => (held ? (row.cells[i] ?? '') : '')),
    total: held && row.total !== undefined ? String(row.total) : '',
    reason: '',
  }
}

/** The row holds a result on paper, which saving corrects. */
export const corrects = (row: PaperRow): boolean => row.attempt_id !== undefined && !row.screen

/** What the server is sent; a number that cannot be read is left to its words. */
export function resultOf(edit: PaperEdit, row: PaperRow): PaperResult {
  const text = edit.total.trim()
  return {
    label: edit.label,
    version: row.version,
    sat_at: row.sat_at && corrects(row) ? row.sat_at : (fromLocal(`${edit.day}T12:00`) ?? ''),
    ...(edit.totalOnly ? {} : { cells: edit.cells.map((c) => c.trim()) }),
    ...(text ? { total: decimalOf(text) ?? NaN } : {}),
    ...(edit.reason.trim() ? { reason: edit.reason.trim() } : {}),
  }
}

/** What a cell takes, as a placeholder says it. */
export function takes(slot: PaperSlot | undefined): { key: string; params: Record<string, unknown> } {
  if (!slot) return { key: 'marking.paper.takes.any', params: {} }
  const params = { points: slot.points, last: String.fromCharCode(64 + Math.max(slot.options ?? 1, 1)) }
  if (slot.kind === 'truefalse') return { key: 'marking.paper.takes.truth', params }
  if (slot.letters) return { key: slot.kind === 'matching' ? 'marking.paper.takes.pairs' : 'marking.paper.takes.letters', params }
  return { key: slot.waits ? 'marking.paper.takes.waits' : 'marking.paper.takes.points', params }
}
