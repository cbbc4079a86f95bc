import { expect, test } from 'vitest'
import { cutAt } from './spans'

test('words of points are cut out by code points, those of several points as one', () => {
  expect(cutAt('𠀀民主集中', [{ start: 1, end: 3 }, { start: 2, end: 4 }])).toEqual([
    { text: '𠀀', hit: false, denies: false },
    { text: '民主集', hit: true, denies: false },
    { text: '中', hit: false, denies: false },
  ])
  expect(cutAt('答案', [])).toEqual([{ text: '答案', hit: false, denies: false }])
  expect(cutAt('', [])).toEqual([])
})

test('words that deny are apart, also inside of a point', () => {
  expect(cutAt('不是民主', [{ start: 1, end: 4 }], [{ start: 0, end: 1 }]).map((one) => [one.text, one.hit, one.denies])).toEqual([['不', false, true], ['是民主', true, false]])
  expect(cutAt('不民', [{ start: 0, end: 2 }], [{ start: 0, end: 1 }]).map((one) => [one.hit, one.denies])).toEqual([[true, true], [true, false]])
})
