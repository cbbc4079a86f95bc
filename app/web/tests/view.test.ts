// Who decides on a question sees all that decides how it looks and marks.
import { beforeAll, expect, test } from 'vitest'
import { createApp, h, type VNode } from 'vue'
import { i18n, loadAreas } from '@/i18n'
import type { Content } from '@/pages/work/bank/content'
import type { ReviewItem } from '@/api/types'
import ReviewCard from '@/exam/ReviewCard.vue'
import QuestionView from '@/pages/work/components/QuestionView.vue'

beforeAll(() => loadAreas(['bank', 'exam', 'work']))

function mount(render: () => VNode): HTMLElement {
  const host = document.createElement('div')
  createApp({ render }).use(i18n).mount(host)
  return host
}
const shown = (content: Content, showKey = true): string => mount(() => h(QuestionView, { content, showKey })).textContent ?? ''

test.each<[string, Content, string[]]>([
  ['a number', { kind: 'numerical', stem: 's', ranges: [{ min: 3, max: 4, weight: 0.5, feedback: '接近了' }], units: [{ name: '米', factor: 1 }], unit_penalty: 0.125, feedback: '整体如此' }, ['3', '4', '50%', '接近了', '12.5%', '整体如此']],
  ['gaps', { kind: 'blanks', stem: '____和____', blanks: [{ accept: ['甲'], weight: 2 }, { accept: ['乙'], weight: 1 }], any_order: true, match_case: true, simplified: true }, ['权重 2', '权重 1', '各空次序可以互换', '区分英文大小写', '繁体按简体评判']],
  ['an essay', { kind: 'essay', stem: 's', attachments: 2, rubric: [{ name: '观点', share: 1 }] }, ['可附 2 个文件', '观点']],
  ['a choice', { kind: 'multiple', stem: 's', options: [{ id: 'a', text: '甲', right: true, pinned: true, feedback: '对' }, { id: 'b', text: '乙', right: false }], keep_order: true, partial: 'fixed', partial_share: 0.333 }, ['位置不变', '对', '不打乱选项次序', '33.3%']],
])('%s', (_, content, words) => {
  const text = shown(content)
  for (const word of words) expect(text).toContain(word)
})

test('what a taker is not to know is hidden without the key', () => {
  const text = shown({ kind: 'numerical', stem: 's', ranges: [{ min: 3, max: 4, weight: 1, feedback: '接近了' }], feedback: '整体如此', explanation: '因为' }, false)
  for (const word of ['接近了', '整体如此', '因为']) expect(text).not.toContain(word)
})

test('the review of gaps says of each whether it was right', () => {
  const review = {
    slot: 1, points: 2, mark: 1, question_version: 'v', correct: 'partial', response: { texts: ['北京', '民主'] }, parts: [{ fraction: 1, share: 0.5 }, { fraction: 0, share: 0.5 }],
    item: { kind: 'blanks', stem: '____和____', blanks: 2 }, right_answer: { texts: [['北京'], ['*从严治党*']] },
  } as ReviewItem
  const gaps = [...mount(() => h(ReviewCard, { review })).querySelectorAll('.gaps > li')].map((one) => one.textContent)
  expect(gaps).toHaveLength(2)
  expect(gaps[0]).toMatch(/第 1 空正确.*北京.*正确答案：北京/)
  expect(gaps[1]).toMatch(/第 2 空错误.*民主.*正确答案：…从严治党…/)
})
