import { expect, it } from 'vitest'
import { bandOf, bandsOf, columns, dropTopic, missing, readBlueprint, setWanted, stockOf, sumOf, wanted, writeBlueprint, type Blueprint, type Stock } from './blueprint'
import type { Entry, Section } from './model'

const topics = [{ id: 'law', merged: ['old'] }, { id: 'rules', parent_id: 'law' }, { id: 'history' }]
const any = bandOf()
const stock: Stock[] = [
  { category_id: 'law', kind: 'single', difficulty: 0, count: 2 },
  { category_id: 'law', kind: 'single', difficulty: 3, count: 4 },
  { category_id: 'law', kind: 'single', difficulty: 5, count: 1 },
  { category_id: 'rules', kind: 'single', difficulty: 3, count: 3 },
  { category_id: 'history', kind: 'truefalse', difficulty: 1, count: 9 },
]
const drawn = (topic: string, count: number, more: Partial<Entry> = {}, rule: object = {}): Entry => ({ rule: { category_ids: [topic], kinds: ['single'], ...rule }, count, points: 2, ...more })
const section = (entries: Entry[]): Section => ({ id: 's', title: '', shuffle: false, entries })
const table = (part: Partial<Blueprint> = {}): Blueprint => ({ topics: ['law', 'rules'], wants: [], points: {}, leastUsed: false, ...part })

it('rules of the shape of the table are read, all others stay where they are', () => {
  const entries: Entry[] = [
    { question_id: 'q', points: 5 },
    drawn('old', 3),
    drawn('law', 1, { points: 4 }),
    drawn('law', 1, { least_used: true }),
    drawn('law', 7),
    drawn('law', 2, {}, { min_difficulty: 4 }),
    drawn('rules', 2, {}, { tags_any: ['x'] }),
    drawn('gone', 2),
    { rule: { category_ids: ['law', 'rules'], kinds: ['single'] }, count: 1, points: 2 },
    { rule: { category_ids: ['law'] }, count: 1, points: 2 },
    drawn('rules', 0),
    drawn('rules', 2, {}, { min_difficulty: 1, max_difficulty: 5 }),
  ]
  const read = readBlueprint(section(entries), topics)
  expect([...read.places]).toEqual([1, 5, 11])
  expect(read.table).toEqual({
    topics: ['law', 'rules'],
    wants: [
      { topic: 'law', kind: 'single', low: 0, high: 0, count: 3 },
      { topic: 'law', kind: 'single', low: 4, high: 5, count: 2 },
      { topic: 'rules', kind: 'single', low: 0, high: 0, count: 2 },
    ],
    points: { single: 2 },
    leastUsed: false,
  })
  setWanted(read.table, 'rules', 'single', any, 0)
  setWanted(read.table, 'rules', 'truefalse', any, 6)
  const written = writeBlueprint(entries, read.places, read.table)
  expect(written).toHaveLength(12)
  expect(written.slice(0, 4)).toEqual([entries[0], drawn('law', 3), drawn('law', 2, {}, { min_difficulty: 4, max_difficulty: 5 }), { rule: { category_ids: ['rules'], kinds: ['truefalse'] }, count: 6, points: 2 }])
  expect(written.slice(4)).toEqual(entries.filter((_, at) => at > 0 && !read.places.has(at)))
})

it('what is written is read back the same, with the order of drawing', () => {
  const made = table({ points: { single: 1.5, truefalse: 1 }, leastUsed: true })
  setWanted(made, 'rules', 'truefalse', bandOf(2, 3), 4)
  setWanted(made, 'law', 'single', any, 2)
  const entries = writeBlueprint([{ question_id: 'q', points: 1 }], new Set(), made)
  expect(entries[0]!.question_id).toBe('q')
  expect(entries.slice(1).every((one) => one.least_used)).toBe(true)
  const read = readBlueprint(section(entries), topics)
  expect(writeBlueprint(entries, read.places, read.table)).toEqual(entries)
  expect(read.table.points).toEqual(made.points)
})

it.each([
  [bandOf(), 7],
  [bandOf(1, 5), 7],
  [bandOf(3, 3), 4],
  [bandOf(3), 5],
  [bandOf(0, 3), 4],
  [bandOf(4, 4), 0],
])('the bank has for a range %o', (band, have) => {
  expect(stockOf(stock, 'law', 'single', band)).toBe(have)
})

it('a cell is short by what it and the cells within it want beyond the bank', () => {
  const t = table()
  const short = (topic: string, band = any) => missing(t, stock, topics, topic, 'single', band)
  setWanted(t, 'law', 'single', any, 7)
  expect(short('law')).toBe(0)
  setWanted(t, 'law', 'single', any, 8)
  expect(short('law')).toBe(1)
  setWanted(t, 'law', 'single', any, 4)
  setWanted(t, 'rules', 'single', bandOf(3, 3), 3)
  expect([short('law'), short('rules', bandOf(3, 3)), short('rules')]).toEqual([0, 0, 0])
  setWanted(t, 'rules', 'single', bandOf(3, 3), 4)
  expect([short('law'), short('rules', bandOf(3, 3))]).toEqual([1, 1])
  setWanted(t, 'law', 'single', bandOf(4, 5), 1)
  expect(short('law', bandOf(4, 5))).toBe(0)
})

it('columns, ranges and sums follow what is wanted', () => {
  const t = table({ points: { single: 1.5 } })
  expect(columns(t, stock)).toEqual(['single', 'truefalse'])
  setWanted(t, 'law', 'essay', bandOf(4, 5), 1)
  setWanted(t, 'law', 'single', any, 3)
  setWanted(t, 'rules', 'single', any, 1)
  expect(columns(t, stock)).toEqual(['single', 'truefalse', 'essay'])
  expect(bandsOf(t)).toEqual([any, { low: 4, high: 5 }])
  expect([sumOf(t), sumOf(t, { kind: 'single' }), sumOf(t, { topic: 'rules' }), sumOf(t, { topic: 'rules', kind: 'essay' })]).toEqual([{ items: 5, points: 8 }, { items: 4, points: 6 }, { items: 1, points: 1.5 }, { items: 0, points: 0 }])
  dropTopic(t, 'law')
  expect([t.topics, wanted(t, 'law', 'single', any), wanted(t, 'rules', 'single', any)]).toEqual([['rules'], 0, 1])
})
