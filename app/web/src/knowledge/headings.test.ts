import { expect, test } from 'vitest'
import { placed } from './categories'
import { contents, reading } from './headings'

const h = (level: number, text: string) => ({ level, text, id: `h-${text}` })

test('contents are set in by the levels that a text has', () => {
  expect(contents([h(2, '总则'), h(4, '第一条'), h(3, '节'), h(5, '款'), h(2, '附则')]).map((one) => `${'-'.repeat(one.depth)}${one.text}`)).toEqual(['总则', '--第一条', '-节', '附则'])
  expect(contents([h(4, '甲'), h(5, '乙')]).map((one) => one.depth)).toEqual([0, 1])
  expect(contents([])).toEqual([])
})

test('the heading above the line is read', () => {
  expect([reading([100, 300, 500], 50), reading([100, 300, 500], 300), reading([-900, -20, 500], 80), reading([], 80)]).toEqual([-1, 1, 1, -1])
})

test('categories stand below those that they belong to', () => {
  const c = (id: string, parent_id = '') => ({ id, parent_id, name: id, order: 0, org_id: 'o', count: 1 })
  expect(placed([c('a'), c('b'), c('a1', 'a'), c('b1', 'b'), c('a11', 'a1'), c('x', 'hidden'), c('self', 'self')]).map((one) => `${'-'.repeat(one.depth)}${one.id}`)).toEqual(['a', '-a1', '--a11', 'b', '-b1', 'x', 'self'])
})
