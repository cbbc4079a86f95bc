// Who decides on a question sees all that decides how it looks and marks.
import { beforeAll, expect, test } from 'vitest'
import { createApp, h } from 'vue'
import { i18n, loadAreas } from '@/i18n'
import type { Content } from '@/pages/work/bank/content'
import QuestionView from '@/pages/work/components/QuestionView.vue'

beforeAll(() => loadAreas(['bank', 'exam', 'work']))

function shown(content: Content, showKey = true): string {
  const host = document.createElement('div')
  const app = createApp({ render: () => h(QuestionView, { content, showKey }) }).use(i18n)
  app.mount(host)
  const text = host.textContent ?? ''
  app.unmount()
  return text
}

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
