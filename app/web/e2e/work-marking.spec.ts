import { accessible, expect, quizOf, signIn, test } from './support'

test('answers to one item are marked by keyboard without names, then released', async ({ page }) => {
  await signIn(page, 'evaluator')
  await page.goto('/work/marking')
  await page.getByRole('button', { name: '组织生活与发展党员业务测试' }).click()
  await expect(page.getByRole('link', { name: /开始阅卷/ }).first()).toBeVisible()
  await accessible(page, 'marking queue list')
  await page.getByRole('link', { name: '开始阅卷' }).first().click()

  await expect(page.getByText('姓名已隐去')).toBeVisible()
  const counts = page.getByText(/^待阅 \d+ 个答案，已阅 \d+ 个$/)
  const before = Number(/待阅 (\d+) 个答案/.exec(await counts.innerText())?.[1])
  await accessible(page, 'marking queue')

  // Enter without a mark says so; one above the item's points stays as it was typed and is not saved.
  await page.keyboard.press('Enter')
  await expect(page.getByText(/请填写 0 到 [\d.]+ 之间的得分/)).toBeVisible()
  await page.keyboard.type('999')
  await expect(page.getByLabel('得分')).toHaveValue('999')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/请填写 0 到 [\d.]+ 之间的得分/)).toBeVisible()
  await expect(page.getByLabel('得分')).toHaveValue('999')
  // A window that crosses the width of the shell takes nothing away that was typed.
  const size = page.viewportSize()!
  for (const width of [size.width < 1024 ? 1200 : 800, size.width]) {
    await page.setViewportSize({ ...size, width })
    await expect(page.getByRole('navigation').first()).toBeVisible()
    await expect(page.getByLabel('得分')).toHaveValue('999')
  }
  await page.getByLabel('得分').focus()
  for (let n = 0; n < 3; n++) await page.keyboard.press('Backspace')
  await page.keyboard.press('1')
  await page.keyboard.press('Enter')
  await expect(page.getByText(`待阅 ${before - 1} 个答案`)).toBeVisible()
  await page.keyboard.press('f')
  await page.keyboard.press('Enter')
  await expect(page.getByText(`待阅 ${before - 2} 个答案`)).toBeVisible()

  // What was marked is found again, with its mark.
  await page.getByRole('button', { name: '看已阅的' }).click()
  await expect(page.getByLabel('得分')).not.toHaveValue('')

  await page.goto('/work/marking')
  await page.getByRole('button', { name: '组织生活与发展党员业务测试' }).click()
  await page.getByRole('button', { name: /^(发布|补发)成绩/ }).click() // the other width may have released before
  const release = page.getByRole('dialog')
  await expect(release).toContainText('待阅卷')
  const send = release.getByRole('button', { name: /^发布 \d+ 份成绩$/ })
  await expect(release.getByText('可发布', { exact: true }).first()).toBeVisible()
  if (await send.isEnabled()) await send.click()
  else await release.getByRole('button', { name: '取消' }).click() // all that is marked was released at the other width
  await page.getByRole('button', { name: '补发成绩' }).click()
  await expect(release.locator('.waves')).toContainText(/发布 \d+ 份/)
})

test('results by organisation, an answer sheet, statistics, export', async ({ page }) => {
  await signIn(page, 'evaluator')
  await page.goto('/work/marking')
  await page.getByRole('button', { name: '支部工作条例应知应会测试' }).click()
  await expect(page.getByText('应考', { exact: true }).first()).toBeVisible()
  await accessible(page, 'results')
  await page.getByLabel('状态', { exact: true }).selectOption('passed')
  await expect(page).toHaveURL(/state=passed/)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await page.getByRole('button', { name: '导出' }).click()
      await page.getByRole('menuitem', { name: 'CSV' }).click()
    })(),
  ])
  expect(download.suggestedFilename()).toMatch(/支部工作条例.*\.csv$/)

  await page.locator('tbody .link').first().click()
  await expect(page.getByText(/经过（\d+ 步）/)).toBeVisible()
  await expect(page.getByText('考生作答').first()).toBeVisible()
  await accessible(page, 'answer sheet')
  await page.goBack()

  await page.getByRole('link', { name: '统计' }).click()
  await expect(page.getByRole('heading', { name: /成绩分布/ })).toBeVisible()
  await expect(page.getByRole('heading', { name: /试卷质量/ })).toBeVisible()
  await accessible(page, 'statistics')
})

