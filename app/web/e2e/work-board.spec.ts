// The proctor's live board: progress, more time, hold, message, take in, as the proctor and the taker see them.
import { accessible, answerItem, expect, freshQuiz, signIn, startExam, test } from './support'

test('a proctor watches, extends, holds, tells, and takes in', async ({ page, browser, baseURL }, info) => {
  test.setTimeout(150_000)
  const quiz = await freshQuiz(baseURL!, 4, 3)
  const takers = await Promise.all([0, 1].map(async (n) => (await browser.newContext({ viewport: page.viewportSize() })).newPage().then(async (one) => (await signIn(one, quiz.logins[n]!), await startExam(one, quiz.quiz_id), one))))
  const [a, b] = takers as [typeof page, typeof page]
  await answerItem(a)

  await signIn(page, 'trainer')
  await page.goto(`/work/quizzes/${quiz.quiz_id}/board`)
  await expect(page.getByText('实时', { exact: true })).toBeVisible()
  const row = (n: number) => page.locator('.taker').filter({ hasText: `演练0000${n}` })
  await expect(page.locator('.taker')).toHaveCount(3)
  await expect(page.locator('.taker').filter({ hasText: '作答中' })).toHaveCount(2)
  await expect(page.locator('.taker').filter({ hasText: '1/4' })).toHaveCount(1)
  await expect(page.locator('.taker').filter({ hasText: '未进入' })).toHaveCount(1)
  await accessible(page, 'board')
  await page.screenshot({ path: info.outputPath('board.png') })
  void row

  // Progress comes by itself.
  await a.getByRole('button', { name: '下一题' }).click()
  await answerItem(a, 1)
  await expect(page.locator('.taker').filter({ hasText: '2/4' })).toHaveCount(1, { timeout: 5_000 })

  const give = async (act: string, fill: (sheet: ReturnType<typeof page.getByRole>) => Promise<void>) => {
    await page.getByRole('button', { name: act, exact: true }).click()
    const sheet = page.getByRole('dialog')
    await fill(sheet)
    await sheet.getByRole('button', { name: act, exact: true }).click()
    await expect(sheet).toBeHidden()
  }
  // More time for all: an empty reason is named first.
  await page.getByRole('button', { name: '延长', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('button', { name: '延长', exact: true }).click()
  await expect(sheet.getByText('请填写这一项。')).toBeVisible()
  await accessible(page, 'order sheet')
  await page.screenshot({ path: info.outputPath('extend.png') })
  await sheet.getByRole('button', { name: '+30 分钟' }).click()
  await sheet.getByLabel('理由').fill('停电')
  await sheet.getByRole('button', { name: '延长', exact: true }).click()
  await Promise.all(takers.map((one) => expect(one.getByText('考试时间已延长')).toBeVisible({ timeout: 5_000 })))
  await Promise.all(takers.map((one) => expect(one.getByRole('timer')).toHaveText(/^1:2\d:/)))

  // Held: the page says so within five seconds, keeps what is typed, and goes on afterwards.
  await give('暂停', (s) => s.getByLabel('理由').fill('火警演习'))
  await Promise.all(takers.map((one) => expect(one.getByRole('heading', { name: '考试已暂停' })).toBeVisible({ timeout: 5_000 })))
  await expect(a.getByText('火警演习')).toBeVisible()
  await accessible(a, 'held')
  await a.screenshot({ path: info.outputPath('held.png') })
  await expect(page.locator('.taker').filter({ hasText: '已停表' })).toHaveCount(2)
  await b.reload() // the end is not known there: that it becomes known again is no cut
  await expect(b.getByRole('heading', { name: '考试已暂停' })).toBeVisible()
  await give('继续', async () => undefined)
  await Promise.all(takers.map((one) => expect(one.locator('.stem')).toBeVisible({ timeout: 6_000 })))
  await Promise.all(takers.map((one) => expect(one.getByText('考试时间已延长')).toBeVisible()))

  // A message, read back.
  await give('发消息', (s) => s.getByLabel('消息').fill('第 2 题题干漏印“不”字'))
  await expect(a.getByText('第 2 题题干漏印“不”字')).toBeVisible({ timeout: 5_000 })
  await accessible(a, 'message')
  await a.screenshot({ path: info.outputPath('message.png') })
  await a.getByRole('button', { name: '知道了' }).click()
  await expect(a.getByText('第 2 题题干漏印“不”字')).toBeHidden()
  await expect(page.getByText('已读 1 / 2')).toBeVisible({ timeout: 6_000 })

  // One is taken in.
  await page.locator('.taker').filter({ hasText: '2/4' }).getByRole('checkbox').check()
  // Whom one has chosen stays chosen from one act to the next.
  await give('发消息', (s) => s.getByLabel('消息').fill('请勿交谈'))
  await expect(page.getByText('已读 0 / 1')).toBeVisible({ timeout: 6_000 })
  await give('收卷', (s) => s.getByLabel('理由').fill('违反考场纪律'))
  await expect(a.getByText('监考人员已收卷。理由：违反考场纪律')).toBeVisible({ timeout: 6_000 })
  await accessible(a, 'taken in')
  await a.screenshot({ path: info.outputPath('collected.png') })
  await expect(b.locator('.stem')).toBeVisible()
  await expect(page.locator('.taker').filter({ hasText: '已交' })).toHaveCount(1)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  await page.screenshot({ path: info.outputPath('after.png') })
  await Promise.all(takers.map((one) => one.context().close()))
})
