// A filter of the address that the server refuses can be taken away; any other failure is tried again.
import { beforeAll, expect, test } from 'vitest'
import { createApp, h, nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Problem } from '@/api/problem'
import ErrorState from '@/components/ErrorState.vue'
import { coreAreas, i18n, loadAreas } from '@/i18n'

beforeAll(() => loadAreas(coreAreas))

async function shown(cause: Problem) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => null } }] })
  await router.push('/?state=bogus&org=o1')
  let retried = 0
  const host = document.createElement('div')
  createApp({ render: () => h(ErrorState, { cause, onRetry: () => retried++ }) }).use(i18n).use(router).mount(host)
  return { text: () => host.textContent ?? '', click: async () => { host.querySelector('button')!.click(); await new Promise((go) => setTimeout(go, 20)); await nextTick() }, query: () => router.currentRoute.value.query, retried: () => retried }
}

test('the refused filter is dropped, the others stay, and the list is loaded again', async () => {
  const page = await shown(new Problem(422, 'request.invalid', {}, [{ path: 'state', key: 'not_allowed' }]))
  expect(page.text()).toContain('筛选条件无效')
  expect(page.text()).toContain('清除筛选')
  await page.click()
  expect(page.query()).toEqual({ org: 'o1' })
  expect(page.retried()).toBe(1)
})

test('a filter that is too long is told so, with how long it may be', async () => {
  const page = await shown(new Problem(422, 'request.invalid', {}, [{ path: 'state', key: 'too_long', params: { limit: '200' } }]))
  expect(page.text()).toContain('最多 200 字')
})

test.each([
  ['of a field that is no filter of the address', new Problem(422, 'request.invalid', {}, [{ path: 'limit', key: 'too_large' }])],
  ['of the server', new Problem(500, 'internal')],
])('a failure %s is tried again', async (_, cause) => {
  const page = await shown(cause)
  expect(page.text()).toContain('重试')
  expect(page.text()).not.toContain('清除筛选')
  await page.click()
  expect(page.query()).toEqual({ state: 'bogus', org: 'o1' })
  expect(page.retried()).toBe(1)
})
