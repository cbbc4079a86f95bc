// End to end: the real server (../../bin/qiming, client inside) with the demo organisation, at phone and PC width.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

const port = Number(process.env.QIMING_E2E_PORT ?? 18473)
// Each run has its own data; workers of the run find them through the environment.
process.env.QIMING_E2E_DATA ??= mkdtempSync(join(tmpdir(), 'qiming-e2e-'))

const browser = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: process.env.CI ? 1 : 0,
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    launchOptions: browser,
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  projects: [
    { name: 'phone', use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
    { name: 'pc', use: { viewport: { width: 1440, height: 900 } } },
  ],
  webServer: {
    command: `../../bin/qiming serve --demo --data ${process.env.QIMING_E2E_DATA} --listen 127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/readyz`,
    timeout: 120_000,
    stdout: 'ignore',
    stderr: process.env.QIMING_E2E_LOG ? 'pipe' : 'ignore',
  },
})
