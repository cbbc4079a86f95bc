// Pictures whose links are over come back by new ones, by themselves once, then by hand.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, h, nextTick, ref, type App, type VNode } from 'vue'
import { i18n, loadAreas } from '@/i18n'
import { provideMedia, type Media, type MediaLinks } from '@/exam/media'
import RichText from '@/exam/RichText.vue'

const id = 'a'.repeat(32)
const link = (url: string): MediaLinks => ({ [id]: { url, type: 'image/png', class: 'image', name: 'x.png', size: 1, width: 8, height: 8, thumb: '' } as MediaLinks[string] })
let app: App | undefined
beforeEach(async () => {
  await loadAreas(['exam', 'common'])
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => (app?.unmount(), vi.useRealTimers()))

/** A page whose setup gives what it renders. */
function mount(setup: () => () => VNode): HTMLElement {
  const host = document.createElement('div')
  app = createApp({ setup }).use(i18n)
  app.mount(host)
  return host
}
async function settle(): Promise<void> {
  for (let n = 0; n < 8; n++) await nextTick()
}

test('a link that is over', async () => {
  const links = ref(link('/old'))
  let asked = 0
  let works = false
  let media!: Media
  const host = mount(() => {
    media = provideMedia(links, async () => {
      asked++
      if (works) links.value = link(`/new${asked}`)
    })
    return () => h('div', [h(RichText, { text: `![图](media:${id})`, only: 'still' }), h(RichText, { text: `![图](media:${id})` })])
  })
  const pictures = () => [...host.querySelectorAll('img')].map((one) => one.getAttribute('src'))
  const fail = async () => (host.querySelector('img')!.dispatchEvent(new Event('error')), await settle())
  expect(pictures()).toEqual(['/old', '/old'])

  await fail() // asked for once by itself, in vain
  expect([asked, pictures()]).toEqual([1, ['/old', '/old']])
  await fail()
  expect([asked, pictures()]).toEqual([1, []])
  expect(host.querySelectorAll('button')).toHaveLength(1) // none within a button
  expect(media.failed.size).toBe(1)

  works = true
  host.querySelector('button')!.click()
  await settle()
  expect([asked, pictures(), media.failed.size]).toEqual([2, ['/new2', '/new2'], 0])

  vi.setSystemTime(Date.now() + 31_000)
  await fail()
  expect([asked, pictures()]).toEqual([3, ['/new3', '/new3']])
})

test('a file that was just uploaded gives way to the links of the page', async () => {
  const links = ref<MediaLinks>({})
  let media!: Media
  mount(() => {
    media = provideMedia(links, async () => void (links.value = link('/page')))
    return () => h('div')
  })
  media.add(id, link('/uploaded')[id]!)
  expect(media.links()[id]!.url).toBe('/uploaded')
  await media.retry()
  expect(media.links()[id]!.url).toBe('/page')
})
