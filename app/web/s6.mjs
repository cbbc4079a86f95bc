import { open } from './shoot.mjs'
import { readFileSync } from 'node:fs'
const id = readFileSync('/tmp/knowui-id', 'utf8')
const A = await open('trainer', 1440), R = await open('evaluator', 390), M = await open('member', 390)
for (const x of [A, R, M]) x.page.setDefaultTimeout(15000)
await R.page.goto('/work/knowledge?open=' + id); await R.page.waitForTimeout(2000)
await R.page.getByRole('button', { name: '下架', exact: true }).click(); await R.page.waitForTimeout(500); await R.page.getByLabel('原因').fill('数据有误，核对后重发。'); await R.page.getByRole('dialog').last().getByRole('button', { name: '下架' }).click(); await R.page.waitForTimeout(1500); await R.shot('withdrawn-390')
await M.page.goto('/knowledge/' + id); await M.page.waitForTimeout(1200); await M.shot('member-withdrawn-390')
await A.page.goto('/work/knowledge?open=' + id); await A.page.waitForTimeout(1800); await A.shot('withdrawn-1440')
await A.page.getByRole('button', { name: /第 1 版/ }).click(); await A.page.waitForTimeout(800); await A.shot('older-1440')
await A.page.getByRole('button', { name: '恢复第 1 版' }).click(); await A.page.waitForTimeout(1500); await A.shot('restored-1440')
for (const one of [R, A, M]) await one.browser.close()
