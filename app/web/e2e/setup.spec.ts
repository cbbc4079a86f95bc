// The first run: a server without data prints a one-time link, and the page behind it makes the first administrator.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessible, expect, test } from './support'

test('the one-time link of the first run makes the first administrator', async ({ page }) => {
  const data = mkdtempSync(join(tmpdir(), 'qiming-setup-'))
  const server = spawn('../../bin/qiming', ['serve', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    const link = await new Promise<string>((resolve, reject) => {
      let text = ''
      const read = (chunk: Buffer) => {
        text += chunk.toString()
        const found = /(http:\/\/127\.0\.0\.1:\d+\/setup\S+)/.exec(text)
        if (found && /"serving"/.test(text)) resolve(found[1]!)
      }
      server.stdout.on('data', read)
      server.stderr.on('data', read)
      server.once('exit', () => reject(new Error(`the server ended: ${text}`)))
    })
    const origin = new URL(link).origin
    await page.goto(`${origin}/`)
    await expect(page.getByText('系统尚未启用')).toBeVisible()
    await page.goto(link)
    await page.getByLabel('姓名').fill('王建国')
    await page.getByLabel('账号', { exact: true }).fill('wang')
    await page.getByLabel('新密码', { exact: true }).fill('Jin-Tian-2026')
    await page.getByLabel('再输入一次新密码').fill('Jin-Tian-2026')
    await accessible(page, 'set-up')
    await page.getByRole('button', { name: '建立账号并登录' }).click()
    await expect(page).toHaveURL(`${origin}/`)
    await expect(page.getByText('王建国同志')).toBeVisible()
    // The link is spent.
    await page.context().clearCookies()
    await page.evaluate(() => localStorage.clear())
    await page.goto(`${origin}/me`)
    await expect(page).toHaveURL(/\/sign-in/)
    await expect(page.getByText('系统尚未启用')).toBeHidden()
    await page.goto(link)
    await page.getByLabel('姓名').fill('李四')
    await page.getByLabel('新密码', { exact: true }).fill('Jin-Tian-2026')
    await page.getByLabel('再输入一次新密码').fill('Jin-Tian-2026')
    await page.getByRole('button', { name: '建立账号并登录' }).click()
    await expect(page.locator('.note.red')).toBeVisible()
  } finally {
    server.kill('SIGTERM')
    rmSync(data, { recursive: true, force: true })
  }
})
