import { describe, expect, it } from 'vitest'
import { addOption, changeKind, contentOf, emptyForm, emptySub, formOf, gapCount, insertGap, isRight, keyText, markRight, maxOptions, maxSubs, moveOption, previewOf, removeOption, ruleOf, setPartial, stemParts, syncGaps, type Content, type Form } from './content'
import { errorsUnder, numeric, validate } from './problems'

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
    syncGaps(form)
    expect(form.blanks).toHaveLength(2)
    expect(keys(form)).toEqual(['blanks[0].accept blank_empty', 'blanks[1].accept blank_empty'])
    form.blanks[0]!.accept = ['季度']
    form.blanks[1]!.accept = ['月', '个月']
    expect(keys(form)).toEqual([])
  })
  it('keep what was typed when a gap goes, and say so', () => {
    const form = emptyForm('blanks')
    form.stem = '____和____'
    syncGaps(form)
    form.blanks[0]!.accept = ['甲']
    form.blanks[1]!.accept = ['乙']
    form.stem = '____'
    syncGaps(form)
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

describe('weights of options', () => {
  const weighed = (kind: 'single' | 'multiple', weights: number[]): Form => {
    const form = choice(kind, weights.map((_, i) => `选项${i}`), [])
    form.partial = 'weights'
    form.options.forEach((o, i) => (o.weight = weights[i]))
    return form
  }
  it('that earn sum to 100 % in a multiple choice', () => {
    for (const [weights, want] of [
      [[0.5, 0.5, -0.5], []],
      [[0.3333, 0.3333, 0.3333], []],
      [[0.5, 0.4, 0], ['options weights_sum']],
      [[0.6, 0.5, 0], ['options weights_sum']],
      [[0, 0, -1], ['options weights_sum']],
      [[1, 0, -1.01], ['options[2].weight weight_range']],
    ] as const) expect(keys(weighed('multiple', [...weights]))).toEqual(want)
  })
  it('of a single choice: one earns all', () => {
    expect(keys(weighed('single', [1, 0.5, -0.25]))).toEqual([])
    expect(keys(weighed('single', [0.9, 0.5]))).toEqual(['options weights_single'])
  })
  it('say which options are right', () => {
    const right = (form: Form) => form.options.map((o) => isRight(form, o))
    expect(right(weighed('multiple', [0.5, 0.5, 0, -0.5]))).toEqual([true, true, false, false])
    expect(right(weighed('single', [1, 0.5, -0.25]))).toEqual([true, false, false])
    expect(contentOf(weighed('multiple', [1, 0, -0.5])).options).toEqual([
      { id: '', text: '选项0', right: true, weight: 1 },
      { id: '', text: '选项1', right: false },
      { id: '', text: '选项2', right: false, weight: -0.5 },
    ])
  })
  it('begin with the right options in equal parts, and leave them right', () => {
    const form = choice('multiple', ['甲', '乙', '丙', '丁'], [0, 1, 3])
    setPartial(form, 'weights')
    expect(form.options.map((o) => o.weight)).toEqual([0.34, 0.33, undefined, 0.33])
    expect(keys(form)).toEqual([])
    form.options[0]!.weight = 0
    form.options[2]!.weight = 0.34
    setPartial(form, 'none')
    expect(form.options.map((o) => o.right)).toEqual([false, true, true, true])
    expect(contentOf(form).options![2]).toEqual({ id: '', text: '丙', right: true })
  })
  it('leave one right option of a single choice', () => {
    const form = weighed('single', [0.5, 1, 1])
    setPartial(form, 'none')
    expect(form.options.map((o) => o.right)).toEqual([false, true, false])
  })
  it('are a rule of choices alone', () => {
    const form = weighed('multiple', [1, 0])
    for (const [kind, rule] of [['single', 'weights'], ['multiple', 'weights'], ['ordering', 'none'], ['matching', 'none'], ['blanks', 'none']] as const) {
      changeKind(form, kind)
      expect(ruleOf(form)).toBe(rule)
    }
  })
})

describe('a cloze', () => {
  const cloze = () => {
    const form = emptyForm('cloze')
    form.stem = '党章第____条，共____章。'
    syncGaps(form)
    return form
  }
  it('has an answer of its own for each gap', () => {
    const form = cloze()
    expect(form.gaps.map((gap) => gap.form.kind)).toEqual(['single', 'single'])
    changeKind(form.gaps[1]!.form, 'blanks')
    expect(keys(form)).toEqual(['subs[0].content.options options_few', 'subs[0].content.options key_none', 'subs[1].content.blanks[0].accept blank_empty'])
    expect(validate(form).at(-1)!.params).toEqual({ n: 2 })
    form.gaps[1]!.form.blanks[0]!.accept = ['十一']
    Object.assign(form.gaps[0]!.form, { options: [{ id: '', text: '一', right: true }, { id: '', text: '二', right: false }] })
    expect(keys(form)).toEqual([])
    expect(contentOf(form).subs!.map((sub) => sub.content.stem)).toEqual(['____', '____'])
    expect(keyText(contentOf(form), { right: '对', wrong: '错' })).toBe('1. A；2. 十一')
  })
  it('puts a gap before the others without moving their answers', () => {
    const form = cloze()
    form.gaps[0]!.form.blanks[0]!.accept = ['甲']
    insertGap(form, 0)
    expect(form.gaps.map((gap) => gap.form.blanks[0]!.accept)).toEqual([[''], ['甲'], ['']])
    const blanks = emptyForm('blanks')
    blanks.stem = '____'
    syncGaps(blanks)
    blanks.blanks[0]!.accept = ['甲']
    insertGap(blanks, 0) // beside the other: one gap still
    expect(blanks.blanks).toHaveLength(1)
  })
  it('keeps what was written when a gap goes', () => {
    const form = cloze()
    form.gaps[1]!.form.options[0]!.text = '一'
    form.stem = '党章第____条'
    syncGaps(form)
    expect(keys(form)).toContain('subs blanks_surplus')
    form.gaps[1]!.form.options[0]!.text = ''
    syncGaps(form)
    expect(form.gaps).toHaveLength(1)
  })
  it('weighs all gaps or none', () => {
    const form = cloze()
    form.gaps[0]!.weight = 2
    expect(keys(form)).toContain('subs weights_mixed')
    form.gaps[1]!.weight = 1
    expect(keys(form)).not.toContain('subs weights_mixed')
    form.gaps[1]!.weight = -1
    expect(keys(form)).toContain('subs[1].weight weight_negative')
  })
})

describe('an essay', () => {
  it('has a rubric of 100 %, or none', () => {
    const form = emptyForm('essay')
    form.stem = '谈谈认识。'
    expect(keys(form)).toEqual([])
    for (const [shares, want] of [[[0.6, 0.4], []], [[0.6, 0.5], ['rubric rubric_sum']], [[1.1], ['rubric[0].share partial_share']], [[0.3333, 0.3333, 0.3333], []]] as const) {
      form.rubric = shares.map((share, i) => ({ name: `第${i}项`, note: '', share, levels: [] }))
      expect(keys(form)).toEqual(want)
    }
  })
  it('names each criterion once, and leaves empty rows out', () => {
    const form = emptyForm('essay')
    form.stem = '谈谈认识。'
    form.rubric = [{ name: '观点', note: ' 明确 ', share: 0.5, levels: [] }, { name: '观点', note: '', share: 0.5, levels: [] }, { name: '', note: '', share: 0, levels: [] }]
    expect(keys(form)).toEqual(['rubric[1].name criterion_twice'])
    form.rubric[1]!.name = ''
    expect(keys(form)).toEqual(['rubric[1].name criterion_empty'])
    form.rubric[1]!.name = '论据'
    expect(contentOf(form).rubric).toEqual([{ name: '观点', note: '明确', share: 0.5 }, { name: '论据', share: 0.5 }])
  })
})

describe('a material', () => {
  it('begins with one question and wants at least one', () => {
    const form = emptyForm()
    changeKind(form, 'material')
    expect(keys(form).slice(0, 2)).toEqual(['stem material_empty', 'subs[0].content.stem stem_empty'])
    form.subs = []
    expect(keys(form)).toEqual(['stem material_empty', 'subs subs_none'])
    form.subs = Array.from({ length: maxSubs + 1 }, () => emptySub('short'))
    expect(keys(form)).toContain('subs subs_many')
    form.subs.pop()
    expect(keys(form)).not.toContain('subs subs_many')
  })
  it('finds the errors of one question', () => {
    expect(errorsUnder({ stem: 'a', 'subs[1].content.stem': 'b', 'subs[1].content.options[0].text': 'c', 'subs[11].content.stem': 'd' }, 'subs[1].content.')).toEqual({ stem: 'b', 'options[0].text': 'c' })
  })
  it('is previewed with its questions, without their keys', () => {
    const form = formOf({ kind: 'material', stem: '材料', subs: [{ content: { kind: 'multiple', stem: '问', options: [{ id: 'a', text: '甲', right: true }, { id: 'b', text: '乙', right: false }] } }] })
    expect(previewOf(form).subs![0]!.options).toEqual([{ id: 'a', text: '甲' }, { id: 'b', text: '乙' }])
  })
})

describe('between the form and the server', () => {
  const contents: Content[] = [
    { kind: 'single', stem: '题', options: [{ id: 'a', text: '甲', right: true }, { id: 'b', text: '乙', right: false, feedback: '不对' }], keep_order: true, difficulty: 3 },
    { kind: 'multiple', stem: '题', options: [{ id: 'a', text: '甲', right: true }, { id: 'b', text: '乙', right: true }], partial: 'fixed', partial_share: 0.4 },
    { kind: 'truefalse', stem: '题', truth: true, source: '党章' },
    { kind: 'blanks', stem: '____', blanks: [{ accept: ['一', '1'], number: true, tolerance: 0.5, weight: 2 }], any_order: true, simplified: true },
    { kind: 'short', stem: '题', model: '答', explanation: '解', feedback: '评' },
    { kind: 'multiple', stem: '题', options: [{ id: 'a', text: '甲', right: true, weight: 1 }, { id: 'b', text: '乙', right: false, weight: -0.5 }], partial: 'weights' },
    { kind: 'essay', stem: '题', model: '答', rubric: [{ name: '观点', note: '明确', share: 0.6, levels: [{ title: '鲜明', share: 1, note: '切题', comment: '观点鲜明' }, { title: '含糊', share: 0.375 }] }, { name: '论据', share: 0.4 }], attachments: 2 },
    {
      kind: 'cloze',
      stem: '____和____',
      subs: [
        { weight: 2, content: { kind: 'numerical', stem: '____', ranges: [{ min: 1, max: 2, weight: 1 }] } },
        { weight: 1, content: { kind: 'blanks', stem: '____', blanks: [{ accept: ['一'] }], simplified: true } },
      ],
    },
    { kind: 'material', stem: '材料', subs: [{ content: { kind: 'short', stem: '问', model: '答', explanation: '解' } }, { content: { kind: 'truefalse', stem: '判', truth: true } }] },
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
    expect(contents.map((c) => keyText(c, words))).toEqual(['A', 'AB', '对', '一 / 1', '答', 'A', '答', '1. 1 – 2；2. 一', '1. 答；2. 对'])
  })
})

describe('what is wrong is said in the words of its field', () => {
  function number(range: Partial<Form['ranges'][number]>, more: Partial<Form> = {}): Form {
    return Object.assign(emptyForm('numerical'), { stem: 's', ranges: [{ min: 1, max: 2, weight: 1, ...range }] }, more)
  }
  it.each<[string, Form, string[]]>([
    ['a negative tolerance', number({ min: 2, max: 1 }), ['ranges[0].max tolerance_negative']],
    ['turned ends', number({ min: 2, max: 1, ends: true }), ['ranges[0].max range_turned']],
    ['a share that is none, once', number({ weight: 1.3 }), ['ranges[0].weight partial_share']],
    ['no whole range', number({ weight: 0.5 }), ['ranges range_whole']],
    ['a unit that costs more than all', number({}, { units: [{ name: '米', factor: 1 }], unit_penalty: 1.5 }), ['unit_penalty share_or_none']],
    ['the same item of a sequence', { ...choice('single', ['甲', '乙', '甲'], []), kind: 'ordering' }, ['options[2].text item_twice']],
  ])('%s', (_, form, want) => expect(keys(form)).toEqual(want))
  it('one weight of two blanks', () => {
    const form = emptyForm('blanks')
    Object.assign(form, { stem: '____和____', blanks: [{ accept: ['a'], weight: 2 }, { accept: ['b'] }] })
    expect(keys(form)).toEqual(['blanks[1].weight weights_mixed'])
    form.blanks[1]!.weight = 1
    expect(keys(form)).toEqual([])
  })
})
