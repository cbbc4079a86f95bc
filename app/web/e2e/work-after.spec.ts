// What happens after a result: appeal, correction of a key with a second person's approval, certificate and its public
// page, make-up exam. Members on the page at hand, officers too.
import { expect, type Browser, type Page } from '@playwright/test'
import { accessible, officer, quizOf, rehearsal, signIn, test } from './support'

const single = (stem: string) => ({
  kind: 'single', stem, explanation: '见党章总纲。',
  options: [{ id: 'a', text: '甲项', right: true }, { id: 'b', text: '乙项', right: false }, { id: 'c', text: '丙项', right: false }],
})

/** Takes a quiz at the API: one option for every item. Gives the attempt. */
async function sit(baseURL: string, login: string, quiz: string, options: string[]): Promise<string> {
  const { api, headers } = await officer(baseURL, login)
  const post = async (path: string, data: object) => {
    const answer = await api.post(`/api/v1${path}`, { data, headers })
    expect(answer.ok(), await answer.text()).toBeTruthy()
    return answer.json()
  }
  const sheet = (await post(`/exams/${quiz}/attempts`, {})) as { attempt: { id: string }; session: string; items: { slot: number }[] }
  const id = encodeURIComponent(sheet.attempt.id)
  await post(`/attempts/${id}/answers`, { session: sheet.session, answers: sheet.items.map((item, at) => ({ client_seq: at + 1, slot: item.slot, response: { choices: [options[at]] } })) })
  await post(`/attempts/${id}/submit`, { session: sheet.session })
  await api.dispose()
  return sheet.attempt.id
}

/** The key of a question becomes b, reviewed and published. */
async function correct(baseURL: string, stem: string): Promise<void> {
  const trainer = await officer(baseURL, 'trainer')
  const reviewer = await officer(baseURL, 'reviewer')
  const list = (await (await trainer.api.get(`/api/v1/questions?q=${encodeURIComponent(stem)}`)).json()) as { items: { id: string }[] }
  const id = list.items[0]!.id
  const question = (await (await trainer.api.get(`/api/v1/questions/${id}`)).json()) as { rev: number; content: { options: { id: string; right: boolean }[] } }
  for (const option of question.content.options) option.right = option.id === 'b'
  const saved = await trainer.api.put(`/api/v1/questions/${id}`, { data: { content: question.content, note: '答案更正' }, headers: { ...trainer.headers, 'If-Match': `"${question.rev}"` } })
  expect(saved.ok(), await saved.text()).toBeTruthy()
  for (const [who, to] of [[trainer, 'review'], [reviewer, 'published']] as const) {
    const answer = await who.api.post(`/api/v1/questions/${id}/status`, { data: { to }, headers: who.headers })
    expect(answer.ok(), await answer.text()).toBeTruthy()
  }
}

