import { expect, test } from 'vitest'
import { addressOf, applied, around, block, inline, lines, link, tableOf, unitOf, type Spot, type Stroke } from './marks'

/** A text with its selection in ‹ ›, as it is after a stroke. */
function after(marked: string, act: (spot: Spot) => Stroke): string {
  const start = marked.indexOf('‹')
  const end = marked.indexOf('›') - 1
  const text = marked.replace(/[‹›]/g, '')
  const stroke = act({ text, start, end })
  const out = applied(text, stroke)
  return out.slice(0, stroke.start) + '‹' + out.slice(stroke.start, stroke.end) + '›' + out.slice(stroke.end)
}
const bold = (spot: Spot) => around(spot, '**', '粗体')
const italic = (spot: Spot) => around(spot, '*', '斜体')

test.each([
  ['第‹一›条', '第**‹一›**条'],
  ['第**‹一›**条', '第‹一›条'],
  ['第‹**一**›条', '第‹一›条'],
  ['第‹›条', '第**‹粗体›**条'],
  ['第‹ 一 ›条', '第 **‹一›** 条'],
  ['‹›', '**‹粗体›**'],
  ['‹  ›', '  **‹粗体›**'],
])('bold: %s', (from, to) => expect(after(from, bold)).toBe(to))
test('the marks of bold are none of italics', () => {
  expect(after('**‹一›**', italic)).toBe('***‹一›***')
  expect(after('*‹一›*', italic)).toBe('‹一›')
})

const h2 = (spot: Spot) => lines(spot, () => '## ')
const bullets = (spot: Spot) => lines(spot, () => '- ')
const numbers = (spot: Spot) => lines(spot, (n) => `${n + 1}. `)
test.each([
  [h2, '甲\n‹›乙', '甲\n## 乙‹›'],
  [h2, '甲\n## ‹›乙', '甲\n乙‹›'],
  [h2, '# 甲‹›', '## 甲‹›'],
  [h2, '‹›', '## ‹›'],
  [bullets, '‹甲\n乙›\n丙', '‹- 甲\n- 乙›\n丙'],
  [bullets, '‹甲\n乙\n›丙', '‹- 甲\n- 乙›\n丙'],
  [bullets, '‹- 甲\n- 乙›', '‹甲\n乙›'],
  [bullets, '‹甲\n\n乙›', '‹- 甲\n\n- 乙›'],
  [numbers, '‹- 甲\n- 乙›', '‹1. 甲\n2. 乙›'],
  [numbers, '‹1. 甲\n2. 乙›', '‹甲\n乙›'],
] as const)('lines: %o %s', (act, from, to) => expect(after(from, act)).toBe(to))

test('a block stands by itself', () => {
  const rule = (spot: Spot) => block(spot, '|甲|', '甲')
  expect(after('前‹›后', rule)).toBe('前\n\n|‹甲›|\n\n后')
  expect(after('前\n‹›\n后', rule)).toBe('前\n\n|‹甲›|\n\n后')
  expect(after('‹›', rule)).toBe('|‹甲›|\n\n')
  expect(after('前‹›', (spot) => block(spot, '|甲|'))).toBe('前\n\n|甲|\n\n‹›')
  expect(after('‹›\n后', (spot) => block(spot, '|甲|'))).toBe('|甲|‹›\n\n后')
  expect(after('前\n\n‹›\n\n后', rule)).toBe('前\n\n|‹甲›|\n\n后')
  expect(after('‹旧›', (spot) => inline(spot, '新'))).toBe('新‹›')
})

test.each([
  ['https://example.org/a', 'https://example.org/a'],
  [' example.org/a ', 'https://example.org/a'],
  ['/knowledge/1', '/knowledge/1'],
  ['#h-总则', '#h-总则'],
  ['mailto:a@example.org', 'mailto:a@example.org'],
  ['javascript:alert(1)', ''],
  ['党章', ''],
  ['', ''],
])('the address %s', (typed, want) => expect(addressOf(typed)).toBe(want))

test('a link keeps brackets and blanks apart from its own', () => {
  expect(link('甲[1]', 'https://example.org/a(b) c')).toBe('[甲\\[1\\]](https://example.org/a%28b%29%20c)')
})

test('a table', () => expect(tableOf(['项目', '标准'], 1)).toBe('| 项目 | 标准 |\n| --- | --- |\n|   |   |'))

test('characters beyond the first plane count once', () => {
  expect([unitOf('𠮷野家', 0), unitOf('𠮷野家', 1), unitOf('𠮷野家', 2), unitOf('𠮷', 9)]).toEqual([0, 2, 3, 2])
})
