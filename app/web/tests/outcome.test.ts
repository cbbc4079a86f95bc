// What both sides read of an appeal, and what a member reads of a changed result.
import { beforeAll, expect, test } from 'vitest'
import { createApp, h, type VNode } from 'vue'
import type { Appeal, RegradeTotals, ResultChange } from '@/api/types'
import { i18n, loadAreas } from '@/i18n'
import AppealThread from '@/exam/AppealThread.vue'
import ChangeNotes from '@/exam/ChangeNotes.vue'
import RegradeTable from '@/pages/work/marking/RegradeTable.vue'

beforeAll(() => loadAreas(['outcome', 'exam']))

function textOf(render: () => VNode): string {
  const host = document.createElement('div')
  createApp({ render }).use(i18n).mount(host)
  return host.textContent ?? ''
}

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