/** Another person at a browser of their own. */
async function another(browser: Browser, page: Page, login?: string): Promise<Page> {
  const context = await browser.newContext({ viewport: page.viewportSize(), baseURL: new URL(page.url()).origin, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  const other = await context.newPage()
  if (login) await signIn(other, login)
  return other
}

const shot = async (page: Page, name: string) => {
  if (process.env.QIMING_SHOTS) await page.screenshot({ path: `${process.env.QIMING_SHOTS}/${test.info().project.name}-${name}.png`, fullPage: true })
}

test('appeal, corrected key, certificate and make-up', async ({ page, browser, baseURL }) => {
  test.setTimeout(180_000)
  const stamp = Date.now().toString(36)
  const title = `党纪学习测试${stamp}`
  const quiz = await quizOf(baseURL!, title, [{ content: single(`第一题${stamp}`), points: 4 }, { content: single(`第二题${stamp}`), points: 6 }], { appeal_days: 7, certificate: { title: '党纪学习合格证书', months: 12 }, attempts: 1 })
  const { logins } = await rehearsal(baseURL!, { takers: 2, quiz_id: quiz })
  const [anna, bert] = logins as [string, string]
  const attempt = await sit(baseURL!, anna, quiz, ['b', 'a'])
  await sit(baseURL!, bert, quiz, ['a', 'b'])

  // The member appeals the first item.
  await signIn(page, anna)
  await page.goto(`/attempts/${encodeURIComponent(attempt)}/result`)
  await expect(page.getByText(/前可对每道题提出申诉/)).toBeVisible()
  await page.getByRole('button', { name: '对本题有异议 1' }).click()
  await page.getByRole('button', { name: '提交申诉' }).click()
  await expect(page.getByRole('dialog').getByText('请填写这一项')).toBeVisible()
  await accessible(page, 'appeal sheet')
  await page.getByLabel('理由').fill('乙项与条例原文一致，应判为正确。')
  await shot(page, 'appeal-sheet')
  await page.getByRole('button', { name: '提交申诉' }).click()
  await expect(page.getByText('处理中')).toBeVisible()
  await accessible(page, 'result with appeal')
  await shot(page, 'result-appeal')

  // The certificate, as it is printed, and what anybody sees of it.
  await page.goto('/me/certificates')
  const held = page.getByRole('link', { name: new RegExp(`党纪学习合格证书.*${title}`) }) // the other width may have taken its own before
  await expect(held).toBeVisible()
  await accessible(page, 'certificates')
  await shot(page, 'certificates')
  await held.click()
  await expect(page.getByText('参加“')).toBeVisible()
  await accessible(page, 'certificate')
  await shot(page, 'certificate')
  if (process.env.QIMING_SHOTS) await page.pdf({ path: `${process.env.QIMING_SHOTS}/${test.info().project.name}-certificate.pdf`, preferCSSPageSize: true })
  const serial = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!)
  const anybody = await another(browser, page)
  await anybody.goto(`/verify/${serial.toLowerCase().replaceAll('-', '').replaceAll('0', 'o')}`)
  await expect(anybody.getByText('证书真实有效')).toBeVisible()
  await accessible(anybody, 'verify')
  await shot(anybody, 'verify')
  await anybody.getByLabel('证书编号').fill(serial.slice(0, -1) + (serial.endsWith('A') ? 'B' : 'A'))
  await anybody.getByRole('button', { name: '查验' }).click()
  await expect(anybody.getByText('编号有误，请对照证书')).toBeVisible()
  await shot(anybody, 'verify-mistyped')

  // An evaluator answers, and decides.
  const evaluator = await another(browser, page, 'evaluator')
  await evaluator.goto('/')
  await expect(evaluator.getByText('考生申诉')).toBeVisible()
  await evaluator.goto('/work/appeals?state=open')
  await expect(evaluator.getByText(`第一题${stamp}`)).toBeVisible()
  await accessible(evaluator, 'appeals')
  await shot(evaluator, 'appeals')
  await evaluator.getByRole('button', { name: `第一题${stamp}` }).click()
  await evaluator.getByLabel('答复考生').fill('正在核对条例原文。')
  await evaluator.getByRole('button', { name: '发送' }).click()
  await evaluator.getByText('申诉成立，改分').click()
  await evaluator.getByLabel(/本题得分/).fill('9')
  await evaluator.getByLabel('理由（考生可见）').fill('乙项成立。')
  await evaluator.getByRole('button', { name: '确认处理' }).click()
  await expect(evaluator.getByText('申诉不降低原分')).toBeVisible()
  await accessible(evaluator, 'appeal drawer')
  await shot(evaluator, 'appeal-drawer')
  await evaluator.getByLabel(/本题得分/).fill('2')
  await evaluator.getByRole('button', { name: '确认处理' }).click()
  await expect(evaluator.getByText('申诉成立 ·')).toBeVisible()
  await page.goto('/')
  await expect(page.getByText('第 1 题申诉成立').first()).toBeVisible()

  // The key was wrong for everybody: the trainer asks, another person approves.
  await correct(baseURL!, `第一题${stamp}`)
  const trainer = await another(browser, page, 'trainer')
  await trainer.goto(`/work/marking/${quiz}?tab=regrades`)
  await trainer.getByRole('button', { name: '发起更正' }).first().click()
  await trainer.getByRole('radio', { name: new RegExp(`第一题${stamp}`) }).check()
  await trainer.getByRole('button', { name: '查看影响' }).click()
  await expect(trainer.getByText('成绩有变')).toBeVisible()
  await trainer.getByRole('button', { name: '提交审批' }).click()
  await expect(trainer.getByText('请填写这一项')).toBeVisible()
  await trainer.getByLabel('原因（受影响的考生可见）').fill('第 1 题标准答案更正为乙项。')
  await accessible(trainer, 'regrade ask')
  await shot(trainer, 'regrade-ask')
  await trainer.getByRole('button', { name: '提交审批' }).click()
  await expect(trainer.getByText('待批准')).toBeVisible()
  await accessible(trainer, 'regrades')
  await evaluator.goto('/')
  await evaluator.getByRole('link', { name: /审批.*更正评分待批准/ }).last().click()
  await expect(evaluator.getByRole('button', { name: '批准并执行' })).toBeVisible()
  await accessible(evaluator, 'regrade')
  await shot(evaluator, 'regrade-approve')
  await evaluator.getByRole('button', { name: '批准并执行' }).click()
  await evaluator.getByRole('dialog').last().getByRole('button', { name: '批准并执行' }).click()
  await expect(evaluator.getByText('已执行', { exact: true }).first()).toBeVisible()
  await shot(evaluator, 'regrade-applied')
  const loser = await another(browser, page, bert)
  await loser.goto('/')
  await expect(loser.getByText(/成绩由 4 分变为 0 分/).first()).toBeVisible()
  await shot(loser, 'home-changed')
  await loser.getByRole('link', { name: new RegExp(`查看.*${title}`) }).first().click()
  await expect(loser.getByText('成绩有变动')).toBeVisible()
  await accessible(loser, 'changed result')
  await shot(loser, 'result-changed')

  // The certificate is corrected by hand; the old one says so.
  await evaluator.goto(`/work/marking/${quiz}?tab=certificates`)
  await expect(evaluator.getByText(serial)).toBeVisible()
  await accessible(evaluator, 'certificates of a quiz')
  await shot(evaluator, 'quiz-certificates')
  await evaluator.getByRole('button', { name: /^撤销 / }).first().click()
  await evaluator.getByLabel('原因').fill('姓名有误')
  await evaluator.getByRole('dialog').getByRole('button', { name: '撤销', exact: true }).click()
  await expect(evaluator.getByText('已撤销', { exact: true }).first()).toBeVisible()
  await anybody.goto(`/verify/${serial}`)
  await expect(anybody.getByText('撤销日期')).toBeVisible()
  await page.goto(`/me/certificates/${serial}`)
  await expect(page.getByText('该证书已失效')).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
  expect(await page.locator('.serial').first().evaluate((line) => parseFloat(getComputedStyle(line).fontSize))).toBeGreaterThanOrEqual(14)
  await shot(page, 'certificate-revoked')

  // Who failed for good is offered the make-up.
  await trainer.goto(`/work/marking/${quiz}`)
  await trainer.getByRole('button', { name: '安排补考' }).click()
  await trainer.getByRole('dialog').getByRole('button', { name: '新建补考' }).click()
  await trainer.waitForURL(/\/work\/quizzes\//)
  await expect(trainer.getByText('这是一场补考')).toBeVisible()
  await expect(trainer.getByLabel('证书名称')).toHaveValue('党纪学习合格证书')
  await accessible(trainer, 'make-up settings')
  await shot(trainer, 'makeup-settings')
  const makeup = new URL(trainer.url()).pathname.split('/').at(-1)!
  const api = await officer(baseURL!, 'trainer')
  expect((await api.api.post(`/api/v1/quizzes/${makeup}/publish`, { headers: api.headers })).ok()).toBeTruthy()
  await expect(async () => {
    await loser.goto('/exams')
    await expect(loser.getByText(`${title}（补考）`)).toHaveCount(1, { timeout: 3000 })
  }).toPass({ timeout: 20_000 })
  await shot(loser, 'exams-makeup')
  await loser.goto(`/exams/${quiz}`)
  await expect(loser.getByRole('link', { name: `${title}（补考）` })).toBeVisible()
  await shot(loser, 'first-exam-with-makeup')
  await sit(baseURL!, bert, makeup, ['a', 'a'])
  await evaluator.goto(`/work/marking/${quiz}?state=made_up`)
  if (test.info().project.name === 'pc') await expect(evaluator.getByText('补考合格').last()).toBeVisible()
  await accessible(evaluator, 'results with make-ups')
  await shot(evaluator, 'results-makeup')
})
