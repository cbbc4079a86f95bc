import { expect, test } from 'vitest'
import { described, taken } from './paste'

const picture = new File(['x'], 'a.png', { type: 'image/png' })

test.each([
  ['Excel puts a picture beside its table', { html: '<html><body><!--StartFragment--><table><tr><td>1</td></tr></table><!--EndFragment--></body></html>', text: '1', files: [picture] }, 'formatted'],
  ['a screenshot', { html: '', text: '', files: [picture] }, 'pictures'],
  ['a picture copied from a page', { html: '<meta charset="utf-8"><img src="https://example.org/a.png">', text: '', files: [picture] }, 'pictures'],
  ['words', { html: '', text: '第一条', files: [] }, 'plain'],
  ['words of a code editor: Markdown, in spans', { html: '<meta><div style="color:#000"><div><span># 标题</span></div><div><span>- 甲</span></div></div>', text: '# 标题\n- 甲', files: [] }, 'plain'],
  ['one plain paragraph', { html: '<p>甲</p>', text: '甲', files: [] }, 'plain'],
  ['two paragraphs', { html: '<p>甲</p><p class="x">乙</p>', text: '甲\n乙', files: [] }, 'formatted'],
  ['bold by style', { html: '<span style="font-weight: 700">甲</span>', text: '甲', files: [] }, 'formatted'],
  ['what stands outside of the fragment does not count', { html: '<table><!--StartFragment--><span>甲</span><!--EndFragment--></table>', text: '甲', files: [] }, 'plain'],
  ['a file that is no picture', { html: '', text: '', files: [new File(['x'], 'a.txt', { type: 'text/plain' })] }, 'plain'],
] as const)('%s', (_, clip, want) => expect(taken(clip)).toBe(want))

test('a name describes a picture', () => {
  expect([described('会场 [1].png'), described('无后缀'), described('a.b.jpg')]).toEqual(['会场  1', '无后缀', 'a.b'])
})
