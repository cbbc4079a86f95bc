import type { Page } from '@playwright/test'
import { accessible, expect, officer, quizOf, signIn, test } from './support'

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
  const full = await page.getByLabel('得分').inputValue()
  await page.keyboard.press('Enter')
  await expect(page.getByText(`待阅 ${before - 2} 个答案`)).toBeVisible()
  await expect(page.getByText(`已保存 ${full} 分`)).toBeVisible() // it has arrived: the next one is the lost one

  // A mark that does not arrive: the next answer is there at once, and the lost one comes after it with what was typed.
  await page.route('**/marks', (route) => route.abort(), { times: 1 })
  await page.keyboard.press('1')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: '有 1 份没有保存' })).toBeVisible()
  await page.getByRole('button', { name: '现在处理' }).click()
  await expect(page.getByLabel('得分')).toHaveValue('1')
  await page.keyboard.press('Enter')
  await expect(page.getByText('没有保存')).toBeHidden()
  await expect(page.getByText(`待阅 ${before - 3} 个答案`)).toBeVisible()

  // By keyboard, reading apart, one answer takes less than the three seconds that 20 a minute leave.
  const nth = page.getByText(/^第 \d+ \/ \d+ 个答案$/)
  const few = Math.min(6, before - 4)
  const began = Date.now()
  for (let n = 0; n < few; n++) {
    const shown = await nth.innerText()
    await page.keyboard.press('1')
    await page.keyboard.press('Enter')
    await expect(nth).not.toHaveText(shown)
  }
  const rate = (60_000 * few) / (Date.now() - began)
  test.info().annotations.push({ type: 'rate', description: `${Math.round(rate)} answers a minute` })
  await expect(page.getByText(`待阅 ${before - 3 - few} 个答案`)).toBeVisible()

  // What was typed and not saved is there again, whichever way one comes back.
  const field = page.getByLabel('得分')
  await field.fill('3')
  await page.getByLabel('评语（发布成绩后考生可见）', { exact: true }).fill('未写完')
  await page.getByRole('button', { name: '跳过' }).click()
  await expect(field).toHaveValue('')
  await page.getByRole('button', { name: '上一份' }).click()
  await expect(field).toHaveValue('3')
  await expect(page.getByLabel('评语（发布成绩后考生可见）', { exact: true })).toHaveValue('未写完')
  // … and after the page was loaded anew, or left by another one.
  const comment = page.getByLabel('评语（发布成绩后考生可见）', { exact: true })
  const found = async () => {
    await expect(comment).toBeVisible()
    for (let n = 0; (await comment.inputValue()) !== '未写完' && n < 60; n++) await page.getByRole('button', { name: '跳过' }).click()
    await expect(comment).toHaveValue('未写完')
    await expect(field).toHaveValue('3')
  }
  await page.reload()
  await found()
  await page.getByRole('button', { name: '返回', exact: true }).click()
  await expect(page.getByRole('link', { name: '开始阅卷' }).first()).toBeVisible()
  await page.goBack()
  await found()

  // What was marked is found again, with its mark.
  await page.getByRole('button', { name: '看已阅的' }).click()
  await expect(page.getByLabel('得分')).not.toHaveValue('')

  await page.goto('/work/marking')
  await page.getByRole('button', { name: '组织生活与发展党员业务测试' }).click()
  await page.getByRole('button', { name: /^((发布|补发)成绩|历次发布)$/ }).click() // the other width may have released before
  const release = page.getByRole('dialog')
  await expect(release).toContainText('待阅卷')
  const send = release.getByRole('button', { name: /^发布 \d+ 份成绩$/ })
  await expect(release.getByText('可发布', { exact: true }).first()).toBeVisible()
  if (await send.isEnabled()) await send.click()
  else await release.getByRole('button', { name: '取消' }).click() // all that is marked was released at the other width
  await page.getByRole('button', { name: /^(补发成绩|历次发布)$/ }).click()
  await expect(release.locator('.waves')).toContainText(/发布 \d+ 份/)
})

