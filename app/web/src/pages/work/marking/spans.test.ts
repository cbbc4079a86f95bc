import { expect, test } from 'vitest'
import { cutAt } from './spans'

test('words of points are cut out by code points', () => {
  expect(cutAt('𠀀民主集中', [{ spans: [{ start: 1, end: 3 }] }, { spans: [{ start: 2, end: 4 }] }])).toEqual([
    { text: '𠀀', points: [] },
    { text: '民', points: [0] },
    { text: '主', points: [0, 1] },
    { text: '集', points: [1] },
    { text: '中', points: [] },
  ])
  expect(cutAt('答案', [])).toEqual([{ text: '答案', points: [] }])
  expect(cutAt('', [{ spans: null }])).toEqual([])
})
