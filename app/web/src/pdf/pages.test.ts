import { expect, it } from 'vitest'
import { density, gap, mostPixels, pageAt, pagesSeen } from './pages'

const heights = [100, 200, 100]

it('tells the page in view', () => {
  expect(pageAt(heights, 0, 90)).toBe(1)
  expect(pageAt(heights, 100 + gap - 31, 90)).toBe(1)
  expect(pageAt(heights, 100 + gap - 30, 90)).toBe(2)
  expect(pageAt(heights, 9999, 90)).toBe(3)
  expect(pageAt([], 0, 90)).toBe(1)
})

it('draws what is seen and its neighbours', () => {
  expect(pagesSeen(heights, 0, 50)).toEqual([1, 2])
  expect(pagesSeen(heights, 150, 50)).toEqual([1, 3])
  expect(pagesSeen(heights, 100 + gap, 1)).toEqual([1, 3])
  expect(pagesSeen(heights, 330, 50)).toEqual([2, 3])
  expect(pagesSeen([500], 0, 50)).toEqual([1, 1])
})

it('never draws more than a phone can bear', () => {
  expect(density(400, 600, 3)).toBe(2)
  expect(density(400, 600, 1)).toBe(1)
  const scale = density(3000, 4000, 2)
  expect(3000 * 4000 * scale * scale).toBeCloseTo(mostPixels)
})
