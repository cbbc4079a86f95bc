import { describe, expect, it } from 'vitest'
import { consistencyVerdict, discriminationVerdict, facilityVerdict, figure, hundred, itemLines, numbered, ordered, quizLines, seconds, share, shareOf, skewVerdict } from './figures'
import type { ItemFigures, QuizFigures } from './statsApi'

const item = (version: string, more: Partial<ItemFigures> = {}): ItemFigures => ({
  question_id: version, version, number: 1, stem: version, kind: 'single', n: 10, answered: 10, paired: 10, max: 2, facility: 0.5, sd: 1, random_guess: 0.25, effective_weight: 10, covariance: 0.1,
  mark_variance: 1, other_mark_variance: 2, discrimination_index: 30, covariance_max: 0.2, discriminative_efficiency: 50, flags: [], ...more,
})

describe('verdicts stand on both sides of their limits', () => {
  it.each([[null, undefined], [0.0999, 'too_hard'], [0.1, 'hard'], [0.3499, 'hard'], [0.35, 'moderate'], [0.8, 'moderate'], [0.81, 'easy'], [0.95, 'easy'], [0.951, 'too_easy']])('facility %s is %s', (x, key) => expect(facilityVerdict(x)?.key).toBe(key))
  it.each([[null, undefined], [-0.1, 'negative'], [0, 'weak'], [19.9, 'weak'], [20, 'fair'], [30, 'good'], [50, 'very_good']])('discrimination %s is %s', (x, key) => expect(discriminationVerdict(x)?.key).toBe(key))
  it.each([[null, undefined], [-5, 'unreliable'], [64.9, 'unreliable'], [65, 'rough'], [75, 'reliable'], [90, 'very_reliable']])('consistency %s is %s', (x, key) => expect(consistencyVerdict(x)?.key).toBe(key))
  it.each([[null, undefined], [-1.01, 'left'], [-1, 'even'], [1, 'even'], [1.01, 'right']])('skewness %s is %s', (x, key) => expect(skewVerdict(x)?.key).toBe(key))
})

describe('how figures are printed', () => {
  it('has a dash for what is not defined, and no trailing zeros', () => {
    expect([figure(null), share(null), hundred(undefined)]).toEqual(['—', '—', '—'])
    expect([figure(0), figure(2.5), figure(1 / 3), figure(1 / 3, 4), share(0.5), share(1 / 3), hundred(-12.34)]).toEqual(['0', '2.5', '0.33', '0.3333', '50%', '33.3%', '-12.3%'])
  })
  it.each([[0, 'stats.seconds', 0, 0], [59.4, 'stats.seconds', 0, 59], [59.6, 'stats.minutes', 1, 0], [98, 'stats.minutes', 1, 38]])('%s seconds', (x, key, m, s) => expect(seconds(x)).toEqual([key, { m, s }]))
  it('gives shares by third, none where nobody is in it', () => {
    expect([shareOf([1, 0, 3], [4, 0, 3], 0), shareOf([1, 0, 3], [4, 0, 3], 1), shareOf([1, 0, 3], [4, 0, 3], 2)]).toEqual([0.25, null, 1])
  })
  it('tells totals with what they are out of, and every figure once', () => {
    const quiz: QuizFigures = { n: 3, points: 20, mean: 12.5, median: null, sd: 1, skewness: 0, kurtosis: null, cic: 80, error_ratio: 40, standard_error: 0.4 }
    const lines = quizLines(quiz)
    expect(lines.slice(0, 2).map((one) => one.value)).toEqual(['12.5 / 20', '—'])
    expect(lines.find((one) => one.key === 'cic')?.verdict?.key).toBe('reliable')
    for (const list of [lines, itemLines(item('a'))]) expect(new Set(list.map((one) => one.key)).size).toBe(list.length)
  })
})

describe('order of the items', () => {
  const list = numbered([item('a', { facility: 0.2, discrimination_index: null, effective_weight: 5 }), item('b', { facility: 0.4, discrimination_index: -3, effective_weight: null, flags: ['negative'], time: { n: 1, lower: 1, median: 20, upper: 30 } }), item('c', { facility: 0.4, effective_weight: 40, time: { n: 1, lower: 1, median: 50, upper: 60 } })])
  const of = (order: Parameters<typeof ordered>[1], flagged = false) => ordered(list, order, flagged).map((one) => `${one.no}${one.item.version}`).join(' ')
  it('keeps the numbers, and has what is not known last', () => {
    expect(of('facility')).toBe('1a 2b 3c')
    expect(of('discrimination')).toBe('2b 3c 1a')
    expect(of('weight')).toBe('3c 1a 2b')
    expect(of('time')).toBe('3c 2b 1a')
    expect(of('time', true)).toBe('2b')
  })
  it('has the numbers of the paper where everybody has the same, and can follow it', () => {
    const same = numbered([item('a', { slot: 3, facility: 0.1 }), item('b', { slot: 1, facility: 0.2 }), item('c', { slot: 2, facility: 0.3 })])
    expect(ordered(same, 'facility', false).map((one) => one.no)).toEqual([3, 1, 2])
    expect(ordered(same, 'paper', false).map((one) => one.no)).toEqual([1, 2, 3])
    expect([same[0]!.called, list[0]!.called]).toEqual(['stats.no', 'stats.rank'])
  })
})
