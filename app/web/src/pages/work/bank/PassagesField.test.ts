// The passages of a question: an article is found, its heading chosen, and each place stands there once.
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createApp, h, nextTick, ref } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n, loadAreas } from '@/i18n'
import { findKnowledge, readKnowledge } from '@/knowledge/api'
import type { Passage } from './api'
import PassagesField from './PassagesField.vue'

vi.mock('@/knowledge/api', () => ({ findKnowledge: vi.fn(), readKnowledge: vi.fn() }))
beforeAll(() => loadAreas(['bank', 'work', 'knowledge']))
afterEach(() => vi.useRealTimers())

const law = { id: 'law1', kind: 'regulation', title: '学习办法', headings: [{ id: 'h-总则', level: 2, text: '总则' }, { id: 'h-学时', level: 3, text: '学时' }] }

function open(given: Passage[], errors: Record<string, string> = {}, more: object = {}) {
  const list = ref(given)
  const host = document.createElement('div')
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })
  createApp({ render: () => h(PassagesField, { modelValue: list.value, errors, ...more, 'onUpdate:modelValue': (now: Passage[]) => (list.value = now) }) }).use(i18n).use(router).mount(host)
  return { host, list, button: (words: string) => [...host.querySelectorAll('button')].find((one) => one.textContent?.includes(words)) }
}

async function settle() {
  for (let i = 0; i < 5; i++) await Promise.resolve()
  await nextTick()
}

it('finds an article, takes its heading, and the same place only once', async () => {
  vi.useFakeTimers()
  vi.mocked(findKnowledge).mockResolvedValue({ items: [law] } as never)
  vi.mocked(readKnowledge).mockResolvedValue(law as never)
  const page = open([])
  for (let turn = 0; turn < 2; turn++) {
    const input = page.host.querySelector('input')!
    input.value = ' 学习 '
    input.dispatchEvent(new Event('input'))
    vi.advanceTimersByTime(300)
    await settle()
    expect(findKnowledge).toHaveBeenLastCalledWith('学习')
    page.button('学习办法')!.click()
    await settle()
    const select = page.host.querySelector('select')!
    select.value = 'h-学时'
    select.dispatchEvent(new Event('change'))
    page.button('加为出处')!.click()
    await settle()
  }
  expect(page.list.value).toEqual([{ article_id: 'law1', anchor: 'h-学时', text: '学习办法 · 学时' }])
  expect(page.host.querySelector('a')!.getAttribute('href')).toBe(encodeURI('/knowledge/law1#h-学时'))
  page.host.querySelector<HTMLElement>('[aria-label="移除出处“学习办法 · 学时”"]')!.click()
  expect(page.list.value).toEqual([])
})

it('tells of a place that is saved what became of it, and nothing of one chosen just now', () => {
  const cited = { id: 'a', kind: 'article', title: '甲', standing: '', replaced_by: [], anchors: ['h-有'] }
  const place = (article_id: string, anchor: string) => ({ article_id, anchor, text: `${article_id}${anchor}` })
  const page = open([place('a', 'h-有'), place('a', 'h-无'), place('b', ''), place('c', '')], {}, { saved: [place('a', 'h-有'), place('a', 'h-无'), place('b', '')], cited: [cited] })
  expect([...page.host.querySelectorAll('li')].map((one) => one.textContent)).toEqual(['ah-有', 'ah-无标题已不存在，只能打开全文', 'b不可阅读', 'c'])
})

it('takes no more than five, and says what the server found wrong', async () => {
  const page = open(Array.from({ length: 5 }, (_, i) => ({ article_id: `a${i}`, text: `第${i}处` })), { 'passages[1].text': '太长', stem: '别处' })
  expect(page.host.querySelector('input')).toBeNull()
  expect([...page.host.querySelectorAll('[role="alert"]')].map((one) => one.textContent)).toEqual(['太长'])
})
