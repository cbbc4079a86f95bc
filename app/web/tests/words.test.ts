// What is said about an exam, and which items are to be gone over.
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ExamCard, Item } from '@/api/types'
import { lookedAt, seenResults } from '@/exam/seen'
import { answerWords, gapFeedback, rightWords, withSub } from '@/exam/kinds/subs'
import { itemCount } from '@/exam/count'
import { examFacts, examLength, examWhen, missed, passageAgain, timeRule, totalWhy } from '@/exam/words'
import { coreAreas, loadAreas, t } from '@/i18n'

beforeAll(() => loadAreas([...coreAreas, 'exam']))

const now = Date.parse('2026-03-02T08:00:00Z')
const card = (more: Partial<ExamCard>): ExamCard => ({
  quiz_id: 'q', title: '党章', org_id: 'o', org_name: '机关党委', limit: 1800, items: 6, points: 100, pass_percent: 60, state: 'open',
  attempts_used: 0, attempts_allowed: 1, password_required: false, closes: '2026-03-06T17:00:00Z', ...more,
})

describe('an exam says when', () => {
  test('the window while nothing runs', () => {
    expect(examWhen(card({}), now, t)).toContain('4 天 9 小时')
  })
  test("the attempt's own deadline while one runs", () => {
    const text = examWhen(card({ open_attempt_id: 'a', open_deadline: '2026-03-02T08:28:00Z', attempts_used: 1 }), now, t)
    expect(text).toContain('28 分钟')
    expect(text).toContain('16:28')
    expect(text).not.toContain('4 天')
  })
  test('the window for a running attempt without a limit', () => {
    expect(examWhen(card({ open_attempt_id: 'a', limit: 0 }), now, t)).toContain('4 天 9 小时')
  })
})

describe('the rule of the time is true', () => {
  const closes = '2026-03-06T17:00:00Z'
  test.each([
    [{ limit: 1800, closes }, '30 分钟', '限时 30 分钟'],
    [{ limit: 0, closes }, '不限', '不限作答时长，请在截止时间之前交卷'],
    [{ limit: 0 }, '不限', '不限作答时长，答完后请交卷'],
    [{ limit: 0, closes, timed_parts: true }, '分部分计时', '请在截止时间之前交卷'],
    [{ limit: 0, timed_parts: true }, '分部分计时', '没有整场时限和截止时间'],
  ])('%o', (exam, length, rule) => {
    expect(examLength(exam, t)).toBe(length)
    expect(timeRule(exam, t)).toContain(rule)
    expect(examFacts(card(exam), t)).toContain(exam.limit ? '30 分钟' : 'timed_parts' in exam ? '分部分计时' : '不限时')
    if (!('closes' in exam) && exam.limit === 0) expect(timeRule(exam, t)).not.toContain('截止时间之前')
  })
})

test.each([
  ['after_close', '2026-03-06T17:00:00Z', '考试截止（'],
  ['after_close', undefined, '没有设截止时间'],
  ['soon', undefined, '几分钟后'],
  ['never', undefined, '按考试的设置，不显示总分。'],
  ['not_counted', undefined, '不计分'],
  ['when_marked', undefined, '评阅'],
  ['when_released', undefined, '发布'],
])('a total that is not shown: %s, closes %s', (results_at, closes_at, words) => {
  expect(totalWhy({ results_at, closes_at }, t)).toContain(words)
})

test('items are counted as they are answered', () => {
  expect([itemCount({ items: 16 }), itemCount({ items: 15, items_most: 17 })]).toEqual(['16', '15–17'])
})

test.each([
  [{ correct: 'right', mark: 10, points: 10 }, false],
  [{ correct: 'partial', mark: 5, points: 10 }, true],
  [{ correct: 'right', mark: 0, points: 0 }, false],
  [{ correct: 'blank', points: 10 }, true],
  [{ correct: 'wrong', points: 10 }, true],
  [{ correct: 'pending', points: 10 }, false],
  [{ mark: 9.5, points: 10 }, true],
  [{ points: 10 }, false],
])('%o is to be gone over: %s', (item, is) => {
  expect(missed(item)).toBe(is)
})

describe('results looked at', () => {
  const kept = new Map<string, string>()
  beforeEach(() => vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) }))
  afterEach(() => (kept.clear(), vi.unstubAllGlobals()))

  test('are known again, and new once the score changed', () => {
    expect(seenResults()('a', 90)).toBe(false)
    lookedAt('a', 90)
    expect(seenResults()('a', 90)).toBe(true)
    expect(seenResults()('a', 92)).toBe(false)
    expect(seenResults()('b', 90)).toBe(false)
  })
  test('broken storage counts as nothing seen', () => {
    kept.set('qiming.seen_results', '{')
    expect(seenResults()('a', 90)).toBe(false)
  })
})

describe('the parts of an item', () => {
  const single: Item = { kind: 'single', stem: '____', options: [{ id: 'a', text: '甲' }, { id: 'b', text: '乙' }] }
  const number: Item = { kind: 'numerical', stem: '____', units: ['倍'] }
  const subs = [single, { kind: 'blanks', stem: '____' }, number]
  test('are answered together, one response each', () => {
    const one = withSub(subs, {}, 1, { texts: ['x'] })
    expect(one).toEqual({ subs: [{}, { texts: ['x'] }, {}] })
    expect(withSub(subs, one, 0, { choices: ['a'] })).toEqual({ subs: [{ choices: ['a'] }, { texts: ['x'] }, {}] })
    expect(withSub(subs, one, 1, { texts: ['  '] })).toEqual({})
    expect(withSub(subs, {}, 2, { unit: '倍' })).toEqual({ subs: [{}, {}, { unit: '倍' }] })
  })
  test('in words', () => {
    expect([answerWords(single, { choices: ['b'] }), answerWords(subs[1], { texts: ['x'] }), answerWords(number, { text: '8', unit: '倍' }), answerWords(single, {}), answerWords(single, undefined)]).toEqual(['乙', 'x', '8 倍', '', ''])
    expect(rightWords(single, { choices: ['a'] })).toBe('甲')
    expect(rightWords(subs[1]!, { texts: [['十一', '11']] })).toBe('十一 / 11')
    expect(rightWords(subs[1]!, { texts: [['*从严治党*', '5\\*3', '三十二']], tolerances: [0.5] })).toBe('…从严治党… / 5*3 / 三十二 ± 0.5')
    expect(rightWords(number, { ranges: [{ min: 1, max: 2 }], units: [{ name: '倍', factor: 1 }] })).toBe('1 – 2 倍')
    expect(rightWords(single, undefined)).toBe('')
  })
  test('have feedback by their number', () => {
    expect(gapFeedback({ '1.a': '一', '11.a': '十一', '2.b': '二' }, 1)).toEqual(['一'])
  })
})

test('a passage is open at its first item only', () => {
  const of = (slot: number, passage?: string) => ({ slot, item: { kind: 'short', stem: '', passage } })
  expect([...passageAgain([of(1), of(2, '甲'), of(3, '甲'), of(4, '乙'), of(5, '甲')])]).toEqual([3, 5])
})
