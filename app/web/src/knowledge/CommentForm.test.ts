// A comment that is being written outlives the end of a session, for the account that writes it.
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { createApp, nextTick } from 'vue'
import { i18n, loadAreas } from '@/i18n'
import type { Me } from '@/api/types'
import { useSession } from '@/stores/session'
import { addComment } from './api'
import CommentForm from './CommentForm.vue'

vi.mock('./api', () => ({ addComment: vi.fn() }))
beforeAll(() => loadAreas(['common', 'discuss']))
beforeEach(() => sessionStorage.clear())

function open(account: string, articleId = 'a1') {
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().me = { account_id: account } as Me
  const host = document.createElement('div')
  const app = createApp(CommentForm, { articleId })
  app.use(pinia).use(i18n).mount(host)
  return { host, app, field: host.querySelector('textarea')! }
}

it('has what was not sent, on that article, for that account, until it is sent', async () => {
  const first = open('anna')
  first.field.value = '写到一半'
  first.field.dispatchEvent(new Event('input'))
  useSession().me = null // the session ended
  first.app.unmount()
  expect(open('berta').field.value).toBe('')
  expect(open('anna', 'a2').field.value).toBe('')
  const back = open('anna')
  expect(back.field.value).toBe('写到一半')
  vi.mocked(addComment).mockResolvedValue({ id: 'c' } as never)
  back.host.querySelector('button')!.click()
  await vi.waitFor(() => expect(back.field.value).toBe(''))
  await nextTick()
  expect(open('anna').field.value).toBe('')
})
