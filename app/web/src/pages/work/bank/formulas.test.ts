import { describe, expect, it } from 'vitest'
import { emptyForm, emptySub } from './content'
import { formulaProblems } from './formulas'

const stem = (text: string) => Object.assign(emptyForm('short'), { stem: text })

describe('formulas', () => {
  it.each([
    ['no formula at all, 5 $ and 10 $', []],
    ['\\(x^2\\) and $$\\int_0^1 x\\,dx$$ and \\[\\frac12\\]', []],
    ['\\(\\frac{1}{\\)', ['formula']],
    ['$$\\notacmd{x}$$', ['formula']],
    ['\\(x + 1', ['formula_open']],
    ['x$$y', ['formula_open']],
    ['![图](media:0123456789abcdef0123456789abcdef) \\(x\\)', []],
  ])('%s', async (text, keys) => expect((await formulaProblems(stem(text))).map((p) => p.key)).toEqual(keys))

  it('names the field, and the formula', async () => {
    const form = Object.assign(emptyForm('material'), { stem: '材料', subs: [emptySub('single')] })
    form.subs[0]!.form.stem = '小题'
    form.subs[0]!.form.options[1]!.text = '\\(\\sqrt{\\)'
    expect(await formulaProblems(form)).toEqual([{ path: 'subs[0].content.options[1].text', key: 'formula', params: { tex: '\\sqrt{' } }])
  })
})
