// What both sides read of an appeal, and what a member reads of a changed result.
import { beforeAll, expect, test } from 'vitest'
import { createApp, h, type VNode } from 'vue'
import type { Appeal, RegradeTotals, ResultChange, ReviewItem } from '@/api/types'
import { coreAreas, i18n, loadAreas } from '@/i18n'
import AppealBox from '@/exam/AppealBox.vue'
import AppealThread from '@/exam/AppealThread.vue'
import ChangeNotes from '@/exam/ChangeNotes.vue'
import ReviewCard from '@/exam/ReviewCard.vue'
import { textFault } from '@/components/form'
import FormField from '@/components/FormField.vue'
import RegradeTable from '@/pages/work/marking/RegradeTable.vue'

beforeAll(() => loadAreas([...coreAreas, 'outcome', 'exam']))

function hostOf(render: () => VNode): HTMLElement {
  const host = document.createElement('div')
  createApp({ render }).use(i18n).mount(host)
  return host
}
const textOf = (render: () => VNode): string => hostOf(render).textContent ?? ''

const appeal = {
  id: 'x', rev: 1, quiz_id: 'q', slot: 2, state: 'upheld', answered: true, from: 1, mark: 4.5, reason: '第二点成立', decided_at: '2026-03-05T06:30:00Z', created_at: '2026-03-02T06:30:00Z', updated_at: '2026-03-05T06:30:00Z',
  messages: [{ at: '2026-03-02T06:30:00Z', member: true, text: '我写到了' }, { at: '2026-03-03T06:30:00Z', member: false, text: '正在核对' }],
} as Appeal

test('a thread names nobody: the member reads 我 and 阅卷人, the evaluator 考生', () => {
  const mine = textOf(() => h(AppealThread, { appeal }))
  for (const word of ['我 ·', '阅卷人 ·', '申诉成立', '由 1 分改为 4.5 分', '第二点成立']) expect(mine).toContain(word)
  const theirs = textOf(() => h(AppealThread, { appeal, other: true }))
  expect(theirs).toContain('考生 ·')
  expect(theirs).not.toContain('我 ·')
})

test('a change says what, why, and whether it passes now; nothing changed shows nothing', () => {
  const total = (score: number, points: number, passed: boolean) => ({ score, points, percent: (100 * score) / points, passed })
  const change: ResultChange = { seq: 9, at: '2026-03-05T06:30:00Z', kind: 'regrade', way: 'drop', appeal: false, slot: 3, reason: '题目有歧义', from: total(55, 100, false), to: total(55, 90, true) }
  const text = textOf(() => h(ChangeNotes, { changes: [change] }))
  for (const word of ['55 分改为 55 分（满分 90 分）', '由不合格改为合格', '第 3 题', '剔除本题', '题目有歧义']) expect(text).toContain(word)
  expect(textOf(() => h(ChangeNotes, { changes: [] }))).toBe('')
})

test('a preview says what stands in the way before anything else', () => {
  const totals: RegradeTotals = { attempts: 2, changed: 0, up: 0, down: 0, now_pass: 0, now_fail: 0, kept: 0, again: 0, running: 1, total_only: 0, unfit: 2, empty: 0, mean: 0 }
  const text = textOf(() => h(RegradeTable, { totals, preview: { totals, rows: [], more: 0 } }))
  expect(text).toContain('2 份答卷选过的选项在新版本里已不存在')
  expect(text).toContain('正在作答1')
  expect(text).not.toContain('没有人的成绩会变动')
})

const item = { slot: 1, points: 10, question_version: 'q@1', item: { kind: 'truefalse', stem: '党的二十大于 2022 年召开' }, response: { truth: false }, right_answer: { truth: true }, correct: 'right', mark: 10, comment: '表述亦可', appealed: true } as unknown as ReviewItem

test('a mark given on an appeal is not called right beside a wrong answer, and its reason stands once', () => {
  const text = textOf(() => h(ReviewCard, { review: item, threaded: true }))
  expect(text).toContain('申诉改分')
  expect(text).not.toContain('表述亦可')
  const host = hostOf(() => h(ReviewCard, { review: item }))
  expect([...host.querySelectorAll('header .tag')].map((tag) => tag.textContent)).not.toContain('正确')
  expect(host.textContent).toContain('表述亦可') // where no thread says it
})

test('an item with all of its points offers no appeal', () => {
  expect(textOf(() => h(AppealBox, { attempt: 'a', item: 1, open: true }))).toContain('对本题有异议')
  expect(textOf(() => h(AppealBox, { attempt: 'a', item: 1, open: true, full: true }))).not.toContain('对本题有异议')
})

test('a text is counted as it is typed, and one that is too long is refused with what to do', () => {
  expect(textOf(() => h(FormField, { label: '理由', typed: ' 第二点😀 ', most: 1000 }))).toContain('4 / 1000')
  expect([textFault(' ', 5), textFault('一二三四五', 5), textFault('一二三四五六七', 5)]).toEqual(['请填写这一项。', '', '最多 5 字，请删去 2 字。'])
})

test('a regrade says the mean change as a figure, and each cell of a row what it is', () => {
  const totals: RegradeTotals = { attempts: 2, changed: 1, up: 0, down: 1, now_pass: 0, now_fail: 1, kept: 0, again: 0, running: 0, total_only: 0, unfit: 0, empty: 0, mean: -2.1978 }
  const total = (score: number) => ({ score, points: 26, percent: (100 * score) / 26, passed: score > 15 })
  const rows = [{ attempt_id: 'a', member_id: 'm', name: '王明', org_name: '一支部', state: 'released' as const, mark_from: 4, mark_to: 0, from: total(16), to: total(12), kept: false, unfit: false }]
  const host = hostOf(() => h(RegradeTable, { totals, preview: { totals, rows, more: 0 } }))
  expect(host.textContent).toContain('平均变化−2.2个百分点')
  expect([...host.querySelectorAll('td')].map((cell) => [cell.dataset.label, cell.textContent])).toEqual([['本题', '4 → 0'], ['原成绩', '16 / 26 61.54%'], ['新成绩', '12 / 26 46.15%'], [undefined, '改为不合格']])
})
