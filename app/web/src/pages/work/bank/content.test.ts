import { describe, expect, it } from 'vitest'
import { addOption, changeKind, contentOf, emptyForm, formOf, gapCount, insertGap, keyText, markRight, maxOptions, moveOption, numeric, removeOption, stemParts, syncBlanks, validate, type Content, type Form } from './content'

const keys = (form: Form) => validate(form).map((p) => `${p.path} ${p.key}`)

function choice(kind: 'single' | 'multiple', texts: string[], right: number[]): Form {
  const form = emptyForm(kind)
  form.stem = '支部党员大会一般多久召开一次？'
  form.options = texts.map((text, i) => ({ id: '', text, right: right.includes(i) }))
  return form
}

describe('a choice', () => {
  it('needs a stem, two options and a key', () => {
    expect(keys(emptyForm())).toEqual(['stem stem_empty', 'options options_few', 'options key_none'])
    expect(keys(choice('single', ['每月', '每季度'], [1]))).toEqual([])
    expect(keys(choice('multiple', ['每月', '每季度'], []))).toEqual(['options keys_none'])
  })
  it('refuses a second right option only where one is wanted', () => {
    expect(keys(choice('single', ['甲', '乙'], [0, 1]))).toEqual(['options key_many'])
    expect(keys(choice('multiple', ['甲', '乙'], [0, 1]))).toEqual([])
  })
  it('finds the same option twice whatever its width and spaces', () => {
    expect(keys(choice('single', ['1 次', '１次', '2 次'], [0]))).toEqual(['options[1].text option_twice'])
  })
  it('does not take an empty option as the key', () => {
    expect(keys(choice('single', ['甲', '乙', ''], [2]))).toEqual(['options[2].text option_empty', 'options key_none'])
  })
  it('marks one option for a single choice and a set for a multiple one', () => {
    const single = choice('single', ['甲', '乙', '丙'], [0])
    markRight(single, 2, true)
    expect(single.options.map((o) => o.right)).toEqual([false, false, true])
    const multiple = choice('multiple', ['甲', '乙', '丙'], [0])
    markRight(multiple, 2, true)
    expect(multiple.options.map((o) => o.right)).toEqual([true, false, true])
  })
  it('keeps the first right option when it becomes a single choice', () => {
    const form = choice('multiple', ['甲', '乙', '丙'], [1, 2])
    changeKind(form, 'single')
    expect(form.options.map((o) => o.right)).toEqual([false, true, false])
  })
  it('has two to twelve options and moves them inside these', () => {
    const form = choice('single', ['甲', '乙'], [0])
    removeOption(form, 0)
    expect(form.options).toHaveLength(2)
    moveOption(form, 0, -1)
    moveOption(form, 0, 1)
    expect(form.options.map((o) => o.text)).toEqual(['乙', '甲'])
    for (let i = 0; i < 20; i++) addOption(form)
    expect(form.options).toHaveLength(maxOptions)
  })
  it('takes a partial share above 0 and up to 1', () => {
    const form = choice('multiple', ['甲', '乙'], [0, 1])
    form.partial = 'fixed'
    for (const [share, want] of [[0, ['partial_share partial_share']], [0.01, []], [1, []], [1.01, ['partial_share partial_share']]] as const) {
      form.partial_share = share
      expect(keys(form)).toEqual(want)
    }
  })
})

describe('true or false', () => {
  it('must say which', () => {
    const form = emptyForm('truefalse')
    form.stem = '党员大会由支部书记召集并主持。'
    expect(keys(form)).toEqual(['truth truth_empty'])
    form.truth = false
    expect(keys(form)).toEqual([])
    expect(contentOf(form)).toEqual({ kind: 'truefalse', stem: '党员大会由支部书记召集并主持。' })
  })
})

describe('blanks', () => {
  it('follow the gaps of the stem', () => {
    const form = emptyForm('blanks')
    form.stem = '党支部每____召开一次党员大会，每____召开一次支委会。'
    syncBlanks(form)
    expect(form.blanks).toHaveLength(2)
    expect(keys(form)).toEqual(['blanks[0].accept blank_empty', 'blanks[1].accept blank_empty'])
    form.blanks[0]!.accept = ['季度']
    form.blanks[1]!.accept = ['月', '个月']
    expect(keys(form)).toEqual([])
  })
  it('keep what was typed when a gap goes, and say so', () => {
    const form = emptyForm('blanks')
    form.stem = '____和____'
    syncBlanks(form)
    form.blanks[0]!.accept = ['甲']
    form.blanks[1]!.accept = ['乙']
    form.stem = '____'
    syncBlanks(form)
    expect(form.blanks).toHaveLength(2)
    expect(keys(form)).toEqual(['blanks blanks_surplus'])
  })
  it('put a gap at the caret', () => {
    const form = emptyForm('blanks')
    form.stem = '每召开'
    expect(insertGap(form, 1)).toBe(5)
    expect(form.stem).toBe('每____召开')
    expect(form.blanks).toHaveLength(1)
  })
  it('count three or more underscores as one gap', () => {
    expect([gapCount('a__b'), gapCount('a___b'), gapCount('a______b___')]).toEqual([0, 1, 2])
    expect(stemParts('每___开会')).toEqual(['每', '开会'])
  })
  it('compare as numbers only what is one', () => {
    const form = emptyForm('blanks')
    form.stem = '不少于____学时'
    form.blanks = [{ accept: ['三十二', '32'], number: true, tolerance: 0 }]
    expect(keys(form)).toEqual([])
    form.blanks[0]!.accept.push('若干')
    expect(keys(form)).toEqual(['blanks[0].accept blank_number'])
    form.blanks = [{ accept: ['32'], number: true, tolerance: -1 }]
    expect(keys(form)).toEqual(['blanks[0].tolerance tolerance_negative'])
    expect(['32', '－3.5', '80%', '二十', 'abc', ''].map(numeric)).toEqual([true, true, true, true, false, false])
  })
  it('need a gap', () => {
    const form = emptyForm('blanks')
    form.stem = '没有空'
    expect(keys(form)).toEqual(['stem gap_none'])
  })
})

describe('between the form and the server', () => {
  const contents: Content[] = [
    { kind: 'single', stem: '题', options: [{ id: 'a', text: '甲', right: true }, { id: 'b', text: '乙', right: false, feedback: '不对' }], keep_order: true, difficulty: 3 },
    { kind: 'multiple', stem: '题', options: [{ id: 'a', text: '甲', right: true }, { id: 'b', text: '乙', right: true }], partial: 'fixed', partial_share: 0.4 },
    { kind: 'truefalse', stem: '题', truth: true, source: '党章' },
    { kind: 'blanks', stem: '____', blanks: [{ accept: ['一', '1'], number: true, tolerance: 0.5, weight: 2 }], any_order: true, simplified: true },
    { kind: 'short', stem: '题', model: '答', explanation: '解', feedback: '评' },
  ]
  it('nothing is lost', () => {
    for (const content of contents) expect(contentOf(formOf(content))).toEqual(content)
  })
  it('fields of other kinds stay in the form and out of the content', () => {
    const form = formOf(contents[0]!)
    changeKind(form, 'short')
    expect(contentOf(form)).toEqual({ kind: 'short', stem: '题', difficulty: 3 })
    changeKind(form, 'single')
    expect(contentOf(form)).toEqual(contents[0])
  })
  it('shows the key in one line', () => {
    const words = { right: '对', wrong: '错' }
    expect(contents.map((c) => keyText(c, words))).toEqual(['A', 'AB', '对', '一 / 1', '答'])
  })
})
