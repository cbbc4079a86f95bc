// Statistics of a quiz as a trainer and a leader see them, and the flags that become tasks of authors.
import type { Page } from '@playwright/test'
import { accessible, expect, officer, password, quizOf, signIn, test } from './support'

const option = (text: string, right = false) => ({ id: '', text, right })
const single = (stem: string) => ({ kind: 'single', stem, options: [option('甲'), option('乙', true), option('丙'), option('丁')] })
const questions = [
  { content: single('统计之一：人人会做'), points: 2 },
  { content: single('统计之二：多数人会做'), points: 2 },
  { content: single('统计之三：答案大概有误'), points: 2 },
  { content: { kind: 'truefalse', stem: '统计之四：判断一下', truth: true }, points: 2 },
  { content: single('统计之五：分得出高低'), points: 2 },
  { content: single('统计之六：只有少数人会做'), points: 2 },
]
// By taker, the best first: what each answered. Who does well in the others gets the third wrong.
const answers = Array.from({ length: 9 }, (_, at) => ['乙', at < 6 ? '乙' : '丙', at < 6 ? '甲' : '乙', at < 5, at < 7 ? '乙' : '丁', at < 4 ? '乙' : at % 2 ? '甲' : '丙'] as const)

interface Sheet {
  attempt: { id: string }
  session: string
  items: { slot: number; item: { kind: string; options?: { id: string; text: string }[] } }[]
}

/** A quiz that nine members have taken; on a phone and on a PC each its own. Gives its id. */
async function taken(baseURL: string, title: string): Promise<string> {
  const id = await quizOf(baseURL, title, questions)
  const { api, headers } = await officer(baseURL, 'system')
  const { logins } = (await (await api.post('/api/v1/demo/rehearsal', { data: { takers: answers.length, quiz_id: id }, headers })).json()) as { logins: string[] }
  for (const [at, login] of logins.entries()) {
    const taker = await officer(baseURL, login)
    const post = async <T>(path: string, data: object): Promise<T> => {
      const reply = await taker.api.post(`/api/v1${path}`, { data, headers: { ...taker.headers, 'Idempotency-Key': `${id}-${at}` } })
      expect(reply.ok(), await reply.text()).toBeTruthy()
      return (await reply.json()) as T
    }
    const sheet = await post<Sheet>(`/exams/${id}/attempts`, {})
    const said = sheet.items.map(({ slot, item }, n) => {
      const answer = answers[at]![n]
      const response = typeof answer === 'boolean' ? { truth: answer } : { choices: [item.options!.find((one) => one.text === answer)!.id] }
      return { client_seq: n + 1, slot, response }
    })
    const path = `/attempts/${encodeURIComponent(sheet.attempt.id)}`
    await post(`${path}/answers`, { session: sheet.session, answers: said })
    await post(`${path}/submit`, { session: sheet.session })
    await taker.api.dispose()
  }
  await api.dispose()
  return id
}

