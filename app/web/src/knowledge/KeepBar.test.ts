// What a reader keeps: a favourite, a note, and the receipt for the version that is shown.
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createPinia } from 'pinia'
import { createApp, h, nextTick } from 'vue'
import { i18n, loadAreas } from '@/i18n'
import { confirmRead, keepMine, readMine, type Page } from './api'
import KeepBar from './KeepBar.vue'

vi.mock('./api', () => ({ confirmRead: vi.fn(), keepMine: vi.fn(), readMine: vi.fn() }))
beforeAll(() => loadAreas(['common', 'knowledge']))
beforeEach(() => (vi.clearAllMocks(), sessionStorage.clear()))

async function settle() {
  for (let i = 0; i < 8; i++) await Promise.resolve()
  await nextTick()
}
async function open(mine: Record<string, unknown>, confirm = true) {
  vi.mocked(readMine).mockResolvedValue(mine as never)
  const newer = vi.fn()
  const host = document.createElement('div')
  createApp({ render: () => h(KeepBar, { article: { id: 'a1', version: 2, confirm } as Page, onNewer: newer }) }).use(createPinia()).use(i18n).mount(host)
  await settle()
  const button = (words: string) => [...host.querySelectorAll('button')].find((one) => one.textContent?.trim() === words)
  return { host, newer, button }
}

it('asks for a receipt of the version that is shown, and tells when it is given', async () => {
  vi.mocked(confirmRead).mockResolvedValue({ article_id: 'a1', version: 2, read_at: '2026-03-05T01:00:00Z' } as never)
  const page = await open({ article_id: 'a1', version: 1, read_at: '2026-03-01T01:00:00Z' })
  expect(page.host.textContent).toContain('再次确认')
  page.button('我已阅读')!.click()
  await settle()
  expect(confirmRead).toHaveBeenCalledWith('a1', 2)
  expect(page.host.textContent).toContain('第 2 版')
  expect(page.button('我已阅读')).toBeUndefined()
})

it('says why a receipt was refused and asks for the new version', async () => {
  vi.mocked(confirmRead).mockRejectedValue(new Error('gone'))
  const page = await open({ article_id: 'a1' })
  page.button('我已阅读')!.click()
  await settle()
  expect(page.newer).toHaveBeenCalled()
  expect(page.host.querySelector('[role="alert"]')).not.toBeNull()
  expect(page.button('我已阅读')).toBeDefined()
})

it('asks for no receipt where the author does not, and keeps what was typed until it is saved', async () => {
  const page = await open({ article_id: 'a1', note: '旧笔记' }, false)
  expect(page.button('我已阅读')).toBeUndefined()
  vi.mocked(keepMine).mockRejectedValueOnce(new Error('offline'))
  page.button('修改笔记')!.click()
  await settle()
  const area = page.host.querySelector('textarea')!
  expect(area.value).toBe('旧笔记')
  area.value = '新笔记'
  area.dispatchEvent(new Event('input'))
  page.button('保存')!.click()
  await settle()
  expect(page.host.querySelector('textarea')!.value).toBe('新笔记')
  vi.mocked(keepMine).mockResolvedValue({ article_id: 'a1', note: '新笔记' } as never)
  page.button('保存')!.click()
  await settle()
  expect(keepMine).toHaveBeenLastCalledWith('a1', { note: '新笔记' })
  expect(page.host.querySelector('textarea')).toBeNull()
  vi.mocked(keepMine).mockResolvedValue({ article_id: 'a1', favourite: '2026-03-05T01:00:00Z' } as never)
  page.button('收藏')!.click()
  await settle()
  expect(page.button('已收藏')!.getAttribute('aria-pressed')).toBe('true')
})

it('has a note that was not saved when the page is opened again', async () => {
  const typed = async (host: HTMLElement, words: string) => {
    const field = host.querySelector('textarea')!
    field.value = words
    field.dispatchEvent(new Event('input'))
    await settle()
  }
  const left = await open({ article_id: 'a1', note: '旧笔记' }, false)
  left.button('修改笔记')!.click()
  await settle()
  await typed(left.host, '写到一半')
  const back = await open({ article_id: 'a1', note: '旧笔记' }, false)
  expect(back.host.querySelector('textarea')!.value).toBe('写到一半')
  back.button('取消')!.click()
  await settle()
  const again = await open({ article_id: 'a1', note: '旧笔记' }, false)
  expect(again.host.querySelector('textarea')).toBeNull()
})