test('results by organisation, an answer sheet, statistics, export', async ({ page }) => {
  await signIn(page, 'evaluator')
  await page.goto('/work/marking')
  await page.getByRole('button', { name: '支部工作条例应知应会测试' }).click()
  await page.getByRole('link', { name: '成绩', exact: true }).click() // an answer that waits leads to the queue
  await expect(page.getByText('应考', { exact: true }).first()).toBeVisible()
  await accessible(page, 'results')
  await page.getByLabel('状态', { exact: true }).selectOption('passed')
  await expect(page).toHaveURL(/state=passed/)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await page.getByRole('button', { name: '导出' }).click()
      await page.getByRole('menuitem', { name: 'CSV', exact: true }).click()
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
  const id = await quizOf(baseURL!, title, [{ points: 10, content: { kind: 'short', stem: `什么是民主集中制？${title}`, points: [{ text: '民主基础上的集中', share: 0.6 }, { text: '党的根本组织原则', share: 0.4 }], model: '就是民主基础上的集中。' } }])
  await page.context().clearCookies()
  await signIn(page, 'member')
  await page.goto(`/exams/${id}`)
  await page.getByRole('button', { name: '开始考试' }).click()
  await page.getByRole('textbox').first().fill('就是民主基础上的集中')
  await expect(page.getByText('已保存').first()).toBeVisible()
  await page.getByRole('button', { name: '交卷' }).first().click()
  await page.getByRole('button', { name: '确认交卷' }).click()
  await expect(page.getByRole('heading', { name: '已交卷' })).toBeVisible()
  await page.context().clearCookies()
  await signIn(page, 'evaluator')
  await page.goto(`/work/marking/${id}?tab=queue`)
  await page.getByRole('link', { name: '开始阅卷' }).first().click()
  await expect(page.locator('mark')).toHaveText(['民主基础上的集中'])
  await expect(page.getByText('建议 10 分')).toBeVisible() // the words of the model answer
  await page.keyboard.press('s')
  await expect(page.getByLabel('得分')).toHaveValue('10')
  await accessible(page, 'suggestion')
  await page.keyboard.press('Enter')
  await expect(page.getByText('待阅 0 个答案，已阅 1 个')).toBeVisible()
})

test('a sure answer is marked by itself, a doubtful one waits; the member sees the words that earned points', async ({ page, baseURL }) => {
  test.setTimeout(120_000)
  const title = `自动评分 ${test.info().project.name}`
  const key = (stem: string) => ({ points: 10, content: { kind: 'short', stem, points: [{ text: '民主基础上的集中', share: 0.6 }, { text: '集中指导下的民主', share: 0.4 }] } })
  const id = await quizOf(baseURL!, title, [key(`什么是民主集中制？${title}`), key(`再说一遍民主集中制。${title}`)], { auto_mark: 0.8 })
  await signIn(page, 'member')
  await page.goto(`/exams/${id}`)
  await page.getByRole('button', { name: '开始考试' }).click()
  const box = page.getByRole('textbox').first()
  await box.fill('民主基础上的集中和集中指导下的民主')
  await expect(page.getByText('已保存').first()).toBeVisible()
  await page.getByRole('button', { name: '下一题' }).click()
  await box.fill('大家商量着办')
  await expect(page.getByText('已保存').first()).toBeVisible()
  await page.getByRole('button', { name: '交卷' }).first().click()
  await page.getByRole('button', { name: '确认交卷' }).click()
  await expect(page.getByRole('heading', { name: '已交卷' })).toBeVisible()
  const sheet = page.url()
  await page.context().clearCookies()
  await signIn(page, 'evaluator')
  await expect(async () => {
    await page.goto(`/work/marking/${id}?tab=queue`)
    await expect(page.getByRole('link', { name: '系统自动评分 1 个' })).toBeVisible({ timeout: 3000 })
  }).toPass({ timeout: 45_000 })
  await expect(page.getByText(/待阅 1 个答案，已阅 0 个/)).toBeVisible()
  await page.getByRole('link', { name: '系统自动评分 1 个' }).click()
  await expect(page.getByLabel('得分')).toHaveValue('10')
  await expect(page.locator('mark').first()).toHaveText(/民主基础上的集中/)
  await accessible(page, 'automatic mark')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/queue-${test.info().project.name}.png`, fullPage: true })
  await page.context().clearCookies()
  await signIn(page, 'member')
  await page.goto(sheet)
  await page.getByRole('link', { name: '查看作答结果' }).click()
  await expect(page.getByText('系统自动评分')).toBeVisible()
  await expect(page.locator('mark').first()).toHaveText(/民主基础上的集中/)
  await accessible(page, 'automatic mark, as the member sees it')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/member-${test.info().project.name}.png`, fullPage: true })
})

