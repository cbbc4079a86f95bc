import { describe, expect, it } from 'vitest'
import { editOf, resultOf, takes } from './paperForm'
import type { PaperRow, PaperSlot } from './paperApi'

const fresh: PaperRow = { member_id: 'm', name: '甲', org_name: '', number: 1, next: 1, rev: 0, screen: false, cells: [] }
const held: PaperRow = { ...fresh, attempt_id: 'a', next: 0, rev: 3, label: 'B', version: 2, sat_at: '2026-03-02T16:30:00Z', cells: ['A', ''], state: 'released' }
const last = { label: 'C', day: '2026-03-05' }

describe('a sheet that is typed', () => {
  it('begins with the label and the day of the last one', () => {
    expect(editOf(fresh, last, 3)).toEqual({ label: 'C', day: '2026-03-05', totalOnly: false, cells: ['', '', ''], total: '', reason: '' })
  })
  it('begins anew where the last attempt was answered on a screen', () => {
    expect(editOf({ ...held, screen: true }, last, 2)).toMatchObject({ label: 'C', cells: ['', ''] })
  })
  it('begins with what is on file, by the day of the organisation', () => {
    expect(editOf(held, last, 2)).toMatchObject({ label: 'B', day: '2026-03-03', cells: ['A', ''], totalOnly: false })
    expect(editOf({ ...held, cells: [], total: 7.5 }, last, 2)).toMatchObject({ totalOnly: true, total: '7.5', cells: ['', ''] })
  })
  it('is sent by the noon of its day, with its cells or its total', () => {
    const edit = { ...editOf(fresh, last, 2), cells: [' a ', ''] }
    expect(resultOf(edit, fresh)).toEqual({ label: 'C', version: undefined, sat_at: '2026-03-05T04:00:00Z', cells: ['a', ''] })
    expect(resultOf({ ...edit, totalOnly: true, total: '0' }, fresh)).toMatchObject({ total: 0 })
    expect(resultOf({ ...edit, totalOnly: true, total: '0' }, fresh)).not.toHaveProperty('cells')
  })
  it('keeps the moment and the version of what is corrected', () => {
    expect(resultOf({ ...editOf(held, last, 2), reason: ' 看错 ' }, held)).toMatchObject({ version: 2, sat_at: held.sat_at, reason: '看错' })
  })
})

it('says what a cell takes', () => {
  const slot: PaperSlot = { number: 1, kind: 'single', letters: true, options: 4, points: 2, waits: false }
  expect(takes(slot)).toEqual({ key: 'marking.paper.takes.letters', params: { points: 2, last: 'D' } })
  expect(takes({ ...slot, kind: 'truefalse' }).key).toBe('marking.paper.takes.truth')
  expect(takes({ ...slot, kind: 'matching' }).key).toBe('marking.paper.takes.pairs')
  expect(takes({ ...slot, kind: 'short', letters: false, waits: true }).key).toBe('marking.paper.takes.waits')
  expect(takes({ ...slot, kind: 'blanks', letters: false }).key).toBe('marking.paper.takes.points')
  expect(takes(undefined).key).toBe('marking.paper.takes.any')
})
