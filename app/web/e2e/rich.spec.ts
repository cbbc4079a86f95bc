// Formulas, pictures and long words wherever a question may hold them: they are taken, reviewed and previewed as such.
import { expect, officer, quizOf, saveState, signIn, startExam, test, toItem } from './support'

const wide = 'iVBORw0KGgoAAAANSUhEUgAAA3QAAAAoCAAAAACTX+d2AAAAa0lEQVR42u3TMQ0AAAzDsEIv9LLYMdkQIiUFTkUCMB2YDjAdmA4wHZgOMB2YDkwHmA5MB5gOTAeYDkwHpgNMB6YDTAemA0wHpgPTAaYD0wGmA9MBpgPTgekA04HpANOB6QDTgenAdIDp4IsBpAoUDCT70qQAAAAASUVORK5CYII=' // 884 by 40 pixels
const option = (text: string, right = false) => ({ id: '', text, right })

test('a rich paper is taken and reviewed without raw source, and nothing is wider than the page', async ({ page, baseURL }, info) => {
  test.slow()
  const { api, headers } = await officer(baseURL!, 'trainer')
  const up = await (await api.post('/api/v1/media', { headers, multipart: { file: { name: '图.png', mimeType: 'image/png', buffer: Buffer.from(wide, 'base64') } } })).json()
  await api.dispose()
  const picture = `![横图](media:${up.file.id})`
  const tail = `（${info.project.name} ${Date.now()}）`
  const sum = `\\(${Array.from({ length: 30 }, (_, n) => `x_{${n}}`).join('+')}\\)`
  const quiz = await quizOf(baseURL!, `富文本 ${tail}`, [
    { content: { kind: 'single', stem: `哪一个是图？${tail}`, options: [option(picture, true), option('a'.repeat(135)), option(sum)], explanation: '见 \\(x^2\\)。' }, points: 2 },
    { content: { kind: 'matching', stem: `连线${tail}`, pairs: [{ left: '\\(x^2\\) 的导数', right: '\\(2x\\)' }, { left: picture, right: '\\(\\frac12\\)' }], partial: 'share' }, points: 2 },
    { content: { kind: 'ordering', stem: `排序${tail}`, options: [option('\\(\\frac12\\)'), option(`其次 ${picture}`), option('最后')] }, points: 2 },
    { content: { kind: 'cloze', stem: `导数是____${tail}`, subs: [{ content: { kind: 'single', stem: '', options: [option('\\(2x\\)', true), option(picture)] } }] }, points: 2 },
    { content: { kind: 'essay', stem: `谈谈${tail}`, model: '由 \\(x\\) 可知', attachments: 2 }, points: 2 },
  ])
  const fits = async () => expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  const noSource = async () => expect(await page.locator('main').innerText()).not.toMatch(/\\[(\[]|\]\(media:/)

  await signIn(page, 'member')
  await startExam(page, quiz)
  await page.locator('.item .opt').first().click()
  await fits()
  await toItem(page, 2)
  for (const n of [0, 1]) await page.locator('.item select').nth(n).selectOption({ index: 1 })
  await toItem(page, 4)
  await expect(page.getByRole('list', { name: '第 1 空的选项' }).locator('.katex').first()).toBeVisible()
  await page.getByRole('combobox', { name: '第 1 空' }).selectOption({ index: 1 })
  await fits()
  await page.screenshot({ path: info.outputPath('cloze.png') })
  await toItem(page, 5)
  await expect(page.getByText('已添加 0 / 2')).toBeVisible()
  await expect(saveState(page)).toContainText('已保存', { timeout: 20_000 })
  await page.getByRole('button', { name: '交卷', exact: true }).first().click()
  await page.getByRole('button', { name: '确认交卷' }).click()
  await page.getByRole('link', { name: /查看/ }).first().click()
  await expect(page.locator('article.one')).toHaveCount(5)
  await expect(page.locator('article.one .katex').first()).toBeVisible()
  await noSource()
  await fits()
  await page.screenshot({ path: info.outputPath('result.png'), fullPage: true })

  // As the trainer sees them: the preview of the quiz, and the editor's of the essay.
  await page.context().clearCookies()
  await signIn(page, 'trainer')
  await page.goto(`/work/quizzes/${quiz}?tab=preview`)
  await expect(page.getByRole('button', { name: new RegExp(`哪一个是图？`) }).first()).toBeVisible()
  await noSource()
  await page.screenshot({ path: info.outputPath('preview.png') })
  await page.getByRole('button', { name: /谈谈/ }).first().click()
  await expect(page.getByRole('button', { name: '拍照或添加附件' })).toBeVisible()
})

test('answers that are not shown are not said to be missing', async ({ page, baseURL }, info) => {
  const off = { responses: false, correctness: false, marks: false, feedback: false, explanation: false, right_answer: false, total: true }
  const quiz = await quizOf(baseURL!, `只看总分 ${info.project.name} ${Date.now()}`, [{ content: { kind: 'truefalse', stem: '预备期为一年。', truth: true }, points: 2 }, { content: { kind: 'blanks', stem: '预备期为____年。', blanks: [{ accept: ['一'] }] }, points: 2 }], { review: { during: off, after: { ...off, right_answer: true }, open: off, closed: off } })
  await signIn(page, 'member')
  await startExam(page, quiz)
  await page.locator('.item .opt').first().click()
  await toItem(page, 2)
  await page.locator('.item input').fill('一')
  await expect(saveState(page)).toContainText('已保存', { timeout: 20_000 })
  await page.getByRole('button', { name: '交卷', exact: true }).first().click()
  await page.getByRole('button', { name: '确认交卷' }).click()
  await page.getByRole('link', { name: /查看/ }).first().click()
  await expect(page.getByText('这里不显示作答内容；您的作答已保存。')).toBeVisible()
  await expect(page.getByText(/没有作答|未作答/)).toHaveCount(0)
  await page.screenshot({ path: info.outputPath('veiled.png'), fullPage: true })
})

test('the pages before and after say what is true: items as they are answered, times that exist, a total that never comes', async ({ page, baseURL }, info) => {
  test.setTimeout(120_000) // a section runs out
  const tail = `${info.project.name} ${Date.now()}`
  const truth = (stem: string) => ({ kind: 'truefalse', stem: `${stem}${tail}`, truth: true })
  const off = { responses: false, correctness: false, marks: false, feedback: false, explanation: false, right_answer: false, total: false }
  const told = { ...off, correctness: true }
  const quiz = await quizOf(
    baseURL!,
    `如实 ${tail}`,
    [{ content: { kind: 'material', stem: `材料${tail}`, subs: [{ content: truth('小题一') }, { content: truth('小题二') }] }, points: 4 }, { content: truth('单题'), points: 2 }],
    { limit: 0, review: { during: off, after: told, open: told, closed: off } },
    (entries) => [{ id: 'a', title: '甲部分', shuffle: false, limit: 20, entries: entries.slice(0, 1) }, { id: 'b', title: '乙部分', shuffle: false, entries: entries.slice(1) }],
  )
  await signIn(page, 'member')
  await page.goto(`/exams/${quiz}`)
  await expect(page.locator('dl.facts')).toContainText('题数3')
  await expect(page.locator('dl.facts')).toContainText('分部分计时')
  await expect(page.getByText('甲部分：2 题')).toBeVisible()
  await expect(page.getByText('没有整场时限和截止时间')).toBeVisible()
  await expect(page.getByText(/截止时间之前交卷|时间到自动交卷/)).toHaveCount(0)
  await page.screenshot({ path: info.outputPath('before.png'), fullPage: true })
  await startExam(page, quiz)
  await expect(page.locator('header.top')).toContainText('1 / 3')
  await expect(page.getByRole('heading', { name: '甲部分 · 第 1 部分，共 2 部分' })).toBeVisible()
  await page.locator('.item .opt').first().click()
  await expect(page.getByText('上一部分的时间已到')).toBeVisible({ timeout: 40_000 })
  await page.screenshot({ path: info.outputPath('time-up.png') })
  await page.getByRole('button', { name: '交卷', exact: true }).first().click()
  await page.getByRole('button', { name: '确认交卷' }).click()
  await expect(page.getByText('按考试的设置不公布')).toBeVisible()
  await page.getByRole('link', { name: /查看/ }).first().click()
  await expect(page.getByText('按考试的设置，不显示总分。')).toBeVisible()
  await expect(page.locator('article.one')).toHaveCount(3)
  await expect(page.locator('article.one').last().locator('.tag.red')).toHaveText('错误')
  await expect(page.getByText(/^未答$|没有作答/)).toHaveCount(0)
  await page.screenshot({ path: info.outputPath('after.png'), fullPage: true })
  await page.goto('/learn')
  const one = page.locator('.card', { hasText: `单题${tail}` }).last()
  await one.getByRole('button', { name: '查看答案与解析' }).first().click()
  await expect(page.getByText(/^未答$|没有作答/)).toHaveCount(0)
})
