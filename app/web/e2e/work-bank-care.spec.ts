// What keeps a bank in order: categories, tags, versions, usage, what expires, near-same questions.
import { accessible, expect, officer, quizOf, signIn, test } from './support'

const mark = (project: string) => `${project}${Date.now() % 1_000_000}`

/** Questions of the trainer's bank at the API; gives them with their revisions. */
async function write(baseURL: string, list: { stem: string; tags?: string[]; category_id?: string; valid_until?: string; basis?: string }[]): Promise<{ id: string; rev: number }[]> {
  const { api, headers } = await officer(baseURL, 'trainer')
  const me = (await (await api.get('/api/v1/session')).json()) as { roles: { role: string; org_id: string }[] }
  const org_id = me.roles.find((one) => one.role === 'trainer')!.org_id
  const out = []
  for (const { stem, ...more } of list) {
    const answer = await api.post('/api/v1/questions', { data: { org_id, ...more, content: { kind: 'truefalse', stem, truth: true, explanation: '见党章。' } }, headers })
    expect(answer.ok(), await answer.text()).toBeTruthy()
    out.push((await answer.json()) as { id: string; rev: number })
  }
  await api.dispose()
  return out
}

test('tags are renamed and taken back; categories move with undo, and merge after a question', async ({ page, baseURL }, info) => {
  test.slow()
  const m = mark(info.project.name)
  await write(baseURL!, [{ stem: `标签题甲${m}`, tags: [`旧标签${m}`] }, { stem: `标签题乙${m}`, tags: [`旧标签${m}`, '别的'] }])
  await signIn(page, 'trainer')
  await page.goto('/work/bank')
  await page.getByRole('button', { name: '管理标签' }).click()
  const tags = page.getByRole('dialog', { name: '管理标签' })
  await tags.getByLabel('查找标签').fill(`旧标签${m}`)
  await tags.getByRole('checkbox', { name: `旧标签${m}` }).check()
  await accessible(page, 'tags')
  await page.screenshot({ path: info.outputPath('tags.png') })
  await tags.getByLabel(`“旧标签${m}”改名为`).fill(`新标签${m}`)
  await tags.getByRole('button', { name: '改名' }).click()
  await expect(page.getByText('已修改 2 道试题。')).toBeVisible()
  await tags.getByRole('button', { name: '关闭' }).click()
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByText('已撤销，恢复原样。')).toBeVisible()
  await page.goto(`/work/bank?tag=${encodeURIComponent(`旧标签${m}`)}`)
  await expect(page.getByText('共 2 条')).toBeVisible()

  // Two categories: one below the other, then one.
  await page.getByRole('button', { name: '管理分类' }).first().click()
  const sheet = page.getByRole('dialog', { name: '管理分类' })
  for (const name of [`甲类${m}`, `乙类${m}`]) {
    await sheet.getByLabel('在顶层新建分类').fill(name)
    await sheet.getByRole('button', { name: '新建分类' }).click()
    await expect(sheet.getByText(name)).toBeVisible()
  }
  await sheet.getByText(`甲类${m}`).click()
  await sheet.getByLabel('上级分类').selectOption({ label: `乙类${m}` })
  await expect(sheet.getByText(/将随之移动：0 道试题/)).toBeVisible()
  await accessible(page, 'categories')
  await page.screenshot({ path: info.outputPath('categories.png') })
  await sheet.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('已移动。')).toBeVisible()
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByText('已撤销，恢复原样。')).toBeVisible()
  await sheet.getByLabel('合并到其他分类').selectOption({ label: `乙类${m}` })
  await sheet.getByRole('button', { name: '合并', exact: true }).click()
  await expect(page.getByText('合并后不能撤销。')).toBeVisible()
  await page.screenshot({ path: info.outputPath('merge.png') })
  await page.getByRole('button', { name: '合并', exact: true }).last().click()
  await expect(page.getByText(`已合并到“乙类${m}”。`)).toBeVisible()
  await expect(sheet.getByText(`甲类${m}`, { exact: true })).toHaveCount(0)
})

