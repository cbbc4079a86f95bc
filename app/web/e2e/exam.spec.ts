import type { Page } from '@playwright/test'
import { accessible, answerItem, expect, freshQuiz, officer, openQuiz, saveState, signIn, startExam, stored, test, toItem } from './support'

test('a member takes an exam from the first page to the result', async ({ page, baseURL, viewport }) => {
  test.setTimeout(120_000)
  const wide = (viewport?.width ?? 0) >= 1024
  const quiz = await freshQuiz(baseURL!, 6)
  await signIn(page, quiz.logins[0]!)
  await page.goto(`/exams/${quiz.quiz_id}`)
  await expect(page.getByText('设备检查')).toBeVisible()
  await expect(page.getByText('与服务器一致')).toBeVisible()
  await accessible(page, 'instructions')
  await page.getByRole('button', { name: '开始考试' }).click()
  await page.waitForURL(/\/attempts\//)
  await expect(page.getByRole('timer')).toHaveText(/^\d\d:\d\d$/)
  await accessible(page, 'exam')

  for (let n = 1; n <= 5; n++) {
    await expect(page.locator('.now')).toHaveText(String(n))
    await answerItem(page, n % 2)
    await page.getByRole('button', { name: '下一题' }).click()
  }
  await expect(saveState(page)).toHaveText('已保存')
  expect((await stored(page)).map((one) => one.slot).sort()).toEqual([1, 2, 3, 4, 5])
  await page.getByRole('button', { name: '标记' }).click()
  if (!wide) {
    await page.getByRole('button', { name: /^答题卡/ }).click()
    await expect(page.getByRole('dialog', { name: '答题卡' })).toBeVisible()
    await accessible(page, 'answer card')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog', { name: '答题卡' })).toBeHidden()
  }

  await page.getByRole('button', { name: '交卷' }).first().click()
  const sheet = page.getByRole('dialog', { name: '交卷' })
  await expect(sheet.getByText('未答的题')).toBeVisible()
  await accessible(page, 'submit sheet')
  await sheet.getByRole('button', { name: /前往第\s*6/ }).first().click()
  await expect(page.locator('.now')).toHaveText('6')
  await answerItem(page)
  await page.getByRole('button', { name: '交卷' }).first().click()
  await sheet.getByRole('button', { name: '确认交卷' }).click()
  await expect(page.getByRole('heading', { name: '已交卷' })).toBeVisible()
  await expect(page.locator('.receipt')).toHaveText(/\S{8,}/)
  await accessible(page, 'handed in')

  await page.getByRole('link', { name: '查看作答结果' }).click()
  await expect(page.getByText('逐题回顾')).toBeVisible()
  await accessible(page, 'result')
  await page.getByRole('link', { name: '答题回执' }).click()
  await page.getByRole('button', { name: '核验' }).click()
  await expect(page.getByText('核验通过')).toBeVisible()
  await page.getByRole('button', { name: '在页面中查看' }).click()
  await accessible(page, 'receipts')
})

/** what the item in view holds */
const filled = (page: Page) => page.locator('.item').evaluate((item) => [...item.querySelectorAll('.opt')].map((one) => one.classList.contains('on')).concat([...item.querySelectorAll('input')].map((one) => one.value !== '')))

test('a dead network blocks nothing, and a reload loses nothing', async ({ page, context, baseURL }) => {
  test.setTimeout(120_000)
  const quiz = await freshQuiz(baseURL!, 6)
  await signIn(page, quiz.logins[0]!)
  // The service worker must hold the shell before the network is cut.
  await page.goto('/')
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.reload()
  await page.evaluate(() => new Promise<void>((resolve) => (navigator.serviceWorker.controller ? resolve() : navigator.serviceWorker.addEventListener('controllerchange', () => resolve()))).then(() => undefined)).catch(() => undefined)
  await startExam(page, quiz.quiz_id)
  await answerItem(page)
  await expect(saveState(page)).toHaveText('已保存')
  const first = await filled(page)

  await context.setOffline(true)
  for (let n = 2; n <= 4; n++) {
    await page.getByRole('button', { name: '下一题' }).click()
    await answerItem(page)
  }
  await expect(saveState(page)).toHaveText('离线，已存本机')
  const chosen = await page.locator('.item .opt.on').count()

  await page.reload()
  await expect(page.locator('.now')).toHaveText('4')
  await expect(saveState(page)).toHaveText('离线，已存本机')
  expect(await page.locator('.item .opt.on').count()).toBe(chosen)
  // What the server acknowledged before is known without it, and stays known when it answers again.
  await toItem(page, 1)
  expect(await filled(page)).toEqual(first)
  await toItem(page, 5)
  await answerItem(page)

  await context.setOffline(false)
  await expect(saveState(page)).toHaveText('已保存', { timeout: 30_000 })
  const answers = await stored(page)
  expect(answers.map((one) => one.slot).sort()).toEqual([1, 2, 3, 4, 5])
  await toItem(page, 1)
  expect(await filled(page)).toEqual(first)
})

test('handing in without a network says so, keeps the answers, and works afterwards', async ({ page, context, baseURL }) => {
  const quiz = await freshQuiz(baseURL!, 2)
  await signIn(page, quiz.logins[0]!)
  await startExam(page, quiz.quiz_id)
  await context.setOffline(true)
  await answerItem(page)
  await page.getByRole('button', { name: '下一题' }).click()
  await answerItem(page)
  await page.getByRole('button', { name: '交卷' }).first().click()
  const sheet = page.getByRole('dialog', { name: '交卷' })
  await sheet.getByRole('button', { name: '确认交卷' }).click()
  await expect(sheet.getByText('尚未交卷')).toBeVisible()
  await context.setOffline(false)
  await sheet.getByRole('button', { name: '确认交卷' }).click()
  await expect(page.getByRole('heading', { name: '已交卷' })).toBeVisible()
  await expect(page.getByText('2 / 2 题')).toBeVisible()
  await page.reload() // handed in stays handed in, whatever the clock says
  await expect(page.getByRole('heading', { name: '已交卷' })).toBeVisible()
})

test('a second device asks, takes over, and the first one stops', async ({ page, browser, baseURL, viewport }) => {
  test.setTimeout(120_000)
  const quiz = await freshQuiz(baseURL!, 4)
  await signIn(page, quiz.logins[0]!)
  await startExam(page, quiz.quiz_id)
  await answerItem(page)
  await expect(saveState(page)).toHaveText('已保存')

  const second = await browser.newContext({ baseURL, locale: 'zh-CN', viewport })
  const other = await second.newPage()
  await signIn(other, quiz.logins[0]!)
  await other.goto(`/exams/${quiz.quiz_id}`)
  await other.getByRole('button', { name: '继续答题' }).click()
  await expect(other.getByRole('dialog', { name: '这场考试正在另一台设备上作答' })).toBeVisible()
  await accessible(other, 'take-over dialog')
  await other.getByRole('button', { name: '在这里继续答题' }).click()
  await other.waitForURL(/\/attempts\//)
  await expect(other.locator('.item .opt.on, .item input').first()).toBeVisible()
  await toItem(other, 2)
  await answerItem(other)
  await expect(saveState(other)).toHaveText('已保存')

  await expect(page.getByRole('heading', { name: '这场考试已转到另一台设备' })).toBeVisible({ timeout: 10_000 })
  await accessible(page, 'moved')
  await page.getByRole('button', { name: '在这里继续答题' }).click()
  await expect(page.locator('.stem')).toBeVisible()
  expect((await stored(page)).map((one) => one.slot).sort()).toEqual([1, 2])
  await expect(other.getByRole('heading', { name: '这场考试已转到另一台设备' })).toBeVisible({ timeout: 10_000 })
  await second.close()
})

test('a second tab of the same browser asks first', async ({ page, context, baseURL }) => {
  const quiz = await freshQuiz(baseURL!, 2)
  await signIn(page, quiz.logins[0]!)
  await startExam(page, quiz.quiz_id)
  const tab = await context.newPage()
  await tab.goto(page.url())
  await expect(tab.getByRole('heading', { name: '这场考试已在另一个页面打开' })).toBeVisible()
  await tab.getByRole('button', { name: '在这个页面作答' }).click()
  await expect(tab.locator('.stem')).toBeVisible()
  await expect(page.getByRole('heading', { name: '这场考试已在另一个页面打开' })).toBeVisible()
  await answerItem(tab)
  await expect(saveState(tab)).toHaveText('已保存')
})

test('an extension shows within five seconds, and the end comes by the server\'s clock', async ({ page, baseURL }, info) => {
  test.setTimeout(120_000)
  const quiz = await openQuiz(baseURL!, 8)
  const login = quiz.logins[(info.project.name === 'phone' ? 0 : 4) + info.retry]!
  await signIn(page, login)
  const me = (await (await page.request.get('/api/v1/session')).json()) as { member_id: string }
  const { api, headers } = await officer(baseURL!, 'trainer')
  let seen = {} as { 'If-Match'?: string }
  const limit = async (seconds: number) => {
    const answer = await api.put(`/api/v1/quizzes/${quiz.quiz_id}/overrides/member:${me.member_id}`, { data: { limit: seconds, reason: 'e2e' }, headers: { ...headers, ...seen } })
    expect(answer.ok(), await answer.text()).toBeTruthy()
    seen = { 'If-Match': `"${((await answer.json()) as { rev: number }).rev}"` }
  }
  await limit(400)
  const before = Date.now() // an end set below stays after the answer, however slow the machine is
  const left = (seconds: number) => limit(Math.ceil((Date.now() - before) / 1000) + seconds)
  await startExam(page, quiz.quiz_id)
  await expect(page.getByRole('timer')).toHaveText(/^06:/)
  await answerItem(page)
  await expect.poll(async () => (await stored(page)).length, { message: 'answers that the server has' }).toBe(1)
  await limit(700)
  await expect(page.getByText('考试时间已延长')).toBeVisible({ timeout: 5_000 })
  await expect(page.getByRole('timer')).toHaveText(/^11:/)
  await accessible(page, 'extension')

  // Below five minutes amber, below one red, nothing moves.
  const box = await page.locator('.stem').boundingBox()
  await page.getByRole('button', { name: '好的' }).click()
  await left(180)
  await expect(page.getByText('考试时间有调整')).toBeVisible({ timeout: 5_000 })
  await expect(page.locator('.time.amber')).toBeVisible({ timeout: 8_000 })
  await accessible(page, 'amber')
  await left(40)
  await expect(page.locator('.time.red')).toBeVisible({ timeout: 8_000 })
  await accessible(page, 'red')
  const moved = await page.locator('.stem').boundingBox()
  expect(moved!.x).toBe(box!.x)
  await left(5)
  await expect(page.getByRole('heading', { name: '时间到，已自动交卷' })).toBeVisible({ timeout: 30_000 })
  await expect(page.locator('.facts')).toContainText('1 / 20 题')
  await accessible(page, 'time up')
  await api.dispose()
})

test('the tick of the timer shifts nothing', async ({ page, baseURL }) => {
  const quiz = await freshQuiz(baseURL!, 2)
  await signIn(page, quiz.logins[0]!)
  await startExam(page, quiz.quiz_id)
  const shift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let total = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) total += entry.value
        }).observe({ type: 'layout-shift', buffered: false })
        setTimeout(() => resolve(total), 4_000)
      }),
  )
  expect(shift).toBe(0)
})

