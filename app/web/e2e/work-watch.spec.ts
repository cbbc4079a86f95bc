// Overrides and extensions: who gets what and why, extra time of a member's file, and how soon they reach those who are answering.
import { accessible, answerItem, expect, freshQuiz, officer, signIn, startExam, test } from './support'

test('an extension of an organisation reaches every device within five seconds', async ({ page, browser, baseURL }, info) => {
  test.setTimeout(120_000)
  const quiz = await freshQuiz(baseURL!, 3, 2)
  const contexts = await Promise.all([browser.newContext(), browser.newContext()])
  const [second, otherDevice] = await Promise.all(contexts.map((one) => one.newPage()))
  await signIn(page, quiz.logins[0]!)
  await startExam(page, quiz.quiz_id)
  await signIn(second!, quiz.logins[1]!)
  await startExam(second!, quiz.quiz_id)
  await answerItem(page)
  const trainer = await officer(baseURL!, 'trainer')
  const system = await officer(baseURL!, 'system')
  const orgs = (await (await system.api.get('/api/v1/orgs')).json()) as { items: { id: string; name: string }[] }
  const org = orgs.items.find((one) => one.name === '压力演练党支部')!.id
  const limit = async (key: string, seconds: number) => {
    const answer = await trainer.api.put(`/api/v1/quizzes/${quiz.quiz_id}/overrides/${key}`, { data: { limit: seconds, closes: '0001-01-01T00:00:00Z', reason: '停电' }, headers: trainer.headers })
    expect(answer.ok(), await answer.text()).toBeTruthy()
  }
  await limit(`org:${org}`, 7200)
  await Promise.all([page, second!].map((one) => expect(one.getByText('考试时间已延长')).toBeVisible({ timeout: 5_000 })))
  await Promise.all([page, second!].map((one) => expect(one.getByRole('timer')).toHaveText(/^1:5\d:/)))
  await page.screenshot({ path: info.outputPath('extended.png') })

  // A second device of the same member goes on with the new end; a further extension reaches it as well.
  await signIn(otherDevice!, quiz.logins[0]!)
  await otherDevice!.goto(page.url())
  await otherDevice!.getByRole('button', { name: '在这里继续答题' }).click()
  await expect(otherDevice!.getByRole('timer')).toHaveText(/^1:5\d:/)
  const member = (await (await otherDevice!.request.get('/api/v1/session')).json()) as { member_id: string }
  await limit(`member:${member.member_id}`, 10_800)
  await expect(otherDevice!.getByText('考试时间已延长')).toBeVisible({ timeout: 5_000 })
  await expect(otherDevice!.getByRole('timer')).toHaveText(/^2:5\d:/)

  // Who gets what, and why.
  const office = await browser.newContext({ viewport: page.viewportSize() })
  const desk = await office.newPage()
  await signIn(desk, 'trainer')
  await desk.goto(`/work/quizzes/${quiz.quiz_id}?tab=overrides&only=true`)
  const table = desk.locator('.who')
  await expect(table).toBeVisible()
  await expect(table.getByText('个人例外').first()).toBeVisible()
  await accessible(desk, 'who gets what')
  await desk.screenshot({ path: info.outputPath('who.png'), fullPage: true })
  await Promise.all([trainer.api.dispose(), system.api.dispose(), office.close(), ...contexts.map((one) => one.close())])
})

test('a clerk sets the extra time of a member, with a reason', async ({ page }, info) => {
  await signIn(page, 'clerk')
  await page.goto('/work/members')
  await page.locator('tbody tr, .list-row, [role=row]').nth(3).click()
  const drawer = page.getByRole('dialog').first()
  await drawer.getByRole('button', { name: '设置延长' }).click()
  const sheet = page.getByRole('dialog').last()
  await sheet.getByRole('button', { name: '1.5 倍' }).click()
  await sheet.getByLabel('理由').fill('')
  await sheet.getByRole('button', { name: '保存' }).click()
  await expect(sheet.getByText('请填写这一项。')).toBeVisible()
  await accessible(page, 'extra time')
  await sheet.getByLabel('理由').fill('视力障碍，经党委同意')
  await page.screenshot({ path: info.outputPath('extra.png') })
  await sheet.getByRole('button', { name: '保存' }).click()
  await expect(drawer.getByText('1.5 倍 · 视力障碍，经党委同意')).toBeVisible()
  await accessible(page, 'member with extra time')
})
