import { describe, expect, it } from 'vitest'
import en from '@/i18n/en/evaluators.json'
import zh from '@/i18n/zh-CN/evaluators.json'
import { apart, cell, least, lines, names } from './agreement'
import type { Agreement } from './evaluatorsApi'

const of = (more: Partial<Agreement> = {}): Agreement => ({ n: 25, exact: 0.44, within: 0.92, mean: -0.032, sd: 0.11, mean_points: -0.32, sd_points: 1.1, r: { value: 0.8, }, kappa: { value: 0.6 }, grid: 0.5, icc: { value: 0.7499 }, ...more })
const two = { a: '一评', b: '二评' }
const line = (a: Agreement, name: string) => lines(a, 20, two).find((one) => one.name === name)!

describe('figures of agreement', () => {
  it('say what they mean', () => {
    expect(line(of(), 'exact').say).toEqual(['say.exact', { n: '44' }])
    expect(line(of(), 'within').say).toEqual(['say.within', { n: '92', differs: '20' }])
    expect(line(of(), 'mean')).toMatchObject({ value: '-0.32', beside: '-3.2%', say: ['say.mean_low', { points: '0.32', ...two }] })
    expect(line(of({ mean_points: 0.5 }), 'mean')).toMatchObject({ value: '+0.5', say: ['say.mean_high', { points: '0.5', ...two }] })
    expect(line(of({ mean_points: 0.004 }), 'mean')).toMatchObject({ value: '0', say: ['say.mean_same', { points: '0', ...two }] })
    expect(line(of(), 'kappa')).toMatchObject({ value: '0.60', beside: '', say: ['say.kappa', { grid: '0.5' }] })
  })
  it('are judged on both sides of each limit, and not where there are few', () => {
    const kappa = (x: number, n = least) => line(of({ n, kappa: { value: x } }), 'kappa').verdict
    const icc = (x: number) => line(of({ icc: { value: x } }), 'icc').verdict
    expect([0.39, 0.4, 0.59, 0.6, 0.79, 0.8].map((x) => kappa(x))).toEqual(['low', 'middle', 'middle', 'high', 'high', 'very'])
    expect([0.49, 0.5, 0.7499, 0.75, 0.8999, 0.9].map(icc)).toEqual(['low', 'middle', 'middle', 'high', 'high', 'very'])
    expect(kappa(0.9, least - 1)).toBeUndefined()
    expect(line(of(), 'r').verdict).toBeUndefined()
  })
  it('that are not defined say why', () => {
    const a = of({ n: 0, exact: null, within: null, mean: null, sd: null, mean_points: null, sd_points: null, r: { value: null, why: 'same' }, kappa: { value: null, why: 'scale' }, icc: { value: null, why: 'raters' } })
    expect(lines(a, 20, two).map((one) => one.say[0])).toEqual(['why.few', 'why.few', 'why.few', 'why.few', 'why.same', 'why.scale', 'why.raters'])
    expect(names.every((name) => cell(a, name) === '—')).toBe(true)
  })
  it('have every sentence in both languages', () => {
    for (const words of [zh.agree, en.agree]) {
      const told = new Set([...Object.keys(words.say).map((key) => `say.${key}`), ...Object.keys(words.why).map((key) => `why.${key}`)])
      for (const a of [of(), of({ mean_points: 1 }), of({ mean_points: 0 })]) for (const one of lines(a, 10, two)) expect(told).toContain(one.say[0])
      for (const why of ['few', 'same', 'scale', 'grid', 'raters']) expect(told).toContain(`why.${why}`)
    }
  })
})

it('a severity is one where it is beyond its error', () => {
  expect([apart(0.0196, 0.01), apart(0.0197, 0.01), apart(-0.0197, 0.01), apart(0.5, undefined), apart(undefined, 0.1)]).toEqual([false, true, true, false, false])
})
