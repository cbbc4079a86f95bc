import { expect, test } from 'vitest'
import { largestPart, markOf, nextPart, Rate, smallestPart } from './rate'

test('the rate is that of the last ten seconds, and unknown at first', () => {
  const rate = new Rate()
  rate.add(0, 0)
  expect(rate.perSecond).toBe(0)
  rate.add(1_000, 1_000)
  expect(rate.perSecond).toBe(1_000)
  for (let s = 2; s <= 30; s++) rate.add(1_000 + (s - 1) * 5_000, s * 1_000)
  expect(rate.perSecond).toBe(5_000)
  rate.clear()
  expect(rate.perSecond).toBe(0)
})

test('a part takes some seconds, whatever the line', () => {
  expect(nextPart(1 << 20, 100)).toBe(2 << 20) // it doubles at most
  expect(nextPart(largestPart, 100)).toBe(largestPart)
  expect(nextPart(1 << 20, 60_000)).toBe(smallestPart)
  expect(nextPart(1 << 20, 12_000)).toBe(1 << 19)
  expect(nextPart(1 << 20, 0)).toBe(2 << 20)
})

test('a file is known again by its size and time', () => {
  expect(markOf({ size: 5, lastModified: 7 })).toBe('5-7')
})
