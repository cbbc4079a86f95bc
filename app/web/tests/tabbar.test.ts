// Tabs that do not fit say so, and the current one is in view.
import { expect, test, vi } from 'vitest'
import { createApp, h, nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import TabBar from '@/pages/work/components/TabBar.vue'

const tabs = ['a', 'b', 'c', 'd'].map((key) => ({ key, label: `页签${key}` }))

async function bar(tab: string, width: number) {
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} })
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(width)
  vi.spyOn(HTMLElement.prototype, 'scrollWidth', 'get').mockReturnValue(400)
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(100)
  vi.spyOn(HTMLElement.prototype, 'offsetLeft', 'get').mockImplementation(function (this: HTMLElement) { return tabs.findIndex((one) => this.textContent?.includes(one.label)) * 100 })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => null } }] })
  await router.push(`/?tab=${tab}`)
  const host = document.createElement('div')
  const app = createApp({ render: () => h(TabBar, { tabs, label: '部分' }) }).use(router)
  app.mount(host)
  await nextTick()
  await nextTick()
  const nav = host.querySelector('nav')!
  return { tab: () => router.currentRoute.value.query.tab, signs: [...host.firstElementChild!.classList].filter((one) => one === 'before' || one === 'after'), at: nav.scrollLeft, close: () => app.unmount() }
}

test.each([
  ['a', 200, ['after'], 0], ['d', 200, ['before'], 250], ['b', 200, ['before', 'after'], 50], ['a', 400, [], 0],
])('%s of four tabs of 100 in %d', async (tab, width, signs, left) => {
  const got = await bar(tab, width)
  expect(got.at).toBe(left)
  expect(got.signs).toEqual(signs)
  got.close()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test.each([['agreement', 'a'], ['c', 'c']])('an address of part %s leads to %s', async (asked, want) => {
  const got = await bar(asked, 400)
  await vi.waitFor(() => expect(got.tab()).toBe(want))
  got.close()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})
