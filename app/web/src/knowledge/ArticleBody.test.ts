// The text of an article: pages of ours open in this window, everything else as the browser does it.
import { expect, test, vi } from 'vitest'
import { createApp, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import ArticleBody from './ArticleBody.vue'

function open(html: string) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })
  const push = vi.spyOn(router, 'push').mockResolvedValue(undefined)
  const lost = vi.fn()
  const host = document.createElement('div')
  document.body.append(host)
  createApp({ render: () => h(ArticleBody, { html, onLost: lost }) }).use(router).mount(host)
  /** Whether the text took the click; nothing is opened. */
  const press = (selector: string, more: MouseEventInit = {}) => {
    let taken = false
    host.addEventListener('click', (event) => ((taken = event.defaultPrevented), event.preventDefault()), { once: true })
    host.querySelector(selector)!.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, button: 0, ...more }))
    return taken
  }
  return { host, push, lost, press }
}

test('links to pages of ours are followed here', () => {
  const { push, press } = open('<p><a href="/knowledge/abc?x=1#h-总则"><b>总则</b></a></p>')
  expect(press('b')).toBe(true)
  expect(push).toHaveBeenCalledWith('/knowledge/abc?x=1#h-总则')
})

test.each([
  ['another site', '<a href="https://example.org/" target="_blank">x</a>', {}],
  ['a place of the text', '<a href="#note-fn:1">x</a>', {}],
  ['a file', '<a class="file" href="/api/v1/media/1">x</a>', {}],
  ['what is opened beside', '<a href="/knowledge/abc">x</a>', { ctrlKey: true }],
  ['no address', '<a>x</a>', {}],
])('%s is left to the browser', (_, html, more) => {
  const { push, press } = open(html)
  expect(press('a', more)).toBe(false)
  expect(push).not.toHaveBeenCalled()
})

test('a picture that does not come is told', () => {
  const { host, lost } = open('<p><img src="/gone.png"></p>')
  host.querySelector('img')!.dispatchEvent(new Event('error'))
  expect(lost).toHaveBeenCalledTimes(1)
})