test('an attempt is voided only with a reason', async ({ page }) => {
  await signIn(page, 'evaluator')
  await page.goto('/work/marking')
  await page.getByRole('button', { name: '支部工作条例应知应会测试' }).click()
  await page.getByLabel('状态', { exact: true }).selectOption('failed')
  await expect(page).toHaveURL(/state=failed/)
  await page.waitForLoadState('networkidle')
  await page.locator('tbody .link').first().click()
  await page.getByRole('button', { name: '作废', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('button', { name: '作废', exact: true }).click()
  await expect(sheet.getByText('请填写这一项。')).toBeVisible()
  await sheet.getByLabel('理由').fill('本人申请重考，支部同意')
  await sheet.getByRole('button', { name: '作废', exact: true }).click()
  await expect(page.getByText('已作废。')).toBeVisible()
})

test('key points are proposed from a model answer, and their words are shown to the evaluator', async ({ page, baseURL }) => {
  await signIn(page, 'trainer')
  await page.goto('/work/bank/new?kind=short')
  await page.getByText('简答', { exact: true }).click()
  await page.getByLabel('题干').fill('什么是民主集中制？（得分点）')
  await page.getByLabel('参考答案').fill('民主基础上的集中；集中指导下的民主')
  await page.getByRole('button', { name: '从参考答案提取' }).click()
  await expect(page.getByLabel('第 1 个得分点的内容')).toHaveValue('民主基础上的集中')
  await expect(page.getByText('合计 100%', { exact: true })).toBeVisible()
  await accessible(page, 'editor of key points')
  // A sum that is not 100 % is said, and nothing is lost.
  await page.getByLabel('第 1 个得分点的比例（%）').fill('30')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText(/各项比例合计应为 100%/)).toBeVisible()
  await expect(page.getByLabel('第 1 个得分点的内容')).toHaveValue('民主基础上的集中')

  const title = `得分点 ${test.info().project.name}`
  const id = await quizOf(baseURL!, title, [{ points: 10, content: { kind: 'short', stem: `什么是民主集中制？${title}`, points: [{ text: '民主基础上的集中', share: 0.6 }, { text: '党的根本组织原则', share: 0.4 }] } }])
  await page.context().clearCookies()
  await signIn(page, 'member')
  await page.goto(`/exams/${id}`)
  await page.getByRole('button', { name: '开始考试' }).click()
  await page.getByRole('textbox').first().fill('就是民主基础上的集中')
  await expect(page.getByText('已保存').first()).toBeVisible()
  await page.getByRole('button', { name: '交卷' }).first().click()
  await page.getByRole('button', { name: '确认交卷' }).click()
  await expect(page.getByText(/交卷/).first()).toBeVisible()
  await page.context().clearCookies()
  await signIn(page, 'evaluator')
  await page.goto(`/work/marking/${id}?tab=queue`)
  await page.getByRole('link', { name: '开始阅卷' }).first().click()
  await expect(page.locator('mark')).toHaveText(['民主基础上的集中'])
  await expect(page.getByText('建议 6 分')).toBeVisible()
  await page.keyboard.press('s')
  await expect(page.getByLabel('得分')).toHaveValue('6')
  await accessible(page, 'suggestion')
  await page.keyboard.press('Enter')
  await expect(page.getByText('待阅 0 个答案，已阅 1 个')).toBeVisible()
})
