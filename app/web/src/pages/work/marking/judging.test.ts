import { expect, it } from 'vitest'
import type { RubricLine } from '@/api/types'
import { choose, full, judged, judgements, missing, saidOf, sumOf } from './judging'

const lines = (): RubricLine[] => [
  { name: '观点', points: 3.34, levels: [{ title: '鲜明', points: 3.34, comment: '观点鲜明' }, { title: '含糊', points: 1.67 }, { title: '没有', points: 0, comment: '没有观点' }] },
  { name: '文字', points: 3.33 },
]

it('a mark is the sum of what is said, once all is said', () => {
  const rubric = lines()
  const said = saidOf(rubric)
  expect(missing(rubric, said)).toEqual([0, 1])
  choose(rubric[0]!, said[0]!, 2)
  for (const [text, left] of [['3.34', [1]], ['-1', [1]], ['x', [1]], ['1.234', [1]], ['', [1]], ['3.33', []], ['0', []]] as [string, number[]][]) {
    said[1]!.points = text
    expect(missing(rubric, said), text).toEqual(left)
  }
  said[1]!.points = '1.5'
  expect(sumOf(rubric, said)).toBe(3.17) // not 3.1699999999999999
  const after = judged(rubric, said)!
  expect(judgements(after)).toEqual([{ level: 2 }, { points: 1.5 }])
  expect(saidOf(after)).toEqual(said) // what was saved is what stands there when one comes back
  expect(judgements(rubric)).toBeUndefined()
})

it("a level brings its author's comment, and takes it along, but never what the evaluator wrote", () => {
  const [line] = lines()
  const said = saidOf([line!])[0]!
  choose(line!, said, 1)
  expect(said.comment).toBe('观点鲜明')
  choose(line!, said, 3)
  expect(said.comment).toBe('没有观点')
  choose(line!, said, 2)
  expect(said.comment).toBe('')
  said.comment = '我写的'
  choose(line!, said, 1)
  expect(said).toEqual({ level: 1, points: '', comment: '我写的' })
})

it('F gives all of each criterion', () => {
  const rubric = lines()
  const said = saidOf(rubric)
  full(rubric, said)
  expect(sumOf(rubric, said)).toBe(6.67)
})
