import { expect, it } from 'vitest'
import { plainWords, richParts } from '@/exam/rich'

const id = '0123456789abcdef0123456789abcdef'

it('takes a text apart', () => {
  expect(richParts('只有文字')).toEqual([{ text: '只有文字' }])
  expect(richParts('')).toEqual([{ text: '' }])
  expect(richParts(`看图：![党徽](media:${id})，说明含义。`)).toEqual([{ text: '看图：' }, { media: id, alt: '党徽' }, { text: '，说明含义。' }])
  expect(richParts('求 \\(x^2\\) 与 $$\\frac{1}{2}$$ 和 \\[y\\]')).toEqual([
    { text: '求 ' }, { tex: 'x^2', display: false }, { text: ' 与 ' }, { tex: '\\frac{1}{2}', display: true }, { text: ' 和 ' }, { tex: 'y', display: true },
  ])
})

it('leaves alone what is neither', () => {
  for (const text of ['![x](http://a/b.png)', '![x](media:zz)', '<img src=x onerror=alert(1)>', '价格 $5 和 $6', '\\( \\)', '$$ $$', '\\(没有结尾']) {
    expect(richParts(text)).toEqual([{ text }])
  }
})

it('gives the words for a list', () => {
  expect(plainWords(`看图![](media:${id})回答 \\(x\\)`, '图')).toBe('看图［图］回答 x')
  expect(plainWords(`\\(\\frac{x}{2}\\) 与 ![](media:${id})`, '图', '公式')).toBe('［公式］ 与 ［图］')
})
