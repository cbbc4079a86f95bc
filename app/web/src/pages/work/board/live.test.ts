import { describe, expect, it } from 'vitest'
import { countRows, groupOf, inOrder, needsLook, readersOf, takeEvent, windowOf, type BoardRow } from './live'

const row = (member_id: string, more: Partial<BoardRow> = {}): BoardRow => ({ member_id, name: member_id, org_id: 'o', org_name: '支部', state: 'open', answered: 0, total: 10, ...more })
const event = (rows: BoardRow[], more = {}) => ({ whole: false, now: '', rows, ...more })

describe('the live board', () => {
  it('keeps what it has, takes what changed, and begins anew when all rows come', () => {
    const rows = new Map<string, BoardRow>()
    takeEvent(rows, event([row('a'), row('b'), row('c')], { whole: true }))
    takeEvent(rows, event([row('b', { answered: 3 })], { gone: ['c'] }))
    expect([...rows.values()].map((one) => [one.member_id, one.answered])).toEqual([['a', 0], ['b', 3]])
    takeEvent(rows, event([row('d')], { whole: true }))
    expect([...rows.keys()]).toEqual(['d'])
  })
  it('counts each row once, and those that deserve a look', () => {
    const rows = [row('a', { state: 'absent' }), row('b', { contact: 'live' }), row('c', { state: 'paused', contact: 'live' }), row('d', { state: 'overdue', contact: 'lost' }), row('e', { state: 'released', takeovers: 2 }), row('f', { takeovers: 1 })]
    expect(countRows(rows)).toEqual({ due: 6, absent: 1, running: 3, paused: 1, done: 1, lost: 1, look: 3 })
    expect(rows.map(groupOf)).toEqual(['absent', 'running', 'paused', 'running', 'done', 'running'])
    expect(needsLook(row('x', { contact: 'quiet' }))).toBe(true)
    expect(needsLook(row('x', { state: 'released', contact: 'lost' }))).toBe(false)
  })
  it('lists who is in first, then who is held or lost, who has handed in, and last who never came', () => {
    const rows = new Map<string, BoardRow>()
    const ids = () => inOrder(rows.values()).map((one) => one.member_id).join('')
    takeEvent(rows, event([row('a', { state: 'absent' }), row('b', { state: 'graded' }), row('c', { state: 'paused', contact: 'live' }), row('d', { contact: 'live' }), row('e', { contact: 'lost' }), row('f', { state: 'overdue', contact: 'quiet' }), row('g', { state: 'absent' }), row('h', { state: 'released', contact: 'lost' })], { whole: true }))
    expect(ids()).toBe('dfcebhag')
    takeEvent(rows, event([row('f', { answered: 3 })])) // who goes on answering keeps the place
    expect(ids()).toBe('dfcebhag')
    takeEvent(rows, event([row('a', { contact: 'live' }), row('d', { state: 'grading' }), row('e', { contact: 'live' })]))
    expect(ids()).toBe('aefcbdhg')
  })
  it('counts as readers only those whom a message is for, after handing in too', () => {
    const rows = [row('a', { told: '05', read: '05' }), row('b', { told: '05', read: '04' }), row('c', { told: '05', state: 'released', read: '06' }), row('d', { told: '04', read: '04' }), row('e'), row('f', { read: '05' })]
    expect(readersOf(rows, '05')).toEqual({ n: 2, of: 3 })
    expect(readersOf(rows, '07')).toEqual({ n: 0, of: 0 })
  })
  it('shows a window of a long list', () => {
    expect(windowOf(0, 500, 50, 2000)).toEqual({ from: 0, to: 16 })
    expect(windowOf(50_000, 500, 50, 2000)).toEqual({ from: 994, to: 1016 })
    expect(windowOf(99_500, 500, 50, 2000)).toEqual({ from: 1984, to: 2000 })
    expect(windowOf(99_500, 500, 50, 3)).toEqual({ from: 3, to: 3 }) // filtered while scrolled down
  })
})
