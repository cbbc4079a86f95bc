// Signs that deserve a look: told to takers before they begin, counted while they answer, limits that warn and hand in, and what evaluators see and write.
import { accessible, answerItem, expect, quizOf, rehearsal, signIn, startExam, test } from './support'

const choice = (stem: string) => ({ points: 2, content: { kind: 'single', stem, options: [{ id: 'a', text: '甲', right: true }, { id: 'b', text: '乙', right: false }] } })

test('leaving the page warns, then hands in; officers see why, with rates, and note what they decided', async ({ page, browser, baseURL }, info) => {
  test.setTimeout(150_000)
  const limits = [
    { signal: 'away', from: 2, act: 'warn' },
    { signal: 'away', from: 3, act: 'hand_in' },
  ]
  const quiz = await quizOf(baseURL!, `限度 ${info.project.name}`, [choice('一加一是几'), choice('二加二是几')], { limits, watermark: true })
  const { logins } = await rehearsal(baseURL!, { takers: 2, quiz_id: quiz })
  const taker = await (await browser.newContext({ viewport: page.viewportSize() })).newPage()
  const leave = async () => {
    const told = taker.waitForResponse((answer) => answer.url().includes('/signals/') && answer.status() === 204)
    await taker.evaluate(() => window.dispatchEvent(new Event('blur')))
    await taker.waitForTimeout(1_100)
    await taker.evaluate(() => window.dispatchEvent(new Event('focus')))
    await told
  }
  await signIn(taker, logins[0]!)
  await taker.goto(`/exams/${quiz}`)
  await expect(taker.getByText('作答时会记录：离开考试页面的次数和时长')).toBeVisible()
  await expect(taker.getByText('离开考试页面 3 次')).toBeVisible()
  await accessible(taker, 'door')
  await taker.screenshot({ path: info.outputPath('door.png'), fullPage: true })
  await startExam(taker, quiz)
  await answerItem(taker)
  await leave()
  await leave()
  const warning = taker.getByRole('alert').filter({ hasText: '提醒：您已离开考试页面 2 次' })
  await expect(warning).toBeVisible()
  await accessible(taker, 'warning')
  await taker.screenshot({ path: info.outputPath('warning.png') })
  const known = warning.getByRole('button', { name: '知道了' })
  const box = (await known.boundingBox())!
  expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44)
  await known.click()
  await expect(warning).toHaveCount(0)
  await leave()
  await expect(taker.getByRole('heading', { name: '已自动交卷' })).toBeVisible()
  await accessible(taker, 'handed in')
  await taker.screenshot({ path: info.outputPath('ended.png') })
  await taker.context().close()

  await signIn(page, 'trainer')
  await page.goto(`/work/marking/${quiz}?tab=evidence`)
  await expect(page.getByRole('heading', { name: '需要留意的作答 1 份' })).toBeVisible()
  await expect(page.getByText('离开页面次数 3').first()).toBeVisible()
  await accessible(page, 'evidence')
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  await page.locator('.lines a').first().click()
  await expect(page.getByText('达到这一值的考生')).toBeVisible()
  await page.getByLabel('结论').selectOption({ label: '已谈话' })
  await page.getByLabel('说明').fill('来电三次，已与本人核实')
  await page.getByRole('button', { name: '记下' }).click()
  await expect(page.locator('.thread').getByText('来电三次，已与本人核实')).toBeVisible()
  await accessible(page, 'evidence of an attempt')
  await page.screenshot({ path: info.outputPath('attempt.png'), fullPage: true })
  await page.goto(`/work/marking/${quiz}?tab=evidence`)
  await expect(page.getByText('已谈话')).toBeVisible()
  await page.screenshot({ path: info.outputPath('evidence.png'), fullPage: true })
})