test('an essay is marked along its rubric, by keys on a PC and by thumb on a phone, with a snippet; the member sees what each criterion earned, and appeals', async ({ page, baseURL }) => {
  const phone = test.info().project.name === 'phone'
  const title = `论述 ${test.info().project.name}`
  const levels = [{ title: '鲜明', share: 1 }, { title: '含糊', share: 0.5, note: '有观点，不够清楚', comment: '观点可取，论述还不充分。' }, { title: '没有', share: 0 }]
  const rubric = [{ name: '观点', share: 0.4, levels }, { name: '实际', share: 0.4, levels: [{ title: '紧密', share: 1 }, { title: '脱离', share: 0 }] }, { name: '文字', share: 0.2 }]
  const id = await quizOf(baseURL!, title, [{ points: 10, content: { kind: 'essay', stem: `谈谈先锋模范作用。${title}`, rubric } }], { appeal_days: 7 })
  const member = await officer(baseURL!, 'member')
  const post = async (path: string, data: object) => {
    const answer = await member.api.post(`/api/v1${path}`, { data, headers: member.headers })
    expect(answer.ok(), await answer.text()).toBeTruthy()
    return answer
  }
  const { attempt, session } = (await (await post(`/exams/${id}/attempts`, {})).json()) as { attempt: { id: string }; session: string }
  await post(`/attempts/${attempt.id}/answers`, { session, answers: [{ client_seq: 1, slot: 1, response: { text: '立足岗位，冲在前面。' } }] })
  await post(`/attempts/${attempt.id}/submit`, { session })
  await member.api.dispose()

  await signIn(page, 'evaluator')
  await page.goto(`/work/marking/${id}?tab=queue`)
  await page.getByRole('link', { name: '开始阅卷' }).first().click()
  const level = (criterion: string, name: string) => page.getByRole('group', { name: criterion }).getByRole('button', { name })
  await expect(level('观点', '鲜明')).toBeVisible()
  await accessible(page, 'rubric')
  const points = page.getByLabel('文字的得分（0 到 2）')
  if (phone) {
    for (const one of await page.locator('.level').all()) expect((await one.boundingBox())!.height).toBeGreaterThanOrEqual(44)
    await level('观点', '含糊').tap()
    await level('实际', '紧密').tap()
    await points.fill('9')
    await page.getByRole('button', { name: '保存，下一份' }).tap()
  } else {
    for (const key of ['2', 'Tab', '1', 'ArrowDown', '9', 'Enter']) await page.keyboard.press(key)
  }
  // A criterion above its points is said, nothing is saved, and what was said of the others stands.
  await expect(page.getByText('还有 1 项未评')).toBeVisible()
  await expect(points).toHaveAttribute('aria-invalid', 'true')
  await expect(level('观点', '含糊')).toHaveAttribute('aria-pressed', 'true')
  await points.fill('1.5')
  await expect(page.getByText('合计 7.5 / 10 分')).toBeVisible()

  const comment = page.getByLabel('评语（发布成绩后考生可见）', { exact: true })
  await comment.fill('条理清楚')
  await expect(page.getByRole('button', { name: /^(管理|添加常用评语)$/ })).toBeEnabled()
  const keep = page.getByRole('button', { name: '存为常用' })
  if (await keep.isVisible()) await keep.click() // the other width may have kept it before
  await comment.fill('')
  const snippet = page.getByRole('region', { name: '常用评语' }).getByRole('button', { name: '条理清楚' })
  if (phone) await snippet.tap()
  else {
    await expect(snippet).toBeVisible()
    await points.focus() // digits are marks there, with Shift they are snippets
    await page.keyboard.press('Shift+Digit1')
    await expect(points).toHaveValue('1.5')
  }
  await expect(comment).toHaveValue('条理清楚')
  if (phone) await page.getByRole('button', { name: '保存，下一份' }).tap()
  else await page.keyboard.press('Enter')
  await expect(page.getByText('待阅 0 个答案，已阅 1 个')).toBeVisible()
  await expect(page.getByText('这道题已评完')).toBeVisible()
  await page.getByRole('button', { name: '看已阅的' }).click()
  await expect(level('观点', '含糊')).toHaveAttribute('aria-pressed', 'true')

  await page.context().clearCookies()
  await signIn(page, 'member')
  await page.goto(`/attempts/${encodeURIComponent(attempt.id)}/result`)
  const result = page.getByRole('region', { name: '各项得分' })
  await expect(result).toContainText('得 2 / 4 分')
  await expect(result).toContainText('有观点，不够清楚')
  await expect(result).toContainText('观点可取，论述还不充分。')
  await expect(page.getByText('得 7.5 / 10 分')).toBeVisible()
  await accessible(page, 'a rubric, as the member sees it')

  // An appeal is upheld along the rubric by somebody else, from what was given.
  const again = await officer(baseURL!, 'member')
  expect((await again.api.post(`/api/v1/attempts/${attempt.id}/appeals`, { data: { slot: 1, text: '观点写明了' }, headers: again.headers })).ok()).toBeTruthy()
  await again.api.dispose()
  await page.context().clearCookies()
  await signIn(page, 'evaluator2')
  await page.goto(`/work/appeals?state=open&quiz=${id}`)
  await page.getByRole('button', { name: new RegExp(title) }).first().click()
  const drawer = page.getByRole('dialog', { name: title })
  await drawer.getByRole('radio', { name: '申诉成立，改分' }).check()
  await expect(level('观点', '含糊')).toHaveAttribute('aria-pressed', 'true')
  await level('观点', '鲜明').click()
  await expect(drawer.getByText('合计 9.5 / 10 分')).toBeVisible()
  await drawer.getByLabel('理由（考生可见）').fill('第二段写明了观点')
  await accessible(page, 'appeal along a rubric')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/appeal-rubric-${test.info().project.name}.png`, fullPage: true })
  await drawer.getByRole('button', { name: '确认处理' }).click()
  await expect(drawer.getByText('申诉成立 ·')).toBeVisible()
  await page.context().clearCookies()
  await signIn(page, 'member')
  await page.goto(`/attempts/${encodeURIComponent(attempt.id)}/result`)
  await expect(result).toContainText('得 4 / 4 分')
  await expect(page.getByText('得 9.5 / 10 分')).toBeVisible()
})

/** The member answers the one short answer of a quiz and hands in. */
async function answered(page: Page, id: string): Promise<void> {
  await signIn(page, 'member')
  await page.goto(`/exams/${id}`)
  await page.getByRole('button', { name: '开始考试' }).click()
  await page.getByRole('textbox').first().fill('先民主，后集中')
  await expect(page.getByText('已保存').first()).toBeVisible()
  await page.getByRole('button', { name: '交卷' }).first().click()
  await page.getByRole('button', { name: '确认交卷' }).click()
  await expect(page.getByRole('heading', { name: '已交卷' })).toBeVisible()
}

test('two evaluators mark blind and far apart, a third decides, and the sheet says how', async ({ page, baseURL }) => {
  const title = `双评 ${test.info().project.name}`
  const id = await quizOf(baseURL!, title, [{ points: 10, content: { kind: 'short', stem: `谈谈民主集中制。${title}`, points: [{ text: '民主基础上的集中', share: 0.6 }, { text: '集中指导下的民主', share: 0.4 }] } }], { second: { share: 1, differs: 20 } })
  await answered(page, id)
  for (const [login, mark] of [['evaluator', 9], ['evaluator2', 4]] as const) {
    const { api, headers } = await officer(baseURL!, login)
    const { items } = (await (await api.get(`/api/v1/quizzes/${id}/queue`)).json()) as { items: { question_id: string }[] }
    const held = await api.post(`/api/v1/quizzes/${id}/queue/${items[0]!.question_id}/claim`, { data: {}, headers })
    const one = ((await held.json()) as { items: { attempt_key: string; slot: number; mark?: number }[] }).items[0]!
    expect(one.mark).toBeUndefined() // nothing of a mark before
    if (login === 'evaluator2') expect((await (await api.get(`/api/v1/quizzes/${id}/marking`)).json()) as object).toMatchObject({ left: 1, items: [{ answers: 1, first: 0, second: 1, third: 0, claims: [{ answers: 1 }] }] })
    expect((await api.get(`/api/v1/quizzes/${id}/marking/consistency`)).status()).toBe(403) // by name, for who makes the quiz
    expect((await api.post(`/api/v1/quizzes/${id}/marks`, { data: { attempt_key: one.attempt_key, slot: one.slot, mark, comment: mark < 5 ? '要点不全' : '' }, headers })).status()).toBe(200)
    await api.dispose()
  }

  await page.context().clearCookies()
  await signIn(page, 'evaluator3')
  await page.goto(`/work/marking/${id}?tab=progress`)
  await expect(page.getByText(/更新，每 15 秒自动刷新/)).toBeVisible()
  await accessible(page, 'progress of marking')
  await page.getByRole('link', { name: /待三评 1 份，去评阅/ }).click()
  await expect(page.getByText('只评待三评的')).toBeVisible()
  await expect(page.getByText('待您评阅 1 个答案')).toBeVisible()
  await expect(page.getByRole('heading', { name: '得分点' })).toBeVisible() // with its shares, where there is no model answer
  await expect(page.getByText('没有参考答案')).toBeHidden()
  await accessible(page, 'third mark')
  await page.keyboard.press('5')
  await page.keyboard.press('Enter')
  await expect(page.getByText('已保存 5 分')).toBeVisible()
  await page.goto(`/work/marking/${id}?tab=results&state=taken`)
  await page.locator('tbody .link').first().click()
  const trail = page.locator('section').filter({ has: page.getByRole('heading', { name: '阅卷经过' }) })
  await expect(trail.getByRole('listitem')).toHaveText([/一评\s*9 分/, /二评\s*4 分.*要点不全/, /三评\s*5 分/, /定分\s*4.5 分/])
  await accessible(page, 'how it was marked')

  // Who makes the quiz sees how far the three agree, with a word that one answer is few.
  await page.context().clearCookies()
  await signIn(page, 'trainer')
  await page.goto(`/work/marking/${id}?tab=agreement`)
  await expect(page.getByText('一评总体比二评高 5 分。')).toBeVisible()
  await expect(page.getByText('n 小').first()).toBeVisible()
  await expect(page.getByText(/离三评较远\s*1 \/ 1/)).toHaveCount(1)
  await accessible(page, 'consistency of evaluators')
  const [sheet] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出 Excel' }).click()])
  expect(sheet.suggestedFilename()).toMatch(/评分一致性\.xlsx$/)
})

test('a second window replaces no mark unseen: it shows what stands, keeps what was typed, and its evaluator decides', async ({ page, context, baseURL }) => {
  const id = await quizOf(baseURL!, `两个窗口 ${test.info().project.name}`, [{ points: 10, content: { kind: 'short', stem: `谈谈民主集中制。${test.info().project.name}`, points: [{ text: '民主基础上的集中', share: 1 }] } }])
  await answered(page, id)
  await context.clearCookies()
  await signIn(page, 'evaluator')
  const second = await context.newPage()
  await page.goto(`/work/marking/${id}?tab=queue`)
  await page.getByRole('link', { name: '开始阅卷' }).first().click()
  await expect(page.getByText('第 1 / 1 个答案')).toBeVisible()
  const save = async (one: Page, mark: string, comment: string) => {
    await one.getByLabel('得分').fill(mark)
    await one.getByLabel('评语（发布成绩后考生可见）', { exact: true }).fill(comment)
    await one.getByRole('button', { name: '保存，下一份' }).click()
  }
  await save(page, '7', '要点')
  await expect(page.getByText('已保存 7 分')).toBeVisible()
  await second.goto(page.url())
  await second.getByRole('button', { name: '看已阅的' }).click()
  await expect(second.getByLabel('得分')).toHaveValue('7')
  await save(page, '8', '要点齐全')
  await expect(page.getByText('已保存 8 分')).toBeVisible()

  const note = second.getByRole('alert').filter({ hasText: '您已在另一个窗口给过 8 分' })
  await save(second, '3', '缺要点')
  await expect(note).toContainText('要点齐全')
  await expect(second.getByLabel('得分')).toHaveValue('3')
  await expect(second.getByLabel('评语（发布成绩后考生可见）', { exact: true })).toHaveValue('缺要点')
  await accessible(second, 'a mark that was not seen')
  await note.getByRole('button', { name: '保留 8 分' }).click()
  await expect(note).toBeHidden()
  await expect(second.getByLabel('得分')).toHaveValue('8')

  // The first window has not seen what the second puts there now; it decides for its own.
  await save(second, '4', '缺要点')
  await expect(second.getByText('已保存 4 分')).toBeVisible()
  await save(page, '6', '再评')
  await expect(page.getByRole('alert').filter({ hasText: '您已在另一个窗口给过 4 分' })).toBeVisible()
  await page.getByRole('button', { name: '保存，下一份' }).click()
  await expect(page.getByText('已保存 6 分')).toBeVisible()
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByText('已恢复为原来的 4 分。')).toBeVisible()
})

test('two tabs of an evaluator hold different answers; one takes over the other’s, and leaving it gives back its own alone', async ({ page, baseURL }) => {
  const title = `两个窗口 ${test.info().project.name}`
  const id = await quizOf(baseURL!, title, [{ points: 10, content: { kind: 'essay', stem: `谈谈体会。${title}` } }])
  for (const login of ['member', 'secretary']) {
    const member = await officer(baseURL!, login)
    const post = async (path: string, data: object) => {
      const answer = await member.api.post(`/api/v1${path}`, { data, headers: member.headers })
      expect(answer.ok(), await answer.text()).toBeTruthy()
      return answer
    }
    const { attempt, session } = (await (await post(`/exams/${id}/attempts`, {})).json()) as { attempt: { id: string }; session: string }
    await post(`/attempts/${attempt.id}/answers`, { session, answers: [{ client_seq: 1, slot: 1, response: { text: '立足岗位。' } }] })
    await post(`/attempts/${attempt.id}/submit`, { session })
    await member.api.dispose()
  }
  await signIn(page, 'evaluator')
  await page.goto(`/work/marking/${id}?tab=queue`)
  await page.getByRole('link', { name: '开始阅卷' }).click()
  await expect(page.getByText('第 1 / 2 个答案')).toBeVisible()
  await page.reload() // the same tab: nothing is lost
  await expect(page.getByText('第 1 / 2 个答案')).toBeVisible()

  const second = await page.context().newPage()
  await second.goto(page.url())
  await expect(second.getByText('另有 2 份在您打开的其他窗口中。')).toBeVisible()
  await accessible(second, 'queue whose answers are in another tab')
  await second.goto(`/work/marking/${id}?tab=queue`) // leaving it takes nothing from the first
  await page.keyboard.press('7')
  await page.keyboard.press('Enter')
  await expect(page.getByText('已保存 7 分')).toBeVisible()

  await second.getByRole('link', { name: '开始阅卷' }).click()
  await second.getByRole('button', { name: '移到此窗口评阅' }).click()
  await expect(second.getByText('第 1 / 1 个答案')).toBeVisible()
  await page.keyboard.press('8')
  await page.keyboard.press('Enter')
  await expect(page.getByText('这份作答已移到您打开的另一个窗口')).toBeVisible()
  await expect(page.getByLabel('得分')).toHaveValue('8')
  await accessible(page, 'an answer that moved to another tab')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/moved-${test.info().project.name}.png`, fullPage: true })
  await page.getByRole('button', { name: '移到此窗口评阅' }).first().click()
  await page.getByLabel('得分').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('已保存 8 分')).toBeVisible()
})