test('leaving asks first, and the exam goes on where it was', async ({ page, baseURL }) => {
  const quiz = await freshQuiz(baseURL!, 3)
  await signIn(page, quiz.logins[0]!)
  await startExam(page, quiz.quiz_id)
  await answerItem(page)
  await page.getByRole('button', { name: '下一题' }).click()
  await page.goBack()
  const dialog = page.getByRole('dialog', { name: '离开考试？' })
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: '继续答题' }).click()
  await expect(page.locator('.now')).toHaveText('2')
  await page.goBack()
  await dialog.getByRole('button', { name: '离开' }).click()
  await page.waitForURL(/\/exams\//)
  await page.reload()
  await page.getByRole('button', { name: '继续答题' }).click()
  await expect(page.locator('.now')).toHaveText('2')
})

test('the keyboard is enough', async ({ page, baseURL, viewport }) => {
  test.skip((viewport?.width ?? 0) < 1024, 'phones have no keyboard: not checked there that an exam is taken by keys alone')
  const quiz = await freshQuiz(baseURL!, 10)
  await signIn(page, quiz.logins[0]!)
  await startExam(page, quiz.quiz_id)
  // To an item with options, by the arrows.
  for (let n = 1; n <= 10 && (await page.locator('.item .opt').count()) < 2; n++) await page.keyboard.press('ArrowRight')
  const at = Number(await page.locator('.now').textContent())
  await page.keyboard.press('2')
  await expect(page.locator('.item .opt').nth(1)).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('a')
  await expect(page.locator('.item .opt').nth(0)).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('f')
  await expect(page.getByRole('button', { name: '已标记' })).toBeVisible()
  await page.keyboard.press('Enter')
  if (at < 10) await expect(page.locator('.now')).toHaveText(String(at + 1))
  await page.keyboard.press('ArrowLeft')
  await expect(page.locator('.now')).toHaveText(String(at))
})
