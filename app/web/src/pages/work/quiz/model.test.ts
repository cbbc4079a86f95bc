import { describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import { cellIdle, fixedIds, inPageUnits, minutes, move, newSection, ruleKey, seconds, setBehaviour, settingsProblems, tagsOf, tidyRule, timeFor, totals, validate, type QuizEdit, type ReviewMatrix, type Section, type Settings } from './model'

const none = { responses: false, correctness: false, marks: false, feedback: false, explanation: false, right_answer: false, total: false }
const review: ReviewMatrix = { during: none, after: none, open: none, closed: none }
const settings = (part: Partial<Settings> = {}): Settings => ({
  limit: 1800, attempts: 1, wait: 0, overdue: 'submit', grace: 0, grade_by: 'best', pass_percent: 60, shuffle_options: true, negative_marks: false, manual_release: false, review, ...part,
})
const section = (part: Partial<Section>): Section => ({ id: 's', title: '', shuffle: false, entries: [], ...part })
const edit = (part: Partial<QuizEdit> = {}): QuizEdit => ({
  title: '应知应会', intro: '', settings: settings(), audience: { orgs: ['root'] },
  sections: [section({ entries: [{ question_id: 'q1', points: 2 }, { rule: { kinds: ['single'] }, count: 9, points: 2 }] })], ...part,
})
const keys = (e: QuizEdit) => validate(e).map((p) => `${p.path} ${p.key}`)

describe('a paper', () => {
  it('adds up items and points of fixed and drawn entries', () => {
    expect(totals(edit().sections)).toEqual({ items: 10, points: 20 })
    expect(totals([section({ entries: [{ rule: {}, count: 3, points: 0.1 }] })])).toEqual({ items: 3, points: 0.3 })
  })
  it('counts the items that one answers: a material has several, and earns its points as one', () => {
    expect(totals([section({ entries: [{ question_id: 'm', points: 8, more: 2 }, { question_id: 'q', points: 2 }] })])).toEqual({ items: 4, points: 10 })
    expect(totals([section({ entries: [{ rule: {}, count: 2, points: 5, more: 1, more_most: 3 }] }), section({ entries: [{ rule: {}, count: 1, points: 1, more_most: 2 }] })])).toEqual({ items: 4, items_most: 8, points: 11 })
  })
  it('says how long a taker has: the limit, or that of all sections together where it is shorter', () => {
    const part = (limit?: number, entries = [{ question_id: 'q', points: 1 }]) => section({ limit, entries })
    expect([timeFor([], 0), timeFor([], 60), timeFor([part()], 60), timeFor([part(600), part(300)], 0), timeFor([part(600), part()], 0)]).toEqual([0, 60, 60, 900, 0])
    expect([timeFor([part(600), part(300)], 800), timeFor([part(600), part(300)], 1000), timeFor([part(600), part(undefined, [])], 0)]).toEqual([800, 900, 600])
  })
  it('names what stands in the way', () => {
    expect(keys(edit())).toEqual([])
    expect(keys(edit({ title: ' ', sections: [] }))).toEqual(['title title_empty', 'sections paper_empty'])
    expect(keys(edit({ audience: { orgs: [] } }))).toEqual(['audience.orgs audience_empty'])
    expect(keys(edit({ audience: { orgs: [], members: ['m'] } }))).toEqual([])
  })
  it('refuses one question twice, no points and no count', () => {
    const bad = edit({ sections: [section({ entries: [{ question_id: 'q', points: 2 }] }), section({ entries: [{ question_id: 'q', points: 0 }, { rule: {}, count: 0, points: 1 }] })] })
    expect(keys(bad)).toEqual(['sections[1].entries[0].points points_zero', 'sections[1].entries[0] question_twice', 'sections[1].entries[1].count count_zero'])
  })
  it('refuses a difficulty range turned round', () => {
    for (const [low, high, want] of [[4, 3, 1], [3, 3, 0], [0, 2, 0], [3, 0, 0]] as const) {
      expect(keys(edit({ sections: [section({ entries: [{ rule: { min_difficulty: low, max_difficulty: high }, count: 1, points: 1 }] })] }))).toHaveLength(want)
    }
  })
  it('gives a new section an id of its own', () => {
    const first = newSection('一', [])
    const second = newSection('二', [first])
    expect(first.id).not.toBe(second.id)
    expect(fixedIds(edit().sections)).toEqual(['q1'])
  })
  it('moves entries inside the list', () => {
    const list = [1, 2, 3]
    move(list, 0, -1)
    move(list, 0, 1)
    expect(list).toEqual([2, 1, 3])
  })
})

describe('settings', () => {
  const paths = (part: Partial<Settings>) => settingsProblems(settings(part)).map((p) => p.path)
  it('close after they open', () => {
    expect(paths({ opens: '2026-03-05T06:30:00Z', closes: '2026-03-05T06:30:00Z' })).toEqual(['settings.closes'])
    expect(paths({ opens: '2026-03-05T06:30:00Z', closes: '2026-03-05T06:31:00Z' })).toEqual([])
    expect(paths({ closes: '2026-03-05T06:31:00Z' })).toEqual([])
  })
  it('pass at 0 to 100 percent', () => {
    expect([-1, 0, 100, 101].map((p) => paths({ pass_percent: p }).length)).toEqual([1, 0, 0, 1])
  })
  it('name the grace where it is wanted', () => {
    expect(paths({ overdue: 'grace', grace: 0 })).toEqual(['settings.grace'])
    expect(paths({ overdue: 'grace', grace: 60 })).toEqual([])
    expect(paths({ overdue: 'submit', grace: 0 })).toEqual([])
  })
})

describe('a draw rule', () => {
  it('keeps only what it says', () => {
    expect(tidyRule({ category_ids: [], tags_any: ['党章'], kinds: [], min_difficulty: 0 })).toEqual({ tags_any: ['党章'] })
    expect(ruleKey({ kinds: ['single'] })).toBe(ruleKey({ kinds: ['single'], tags_all: [], max_difficulty: 0 }))
  })
  it('reads tags as they are typed', () => {
    expect(tagsOf(' 党章，党规、 党章; 时政 ')).toEqual(['党章', '党规', '时政'])
  })
})

it('limits of times are told in the minutes of the page', () => {
  const refusal = new Problem(422, 'quiz.invalid', {}, [
    { path: 'settings.limit', key: 'out_of_range', params: { min: 0, max: 2_592_000 } },
    { path: 'sections[12].limit', key: 'out_of_range', params: { min: 0, max: 2_592_000 } },
    { path: 'settings.attempts', key: 'out_of_range', params: { min: 0, max: 100 } },
  ])
  expect((inPageUnits(refusal) as Problem).fields.map((one) => one.params)).toEqual([{ min: 0, max: 43_200 }, { min: 0, max: 43_200 }, { min: 0, max: 100 }])
  expect([minutes(90), seconds(1.5), seconds(null)]).toEqual([1.5, 90, 0])
  const other = new Error('x')
  expect(inPageUnits(other)).toBe(other)
})

it('telling while one answers shows what a checked item usually shows, and keeps what the author chose', () => {
  const s = settings({ review: { ...review, during: { ...none } } })
  expect([cellIdle(s, 'during', 'marks'), cellIdle(s, 'during', 'responses'), cellIdle(s, 'after', 'marks')]).toEqual([true, false, false])
  setBehaviour(s, 'retry')
  expect([s.tries, s.penalty, s.review.during.marks, s.review.during.total]).toEqual([3, 1 / 3, true, false])
  expect([cellIdle(s, 'during', 'marks'), cellIdle(s, 'during', 'total')]).toEqual([false, true])
  s.review.during.right_answer = false
  s.tries = 5
  setBehaviour(s, 'immediate')
  setBehaviour(s, 'retry')
  expect([s.tries, s.review.during.right_answer]).toEqual([5, false])
})
