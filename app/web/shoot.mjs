import { chromium } from '@playwright/test'
const base = 'http://127.0.0.1:18578'
const args = ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync']
export async function open(login, width, dark) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
  const context = await browser.newContext({ baseURL: base, locale: 'zh-CN', viewport: { width, height: width < 1000 ? 844 : 900 }, hasTouch: width < 1000, colorScheme: dark ? 'dark' : 'light' })
  const page = await context.newPage()
  page.on('console', (m) => ['error','warning'].includes(m.type()) && console.log('CONSOLE', page.url(), m.text()))
  page.on('pageerror', (e) => console.log('ERROR', String(e)))
  if (login) {
    await page.goto('/sign-in')
    await page.getByLabel('账号', { exact: true }).fill(login)
    await page.getByLabel('密码', { exact: true }).fill('Qiming-demo-2026')
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
  }
  return { browser, context, page, shot: (name, full) => page.screenshot({ path: `/tmp/knowui-shots/${name}.png`, fullPage: !!full }) }
}