/** The chart in view is drawn once one comes to it. */
async function drawn(page: Page): Promise<void> {
  await page.locator('.chart-box').scrollIntoViewIfNeeded()
  await expect(page.locator('.chart-box[data-drawn] svg')).toBeVisible()
}
const noOverflow = async (page: Page, what: string) => expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${what} is wider than the page`).toBeLessThanOrEqual(0)

test('figures, charts, options by thirds, time and topics of a quiz', async ({ page, baseURL }, info) => {
  test.setTimeout(120_000)
  expect(password).toBeTruthy()
  const id = await taken(baseURL!, `统计考试 ${info.project.name}`)
  await signIn(page, 'trainer')
  await page.goto(`/work/marking/${id}?tab=statistics`)
  await expect(page.getByText('首次作答，共 9 份')).toBeVisible()
  await drawn(page)
  // The same by a table, for those who do not see the chart.
  await expect(page.getByRole('table', { name: '成绩分布' })).toContainText('人数')
  await accessible(page, 'overview')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/overview-${info.project.name}.png`, fullPage: true })
  await noOverflow(page, 'overview')

  await page.getByRole('button', { name: '试题分析' }).click()
  await expect(page).toHaveURL(/view=items/)
  await drawn(page)
  await expect(page.getByText('只看有提示的 2')).toBeVisible()
  await accessible(page, 'items')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/items-${info.project.name}.png`, fullPage: true })
  await noOverflow(page, 'items')
  await expect(page.getByRole('link', { name: /统计之二/ })).toBeVisible()
  await page.getByRole('button', { name: /只看有提示的/ }).click()
  await expect(page.getByRole('link', { name: /统计之二/ })).toHaveCount(0)
  await expect(page.getByText('区分度为负').first()).toBeVisible()
  await page.getByRole('link', { name: /统计之三/ }).click()
  const drawer = page.getByRole('dialog')
  await expect(drawer).toContainText('选错误选项的人比选正确选项的还多')
  await expect(drawer.getByRole('heading', { name: '第 3 题' })).toBeVisible() // of the paper, though it is not the third by difficulty
  const choice = (words: RegExp) => drawer.locator('tr, li').filter({ hasText: words }) // a table on a PC, a list on a phone
  await expect(choice(/^\s*B 乙/)).toContainText('正确')
  await expect(choice(/^\s*A 甲/)).toContainText('6')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/drawer-${info.project.name}.png` })
  await accessible(page, 'item')
  await drawer.getByRole('button', { name: '关闭' }).click()
  await expect(drawer).toHaveCount(0)
  // A point of the map leads to its item: the flagged ones are diamonds, drawn last.
  await page.locator('.chart-box[data-drawn]').scrollIntoViewIfNeeded()
  await expect(async () => { // the chart is drawn anew when the drawer has gone
    const box = (await page.locator('.chart-box svg path[d^="M0 -1L1 0L0 1L-1 0Z"], .chart-box svg path[d^="M0 -1"]').last().boundingBox())!
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await expect(page.getByRole('dialog')).toContainText('统计之', { timeout: 2000 })
  }).toPass({ timeout: 20_000 })
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: '作答用时' }).click()
  await expect(page.getByRole(info.project.name === 'phone' ? 'listitem' : 'row').filter({ hasText: '统计之一' })).toContainText(/\d+ 秒/)
  await drawn(page)
  await accessible(page, 'times')
  await noOverflow(page, 'times')

  await page.getByRole('button', { name: '知识点掌握' }).click()
  await expect(page.getByText('6 道题 · 9 人')).toBeVisible()
  await expect(page.getByText('每个人的掌握情况').first()).toBeVisible()
  await accessible(page, 'topics')
  await noOverflow(page, 'topics')

  await page.getByLabel('统计哪次作答').selectOption('best')
  await expect(page).toHaveURL(/attempts=best/)
  for (const [name, ending] of [['导出工作簿', 'xlsx'], ['导出试题表', 'csv']] as const) {
    const file = page.waitForEvent('download')
    await page.getByRole('button', { name }).click()
    expect((await file).suggestedFilename()).toMatch(new RegExp(`统计.*\\.${ending}$`))
  }
})

test('a leader sees no stem of an open quiz and nothing of small groups', async ({ page, baseURL }, info) => {
  test.setTimeout(120_000)
  const id = await taken(baseURL!, `领导看统计 ${info.project.name}`)
  await signIn(page, 'leader')
  await page.goto(`/work/marking/${id}?tab=statistics&view=items`)
  await expect(page.getByText('全部试题（6）')).toBeVisible()
  await expect(page.getByText('统计之')).toHaveCount(0)
  await page.goto(`/work/marking/${id}?tab=statistics&view=topics`)
  await expect(page.getByText('6 道题 · 9 人')).toBeVisible()
  await expect(page.getByText('每个人的掌握情况')).toHaveCount(0)
  await accessible(page, 'leader')
})

test('a flag of an item is a task: it is decided with a note, and opened again', async ({ page }) => {
  await signIn(page, 'trainer')
  await page.goto('/')
  await expect(page.getByText('统计提示待查看的试题')).toBeVisible() // counted when the server began
  await page.getByRole('link', { name: /^去查看/ }).click()
  await expect(page).toHaveURL(/\/work\/bank\/flags/)
  const first = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: '不必处理' }) }).first()
  const stem = (await first.getByRole('link').first().innerText()).trim()
  await accessible(page, 'flags')
  await noOverflow(page, 'flags')
  await first.getByRole('button', { name: '不必处理' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('button', { name: '不必处理' }).click()
  await expect(sheet.getByText('请填写这一项。', { exact: true })).toBeVisible()
  await sheet.getByLabel('说明').fill('普及题，本来就容易')
  await sheet.getByRole('button', { name: '不必处理' }).click()
  await expect(page.getByText('已记为不必处理')).toBeVisible()
  await page.getByRole('button', { name: '已处理', exact: true }).first().click()
  await expect(page).toHaveURL(/state=closed/)
  const closed = page.getByRole('listitem').filter({ hasText: stem }).filter({ hasText: '普及题，本来就容易' }).first()
  await expect(closed).toBeVisible()
  await closed.getByRole('button', { name: '重新打开' }).click()
  await expect(page.getByText('普及题，本来就容易')).toHaveCount(0)
})
