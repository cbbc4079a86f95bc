import { expect, test } from 'vitest'
import { cutAt } from './spans'

test('words of points are cut out by code points', () => {
  expect(cutAt('𠀀民主集中', [{ spans: [{ start: 1, end: 3 }] }, { spans: [{ start: 2, end: 4 }] }])).toEqual([
    { text: '𠀀', points: [], denies: false },
    { text: '民', points: [0], denies: false },
    { text: '主', points: [0, 1], denies: false },
    { text: '集', points: [1], denies: false },
    { text: '中', points: [], denies: false },
  ])
  expect(cutAt('答案', [])).toEqual([{ text: '答案', points: [], denies: false }])
  expect(cutAt('', [{ spans: null }])).toEqual([])
})

test('words that deny are apart, also inside of a point', () => {
  expect(cutAt('不是民主', [{ spans: [{ start: 1, end: 4 }] }], [{ start: 0, end: 1 }])).toEqual([
    { text: '不', points: [], denies: true },
    { text: '是民主', points: [0], denies: false },
  ])
  expect(cutAt('不民', [{ spans: [{ start: 0, end: 2 }] }], [{ start: 0, end: 1 }]).map((one) => [one.points, one.denies])).toEqual([[[0], true], [[0], false]])
})