test('a question tells its versions and uses, and what somebody changed meanwhile is left alone', async ({ page, baseURL }, info) => {
  test.slow()
  const m = mark(info.project.name)
  const quiz = await quizOf(baseURL!, `用题 ${m}`, [{ content: { kind: 'truefalse', stem: `支部委员会每届任期一般为三年${m}`, truth: true }, points: 5 }])
  const { api, headers } = await officer(baseURL!, 'trainer')
  const found = (await (await api.get(`/api/v1/questions?q=${encodeURIComponent(m)}`)).json()) as { items: { id: string; rev: number; category_id: string; content: object }[] }
  const one = found.items[0]!
  const save = (rev: number, stem: string) => api.put(`/api/v1/questions/${one.id}`, { data: { category_id: one.category_id, tags: [], content: { ...one.content, stem }, note: '改任期' }, headers: { ...headers, 'If-Match': `"${rev}"` } })
  const saved = await save(one.rev, `支部委员会每届任期一般为三年至五年${m}`)
  expect(saved.ok(), await saved.text()).toBeTruthy()

  await signIn(page, 'trainer')
  await page.goto(`/work/bank?q=${encodeURIComponent(m)}&open=${one.id}`)
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByRole('link', { name: `用题 ${m}` })).toHaveAttribute('href', `/work/quizzes/${quiz}`)
  await expect(drawer.getByText('还没有人作答')).toBeVisible()
  await expect(drawer.getByText('已发布', { exact: true })).toBeVisible()
  await drawer.getByRole('button', { name: '比较版本' }).click()
  await expect(drawer.locator('ins')).toHaveText(/至五/)
  await accessible(page, 'versions compared')
  await page.screenshot({ path: info.outputPath('versions.png') })

  // A bulk edit is previewed; then somebody else saves.
  await page.goto(`/work/bank?q=${encodeURIComponent(m)}`)
  await page.locator('tbody input[type=checkbox], li input[type=checkbox]').first().check()
  await page.getByRole('button', { name: '批量修改' }).first().click()
  await drawer.getByRole('checkbox', { name: '难度' }).check()
  await drawer.getByLabel('难度').last().selectOption('4')
  await drawer.getByRole('button', { name: '预览修改' }).click()
  const go = drawer.getByRole('button', { name: '修改 1 道试题' })
  await expect(go).toBeVisible() // the preview has come: what is saved now comes after it
  const { rev } = (await saved.json()) as { rev: number }
  expect((await save(rev, `支部委员会每届任期一般为五年${m}`)).ok()).toBeTruthy()
  await page.screenshot({ path: info.outputPath('preview.png') })
  await go.click()
  await expect(page.getByText(/另有 1 道没有修改/)).toBeVisible()
  await api.dispose()
})

test('what expires stands in its list, and nearly the same is said while writing', async ({ page, baseURL }, info) => {
  const m = mark(info.project.name)
  await write(baseURL!, [{ stem: `党费收缴标准按二〇〇八年规定执行${m}`, valid_until: '2026-01-31', basis: '党费收缴规定' }, { stem: `基层党组织应当每半年向党员公布一次党费收缴情况${m}` }])
  await signIn(page, 'trainer')
  await page.goto('/work/bank')
  await page.getByRole('button', { name: /^已过期/ }).click()
  await expect(page.getByText(`党费收缴标准按二〇〇八年规定执行${m}`)).toBeVisible()
  await accessible(page, 'what has expired')
  await page.screenshot({ path: info.outputPath('expired.png') })

  await page.goto('/work/bank/new')
  await page.getByLabel('判断', { exact: true }).check()
  await page.getByLabel('题干').fill(`基层党组织应当每年向党员公布一次党费收缴情况${m}`)
  await expect(page.getByText(/题库中有 \d+ 道相近的试题/)).toBeVisible()
  await expect(page.locator('.note del, .note ins').first()).toBeVisible()
  await accessible(page, 'nearly the same')
  await page.screenshot({ path: info.outputPath('similar.png') })
})
