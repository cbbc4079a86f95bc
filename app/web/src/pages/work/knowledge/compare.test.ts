import { expect, test } from 'vitest'
import { brief, changes, passages, type Names } from './compare'
import { contentOf, emptyForm, type Form } from './form'
import { fieldOf } from './words'

const shown = (before: string, after: string) =>
  passages(before, after).map((one) => ('same' in one ? `=${one.same.length}` : one.pieces.map((p) => ({ both: p.text, before: `[-${p.text}]`, after: `[+${p.text}]` })[p.in]).join('')))

test('a text is compared paragraph by paragraph, and within those that were changed', () => {
  expect(shown('第一条 甲\n第二条 每年交一次。\n第三条 丙', '第一条 甲\n第二条 每季交一次。\n第三条 丙')).toEqual(['=1', '第二条 每[-年][+季]交一次。', '=1'])
  expect(shown('甲\n乙', '甲\n新的一段\n乙')).toEqual(['=1', '[+新的一段]', '=1'])
  expect(shown('甲\n旧的一段\n乙', '甲\n乙')).toEqual(['=1', '[-旧的一段]', '=1'])
  expect(shown('', '甲')).toEqual(['[+甲]'])
  expect(shown('甲', '甲')).toEqual(['=1'])
})

test('a long regulation is compared at once', () => {
  const line = (n: number) => `第${n}条 ${'党员应当按期足额交纳党费。'.repeat(8)}`
  const text = Array.from({ length: 900 }, (_, n) => line(n))
  const other = text.map((one, n) => (n % 9 === 0 ? one.replace('按期', '按月') : one))
  const start = performance.now()
  expect(passages(text.join('\n'), other.join('\n')).filter((one) => 'pieces' in one)).toHaveLength(100)
  expect(passages('甲'.repeat(50_000), '乙'.repeat(50_000))).toHaveLength(1)
  expect(performance.now() - start).toBeLessThan(3_000)
})

test('what is the same is shown in brief', () => {
  expect(brief(['甲', '', '乙', '丙', '丁'], false, false)).toEqual({ head: ['甲'], left: 2, tail: ['丁'] })
  expect(brief(['甲', '乙'], true, false)).toEqual({ head: [], left: 1, tail: ['乙'] })
  expect(brief(['甲'], false, false)).toEqual({ head: ['甲'], left: 0, tail: [] })
})

const names: Names = { kind: (k) => k, category: (id) => `类${id}`, org: (id) => `组${id}`, role: (r) => r, article: (id) => `《${id}》`, yes: '是', everybody: '公开', members: '党员', comma: '、' }
const content = (more: Partial<Form>) => contentOf({ ...emptyForm('regulation'), title: '办法', ...more })

test('short fields that differ are named', () => {
  const before = content({ tags: ['甲'] })
  const after = content({ tags: ['甲', '乙'], audience: { public: true, members: false, orgs: [], roles: [] }, cover: 'c', law: { ...emptyForm().law, replaces: ['x'] } })
  expect(changes(before, after, names).map((one) => [one.label, one.pieces.map((p) => `${p.in}:${p.text}`).join(' ')])).toEqual([
    ['law_replaces', 'after:《x》'],
    ['tags', 'both:甲 after:、乙'],
    ['audience', 'before:党员 after:公开'],
    ['cover', 'after:是'],
  ])
  expect(changes(before, before, names)).toEqual([])
})

test.each([
  ['title', { key: 'title', n: 1 }],
  ['tags[2]', { key: 'tags', n: 3 }],
  ['attachments[0].name', { key: 'attachments', n: 1 }],
  ['law.issuer', { key: 'law_issuer', n: 1 }],
])('the field of %s', (path, want) => expect(fieldOf(path)).toEqual(want))
