import { describe, expect, it } from 'vitest'
import { compare, pieces } from './compare'
import type { Content } from './content'

const shown = (before: string, after: string) => pieces(before, after).map((p) => ({ both: p.text, before: `[-${p.text}-]`, after: `[+${p.text}+]` })[p.in]).join('')

describe('pieces', () => {
  it.each([
    ['党的十八大', '党的十九大', '党的十[-八-][+九+]大'],
    ['有效期为3年', '有效期为15年', '有效期为[-3-][+15+]年'],
    ['the quick fox', 'the slow fox', 'the [-quick-][+slow+] fox'],
    ['一样', '一样', '一样'],
    ['', '新', '[+新+]'],
    ['旧', '', '[-旧-]'],
    // One sign in common between two differences is no common piece.
    ['甲乙丙', '子乙丑', '[-甲乙丙-][+子乙丑+]'],
    // A comma is one all the same.
    ['甲甲，乙乙', '子子，丑丑', '[-甲甲-][+子子+]，[-乙乙-][+丑丑+]'],
  ])('%s and %s', (before, after, want) => expect(shown(before, after)).toBe(want))

  it('loses nothing', () => {
    const before = '第一行\n第二行 with words 12.5%'
    const after = '第一行\n第三行 with other words 13%'
    const all = pieces(before, after)
    expect(all.filter((p) => p.in !== 'after').map((p) => p.text).join('')).toBe(before)
    expect(all.filter((p) => p.in !== 'before').map((p) => p.text).join('')).toBe(after)
  })
})

describe('compare', () => {
  const words = { right: '正确', wrong: '错误', yes: '是' }
  const base: Content = { kind: 'single', stem: '题', options: [{ id: 'a', text: '甲', right: true }, { id: 'b', text: '乙', right: false }], source: '旧章' } as Content
  it('names what differs, options by their ids', () => {
    const after = { ...base, options: [{ id: 'b', text: '乙改', right: true }, { id: 'a', text: '甲', right: false }], source: undefined } as unknown as Content
    const changes = compare(base, after, words)
    expect(changes.map((c) => [c.key, c.same])).toEqual([['kind', true], ['stem', true], ['option:b', false], ['option:a', true], ['key', false], ['source', false]])
    expect(changes.find((c) => c.key === 'option:b')?.params).toEqual({ letter: 'A' })
  })
  it.each<[string, Partial<Content>, string[]]>([
    ['how many files an essay may bring', { attachments: 2 }, ['attachments']],
    ['the share of a partly right choice', { partial: 'fixed', partial_share: 0.5 }, ['partial', 'partial_share']],
    ['an option that keeps its place', { options: [{ id: 'a', text: '甲', right: true }, { id: 'b', text: '乙', right: false, pinned: true }] }, ['pinned']],
    ['order, case and script', { keep_order: true, any_order: true, match_case: true, simplified: true }, ['keep_order', 'any_order', 'match_case', 'simplified']],
    ['the weight and the number of a gap', { blanks: [{ accept: ['三'], weight: 2, number: true }] }, ['blank:0', 'number:1']],
    ['what a wrong unit costs', { unit_penalty: 0.1 }, ['unit_penalty']],
  ])('names %s', (_, more, keys) => {
    expect(compare(base, { ...base, ...more } as Content, words).flatMap((c) => (c.same ? [] : [c.key]))).toEqual(keys)
    expect(compare(base, base, words).every((c) => c.same)).toBe(true)
  })
  it('walks into the items of a material', () => {
    const material = (stem: string): Content => ({ kind: 'material', stem: '材料', subs: [{ weight: 0, content: { kind: 'truefalse', stem, truth: true } }] }) as Content
    const changes = compare(material('对吗'), material('错吗'), words).filter((c) => !c.same)
    expect(changes).toHaveLength(1)
    expect(changes[0]).toMatchObject({ key: 'sub:0.stem', params: { sub: 1 } })
  })
})
