// The search page: where the days of the filter leave nothing, it says so.
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createPinia } from 'pinia'
import { createApp, type App } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n, loadAreas } from '@/i18n'
import type * as api from '@/search/api'
import { find } from '@/search/api'
import SearchPage from './SearchPage.vue'

vi.mock('@/search/api', async (actual) => ({ ...(await actual<typeof api>()), find: vi.fn() }))
let app: App
beforeAll(() => loadAreas(['common', 'search', 'knowledge']))
afterEach(() => app.unmount())

async function open(address: string): Promise<string> {
  vi.mocked(find).mockResolvedValue({ total: 0, hits: [], facets: {}, category_names: {} })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: SearchPage }] })
  await router.push(address)
  const root = document.createElement('div')
  app = createApp(SearchPage)
  app.use(createPinia()).use(i18n).use(router).mount(root)
  await vi.waitFor(() => expect(root.querySelector('.card, .note')).not.toBeNull())
  return root.textContent + root.querySelector('input')!.value
}

it('says that the first day is after the last', async () => {
  expect(await open('/search?q=x&from=2026-11-01&to=2026-10-31')).toContain('开始日期晚于结束日期')
})

it('does not where one day is meant', async () => {
  expect(await open('/search?q=x&from=2026-11-01&to=2026-11-01')).not.toContain('开始日期晚于结束日期')
})

it('says that what is looked for is too long, keeps it, and asks nobody', async () => {
  vi.mocked(find).mockClear()
  const text = await open(`/search?q=${'党'.repeat(203)}`)
  expect(text).toContain('请删去 3 字')
  expect(text).toContain('党'.repeat(203))
  expect(find).not.toHaveBeenCalled()
})
