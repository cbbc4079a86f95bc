// Signs that deserve a look: told to takers before they begin, counted while they answer, shown to evaluators with their rates.
import { accessible, answerItem, expect, freshQuiz, signIn, startExam, test } from './support'

test('leaving the page and pasting are noted, and shown with their rates', async ({ page, browser, baseURL }, info) => {
  test.setTimeout(120_000)
  const quiz = await freshQuiz(baseURL!, 3, 2)
  const taker = await (await browser.newContext({ viewport: page.viewportSize() })).newPage()
  await signIn(taker, quiz.logins[0]!)
  await taker.goto(`/exams/${quiz.quiz_id}`)
  await expect(taker.getByText('作答时会记录：离开考试页面的次数和时长')).toBeVisible()
  await accessible(taker, 'door')
  await startExam(taker, quiz.quiz_id)
  await answerItem(taker)
  for (let n = 0; n < 3; n++) {
    await taker.evaluate(() => window.dispatchEvent(new Event('blur')))
    await taker.waitForTimeout(1_100)
    await taker.evaluate(() => window.dispatchEvent(new Event('focus')))
  }
  const told = taker.waitForResponse((answer) => answer.url().includes('/signals/') && answer.status() === 204)
  await taker.evaluate(() => document.dispatchEvent(new Event('paste')))
  await told

  await signIn(page, 'trainer')
  await page.goto(`/work/quizzes/${quiz.quiz_id}/board`)
  await expect(page.locator('.taker').filter({ hasText: '作答中' })).toHaveCount(1)
  await page.goto(`/work/marking/${quiz.quiz_id}?tab=evidence`)
  await expect(page.getByRole('heading', { name: '需要留意的作答 1 份' })).toBeVisible()
  await expect(page.getByText('离开页面次数 3').first()).toBeVisible()
  await accessible(page, 'evidence')
  await page.screenshot({ path: info.outputPath('evidence.png'), fullPage: true })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  await page.locator('.lines a').first().click()
  await page.locator('summary', { hasText: '诚信迹象' }).click()
  await expect(page.getByText('达到这一值的考生')).toBeVisible()
  await accessible(page, 'evidence of an attempt')
  await page.screenshot({ path: info.outputPath('attempt.png') })
  await taker.context().close()
})
