// How a regulation stands is said in words, with the way to the one that took its place.
import { beforeAll, expect, test } from 'vitest'
import { createApp, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { coreAreas, i18n, loadAreas } from '@/i18n'
import type { Ref } from './api'
import LawFacts from './LawFacts.vue'

beforeAll(() => loadAreas([...coreAreas, 'knowledge']))

const law = { number: '启党发〔2023〕6号', issuer: '启明局党委', effective: '2023-07-01', expires: '2025-06-30' }
const successor: Ref = { id: 'new', title: '管理办法', number: '启党发〔2026〕3号', effective: '2026-11-08' }
function shown(props: object) {
  const host = document.createElement('div')
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })
  createApp({ render: () => h(LawFacts, { law, ...props }) }).use(router).use(i18n).mount(host)
  return { text: host.textContent ?? '', links: [...host.querySelectorAll('a')].map((one) => one.getAttribute('href')) }
}

test('repealed, with the one that holds and since when', () => {
  const { text, links } = shown({ standing: 'replaced', replacedBy: [successor] })
  for (const words of ['本制度已废止', '管理办法（启党发〔2026〕3号）', '自 2026年11月8日 起施行', '已废止', '2023年7月1日']) expect(text).toContain(words)
  expect(links).toEqual(['/knowledge/new'])
})
test('repealed by one that the reader may not see', () => expect(shown({ standing: 'replaced', replacedBy: [] })).toMatchObject({ links: [], text: expect.stringContaining('本制度已废止') }))
test('in force until the next one holds', () => {
  const { text, links } = shown({ standing: 'in_force', replacedBy: [successor] })
  expect(text).toContain('本制度将被替代')
  expect(text).not.toContain('已废止')
  expect(links).toEqual(['/knowledge/new'])
})
test('expired, and not yet in force, with the day', () => {
  expect(shown({ standing: 'expired' }).text).toContain('已于 2025年6月30日 届满')
  expect(shown({ standing: 'upcoming' }).text).toContain('自 2023年7月1日 起施行，目前尚未生效')
})
test('nothing is said of a draft that stands nowhere yet', () => expect(shown({ law: {} }).text).toBe(''))
