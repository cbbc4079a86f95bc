import { describe, expect, it } from 'vitest'
import type { Quiz } from '../quiz/model'
import en from '@/i18n/en/marking.json'
import enWork from '@/i18n/en/work.json'
import zh from '@/i18n/zh-CN/marking.json'
import zhWork from '@/i18n/zh-CN/work.json'
import { markedOf, markOf, missingOf, noneOut, partlyOut, releaseWord, resultStanding, rowStates, typeMark } from './words'

const type = (keys: string) => [...keys].reduce((text, key) => typeMark(text, key) ?? text, '')

describe('marks by keyboard', () => {
  it('keep every digit that was typed', () => {
    expect(['5', '99', '10', '1000', '4.5', '4..5', '4.555'].map(type)).toEqual(['5', '99', '10', '1000', '4.5', '4..5', '4.555'])
  })
  it('are refused, never cut down to another mark, when they are none of the item', () => {
    const saved = (keys: string, points: number) => markOf(type(keys), points)
    expect([saved('99', 10), saved('11', 10), saved('6', 5), saved('1000', 100), saved('4.5', 4), saved('4..5', 5), saved('4.555', 5)]).toEqual(Array(7).fill(null))
    expect([saved('10', 10), saved('5', 5), saved('4.5', 5), saved('4.25', 5), saved('0', 5)]).toEqual([10, 5, 4.5, 4.25, 0])
  })
  it('are understood in full width', () => {
    expect(type('１２。５')).toBe('12.5')
    expect([markOf('１２．５', 20), markOf('８', 5)]).toEqual([12.5, null])
  })
  it('leave other keys to the page', () => {
    expect(typeMark('4', 'a')).toBeNull()
    expect(typeMark('4', 'Enter')).toBeNull()
    expect(typeMark('42', 'Backspace')).toBe('4')
  })
  it('are a mark only when whole', () => {
    expect(['0', '5', '2.5', '2.', '5.1', '', '.5', 'x'].map((text) => markOf(text, 5))).toEqual([0, 5, 2.5, 2, null, null, null, null])
  })
})

it('a quiz is not begun, going on or over by the clock, and released once its results are', () => {
  const now = Date.parse('2026-03-05T06:30:00Z')
  const of = (opens?: string, closes?: string, released_at?: string) => resultStanding({ status: 'published', settings: { opens, closes } as Quiz['settings'], released_at }, now)
  expect([of('2026-03-05T06:30:01Z'), of('2026-03-05T06:00:00Z', '2026-03-05T06:30:01Z'), of('2026-03-05T06:00:00Z', '2026-03-05T06:30:00Z')]).toEqual(['coming', 'open', 'over'])
  expect(of('2026-03-05T06:00:00Z', '2026-03-05T06:30:00Z', '2026-03-05T06:31:00Z')).toBe('released')
  expect(of('2026-03-05T06:00:00Z', undefined, '2026-03-05T06:31:00Z')).toBe('open') // a first wave is out
})

it.each([
  [{}, 'over', 'do'], [{ pending: 1, graded: 44 }, 'over', 'do'],
  [{ released_at: '2026-03-05T06:31:00Z', graded: 44 }, 'partly', 'rest'], [{ released_at: '2026-03-05T06:31:00Z', pending: 1, graded: 0 }, 'partly', 'rest'],
  [{ released_at: '2026-03-05T06:31:00Z', pending: 0, graded: 0 }, 'released', 'history'], [{ released_at: '2026-03-05T06:31:00Z' }, 'released', 'history'],
])('results of an exam that is over, %o: it is %s, and the button says %s', (about, state, word) => {
  expect([resultStanding({ status: 'closed', settings: {} as Quiz['settings'], ...about }).replace('closed', 'over'), releaseWord(about)]).toEqual([state, word])
  for (const words of [zhWork, enWork]) expect(words.standing[state as 'over']).toBeTruthy()
})

it('pass rates count over marked sheets, and over all that were taken while the server does not tell', () => {
  expect([markedOf({ taken: 48, marked: 20 }), markedOf({ taken: 48, marked: 0 }), markedOf({ taken: 48 })]).toEqual([20, 0, 48])
})

describe('who did not take a quiz', () => {
  it.each([
    [{ not_yet: 286, absent: 0 }, ['not_yet']], [{ not_yet: 0, absent: 286 }, ['absent']], [{ not_yet: 1, absent: 2 }, ['not_yet', 'absent']], [{ not_yet: 0, absent: 0 }, ['absent']],
  ])('%o: %o', (counts, kinds) => expect(missingOf(counts)).toEqual(kinds))
})

it('states that results are filtered by have a name each', () => {
  for (const words of [zh, en]) {
    const names = rowStates.map((one) => words.state[one])
    expect(new Set(names).size).toBe(rowStates.length)
    expect(names.every(Boolean)).toBe(true)
  }
})

it('says how many results are out where some are and some are not', () => {
  expect(partlyOut({ pending: 1, graded: 4, released: 7 })).toEqual({ n: 7, of: 12 })
  for (const whole of [{ pending: 0, graded: 0, released: 12 }, { pending: 2, graded: 10, released: 0 }, {}]) expect(partlyOut(whole)).toBeUndefined()
})

it('has no scores to tell where none is out to whom they are not told', () => {
  expect(noneOut({ unreleased: 12 }, { taken: 12, marked: 0 })).toBe(true)
  for (const [s, row] of [[{ unreleased: 7 }, { taken: 12, marked: 5 }], [{}, { taken: 12, marked: 0 }], [{ unreleased: 7 }, { taken: 0, marked: 0 }]] as const) expect(noneOut(s, row)).toBe(false)
})
