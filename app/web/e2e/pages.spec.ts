import type { Page } from '@playwright/test'
import { accessible, expect, signIn, test } from './support'

const pages: [string, string, RegExp][] = [
  ['home', '/', /同志，/],
  ['exams open', '/exams', /考试/],
  ['exams done', '/exams?tab=done', /考试/],
  ['learn', '/learn', /学习/],
  ['knowledge', '/knowledge', /知识库/],
  ['search', '/search?q=%E5%85%9A%E8%B4%B9', /搜索/],
  ['services', '/services', /服务/],
  ['organisation', '/services/org', /党/],
  ['help', '/services/help', /使用帮助/],
  ['me', '/me', /./],
  ['profile', '/me/profile', /我的档案/],
  ['settings', '/me/settings', /设置/],
  ['devices', '/me/devices', /登录设备/],
  ['password', '/me/password', /修改密码/],
  ['receipts', '/me/receipts', /答题回执/],
  ['absent', '/no/such/page', /./],
]

/** A page as it stands, in light and in dark: the themes differ in colours only. */
async function accessibleInBoth(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await accessible(page, `${name}, light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await accessible(page, `${name}, dark`, ['color-contrast'])
}

test('every page of a member is accessible, in light and dark', async ({ page }) => {
  test.setTimeout(360_000)
  await signIn(page, 'member')
  for (const [name, path, heading] of pages) {
    await page.goto(path)
    await expect(page.locator('h1, .h2').first()).toHaveText(heading)
    await page.waitForLoadState('networkidle')
    await accessibleInBoth(page, name)
  }
})

const desk: [string, string, RegExp][] = [
  ['articles', '/work/knowledge', /文章与制度/],
  ['editor', '/work/knowledge/new/edit?kind=regulation', /新建内容/],
  ['word list', '/work/knowledge/words', /词表/],
  ['takedowns', '/work/knowledge/takedowns', /下架记录/],
  ['material', '/work/media', /素材库/],
]

test('the pages of knowledge and courses are accessible, in light and dark, and none scrolls sideways', async ({ page }) => {
  test.setTimeout(120_000)
  await signIn(page, 'clerk')
  for (const [name, path, heading] of desk) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
    await page.waitForLoadState('networkidle')
    await accessibleInBoth(page, name)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} scrolls sideways`).toBeTruthy()
  }
})

test('elder mode: four entries, large targets, no text below 16 px', async ({ page, viewport }) => {
  await signIn(page, 'member')
  await page.goto('/')
  await page.getByRole('button', { name: '长辈版' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-elder', '')
  if ((viewport?.width ?? 0) < 1024) await expect(page.locator('.shell-tabs a')).toHaveCount(4)
  for (const path of ['/', '/exams', '/me', '/me/settings']) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    await accessible(page, `elder ${path}`)
    const small = await page.evaluate(() => {
      const out: string[] = []
      for (const element of document.querySelectorAll<HTMLElement>('main *')) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== '')
        if (own && element.offsetParent !== null && !element.closest('.sr') && parseFloat(getComputedStyle(element).fontSize) < 16) out.push(`${element.tagName}.${element.className} ${element.textContent}`)
      }
      return out
    })
    expect(small, path).toEqual([])
    const tight = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main .btn, .shell-tabs a')].filter((one) => one.offsetParent !== null && one.getBoundingClientRect().height < 59).map((one) => one.textContent),
    )
    expect(tight, path).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} scrolls sideways`).toBeTruthy()
  }
  await page.goto('/')
  await page.getByRole('button', { name: '标准版' }).click()
})

test('settings take effect at once and stay after a reload; English is complete', async ({ page }) => {
  await signIn(page, 'secretary')
  await page.goto('/me/settings')
  await page.getByLabel('English').check()
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await page.getByLabel('Dark').check()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  for (const path of ['/', '/exams', '/learn', '/knowledge', '/services', '/services/help', '/me']) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    // What people wrote (names of organisations, quizzes, members) stays as it is; the page's own words are English.
    const labels = await page.locator('nav a, .btn, summary').allInnerTexts()
    expect(labels.filter((text) => /[的是请未已考试学习服务首页设置]/.test(text) && !/测试|党|启/.test(text)), path).toEqual([])
  }
  await page.goto('/me/settings')
  await page.getByLabel('简体中文').check()
  await page.getByLabel('跟随系统').check()
})

test('no page scrolls sideways on a phone, even with the largest text', async ({ page, viewport }) => {
  test.skip((viewport?.width ?? 0) >= 1024, 'PCs have room: not checked there that no page is wider than the screen at the largest text')
  await signIn(page, 'member')
  // 1.4 times is what the font menu of WeChat gives.
  for (const [, path] of pages) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    for (const size of ['16px', '22.4px']) {
      await page.evaluate((value) => (document.documentElement.style.fontSize = value), size)
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), path).toBeTruthy()
    }
  }
})

test('the devices signed in are listed, and another one can be ended', async ({ page, browser, baseURL }) => {
  await signIn(page, 'audit')
  const second = await browser.newContext({ baseURL, locale: 'zh-CN' })
  const other = await second.newPage()
  await signIn(other, 'audit')
  await page.goto('/me/devices')
  await expect(page.getByText('本机')).toHaveCount(1)
  const before = await page.getByRole('button', { name: '退出该设备' }).count()
  expect(before).toBeGreaterThan(0)
  for (let left = before; left > 0; left--) {
    await page.getByRole('button', { name: '退出该设备' }).first().click()
    await accessible(page, 'confirm dialog')
    await page.getByRole('dialog').getByRole('button', { name: '退出该设备' }).click()
    await expect(page.getByRole('dialog')).toBeHidden()
    await expect(page.locator('main').getByRole('button', { name: '退出该设备' })).toHaveCount(left - 1)
  }
  await other.goto('/me/settings')
  await expect(other).toHaveURL(/\/sign-in/)
  await second.close()
})

test('the API docs come out of our own binary', async ({ page }) => {
  await page.goto('/docs')
  await expect(page.locator('.swagger-ui .info .title')).toBeVisible()
})
