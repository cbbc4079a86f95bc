import { beforeEach, expect, test } from 'vitest'
import { keepPlace, placeOf } from './resume'

beforeEach(() => localStorage.clear())

test('the place is kept, but for the first and last seconds', () => {
  keepPlace('a', 61.4, 600)
  expect(placeOf('a')).toBe(61)
  keepPlace('a', 3, 600)
  expect(placeOf('a')).toBe(0)
  keepPlace('a', 300, 600)
  keepPlace('a', 595, 600)
  expect(placeOf('a')).toBe(0)
})

test('the latest hundred files are remembered, and damage is no matter', () => {
  for (let n = 0; n < 120; n++) keepPlace(`f${n}`, 100 + n, 1_000)
  expect(placeOf('f119')).toBe(219)
  expect(placeOf('f20')).toBe(120)
  expect(placeOf('f19')).toBe(0)
  localStorage.setItem('qiming.media.at', '{not json')
  expect(placeOf('f119')).toBe(0)
})
