// The search box: names while one types, chosen with the keys or by a click; Enter looks for the words.
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createPinia } from 'pinia'
import { createApp, nextTick, type App } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n, loadAreas } from '@/i18n'
import type * as api from './api'
import { mySearches, suggest, type Suggestion } from './api'
import { useSession } from '@/stores/session'
import SearchBox from './SearchBox.vue'

vi.mock('./api', async (actual) => ({ ...(await actual<typeof api>()), suggest: vi.fn(), mySearches: vi.fn() }))
const names: Suggestion[] = [
  { type: 'article', kind: 'faq', id: 'a1', title: '党费按什么标准交？' },
  { type: 'article', kind: 'regulation', id: 'a2', title: '党费收缴规定' },
]
let app: App
beforeAll(() => loadAreas(['common', 'search', 'knowledge']))
beforeEach(() => {
  vi.useFakeTimers()
  vi.mocked(suggest).mockReset().mockResolvedValue(names)
  vi.mocked(mySearches).mockReset().mockResolvedValue({ kept: [], recent: ['党费', '三会一课'].map((q) => ({ q, at: '2026-11-01T00:00:00Z' })) })
})
afterEach(() => {
  app.unmount()
  vi.useRealTimers()
})

async function settle(ms = 200) {
  await vi.advanceTimersByTimeAsync(ms)
  await nextTick()
}
async function open(words?: string, signedIn = false) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)', component: { render: () => null } }] })
  await router.push('/learn')
  const host = document.createElement('div')
  app = createApp(SearchBox, { words }).use(i18n).use(router).use(createPinia())
  if (signedIn) useSession().me = { permissions: [] } as never
  app.mount(host)
  const input = host.querySelector('input')!
  return {
    router,
    host,
    input,
    options: () => (host.querySelector('ul')!.style.display === 'none' ? [] : [...host.querySelectorAll<HTMLElement>('[role="option"]')]),
    type: async (text: string) => {
      input.value = text
      input.dispatchEvent(new Event('input'))
      await settle()
    },
    key: async (key: string) => {
      if (key === 'Enter') host.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }))
      else input.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }))
      await settle()
    },
  }
}

it('offers names after a pause, and one is chosen with the keys', async () => {
  const box = await open()
  await box.type('df')
  expect(suggest).toHaveBeenCalledTimes(1)
  expect(box.options().map((one) => one.textContent)).toEqual(['党费按什么标准交？常见问题', '党费收缴规定制度法规'])
  await box.key('ArrowDown')
  await box.key('ArrowDown')
  expect(box.input.getAttribute('aria-activedescendant')).toBe(box.options()[1]!.id)
  await box.key('Enter')
  expect(box.router.currentRoute.value.path).toBe('/knowledge/a2')
  expect(box.options()).toEqual([])
})

it('looks for the words on Enter, and a click chooses a name', async () => {
  const box = await open()
  await box.type(' 党费 标准 ')
  await box.key('Enter')
  expect(box.router.currentRoute.value.fullPath).toBe(`/search?q=${encodeURIComponent('党费 标准').replace('%20', '+')}`)
  await box.type('党')
  box.options()[0]!.click()
  await settle()
  expect(box.router.currentRoute.value.path).toBe('/knowledge/a1')
})

it('asks for nothing where there is nothing, closes with Escape, and an answer that comes late does not open it again', async () => {
  const box = await open('党费')
  expect(box.input.value).toBe('党费')
  await box.type('   ')
  expect(suggest).not.toHaveBeenCalled()
  await box.key('Enter')
  expect(box.router.currentRoute.value.path).toBe('/learn')
  let late: (found: Suggestion[]) => void = () => {}
  vi.mocked(suggest).mockImplementationOnce(() => new Promise((resolve) => (late = resolve)))
  await box.type('党')
  await box.key('Escape')
  late(names)
  await settle()
  expect(box.options()).toEqual([])
  vi.mocked(suggest).mockRejectedValueOnce(new Error('offline'))
  await box.type('费')
  expect(box.options()).toEqual([])
})

it('offers what one looked for last before anything is typed, to who is signed in', async () => {
  const stranger = await open()
  stranger.input.dispatchEvent(new Event('focus'))
  await settle()
  expect(mySearches).not.toHaveBeenCalled()
  app.unmount()
  const box = await open('', true)
  box.input.dispatchEvent(new Event('focus'))
  await settle()
  expect(box.options().map((one) => one.textContent)).toEqual(['党费', '三会一课'])
  await box.key('ArrowDown')
  await box.key('Enter')
  expect(box.router.currentRoute.value.fullPath).toBe(`/search?q=${encodeURIComponent('党费')}`)
  box.input.dispatchEvent(new Event('focus')) // the words stand in the box
  await settle()
  await box.type('党')
  expect(box.options().map((one) => one.textContent)).toEqual(['党费按什么标准交？常见问题', '党费收缴规定制度法规'])
})
