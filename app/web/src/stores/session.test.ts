// Who is signed in, where the device remembers nobody.
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import type * as api from '@/api/client'
import { client } from '@/api/client'
import { useSession } from './session'

vi.mock('@/api/client', async (actual) => ({ ...(await actual<typeof api>()), client: { GET: vi.fn() } }))
const get = vi.mocked(client.GET)
beforeEach(() => {
  localStorage.clear()
  get.mockReset()
  setActivePinia(createPinia())
})
const answers = (state: object, me?: object) =>
  get.mockImplementation(((path: string) => Promise.resolve(path.endsWith('/setup') ? { data: state, response: new Response('{}') } : me ? { data: me, response: new Response('{}') } : { error: {}, response: new Response('{}', { status: 401 }) })) as never)

test('a device that remembers nobody, with a cookie that holds, shows who it is', async () => {
  answers({ needed: false, signed_in: true }, { account_id: 'a', name: '张敏', csrf: 'x', permissions: [] })
  const session = useSession()
  await session.load()
  expect([session.signedIn, session.known, session.me?.name]).toEqual([true, 'yes', '张敏'])
  expect(localStorage.getItem('qiming.me')).toContain('张敏')
})

test('a device that nobody signed in on is not asked twice', async () => {
  answers({ needed: false, signed_in: false })
  const session = useSession()
  await session.load()
  expect([session.signedIn, session.known, get.mock.calls.length]).toEqual([false, 'yes', 1])
})
