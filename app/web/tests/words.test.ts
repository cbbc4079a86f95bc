// What is said about an exam, and which items are to be gone over.
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ExamCard } from '@/api/types'
import { lookedAt, seenResults } from '@/exam/seen'
import { examWhen, missed } from '@/exam/words'
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
