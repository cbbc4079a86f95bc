// Papers on paper: printed from the quiz, with and without the key; their results entered by hand and from a workbook.
import { accessible, expect, officer, quizOf, signIn, test } from './support'

const option = (text: string, right = false) => ({ id: '', text, right })
const every = [
  { points: 2, content: { kind: 'single', stem: '党的根本宗旨是（ ）。', options: [option('全心全意为人民服务', true), option('实现共同富裕'), option('实现民族复兴'), option('实现国家统一')], explanation: '见党章总纲。' } },
  { points: 2, content: { kind: 'multiple', stem: '“三会”包括', options: [option('支部党员大会', true), option('支部委员会', true), option('党小组会', true), option('民主生活会')] } },
  { points: 2, content: { kind: 'truefalse', stem: '预备党员的预备期为一年。', truth: true } },
  { points: 4, content: { kind: 'blanks', stem: '中国共产党成立于____年，一大在____召开。', blanks: [{ accept: ['1921'] }, { accept: ['上海'] }] } },
  { points: 5, content: { kind: 'numerical', stem: '直角三角形两边为 3 与 4，斜边 \\(c=\\sqrt{a^2+b^2}\\) 是多少？', ranges: [{ min: 5, max: 5, weight: 1 }] } },
  { points: 4, content: { kind: 'matching', stem: '将会议与地点连线。', pairs: [{ left: '古田会议', right: '福建上杭' }, { left: '遵义会议', right: '贵州遵义' }, { right: '陕西延安' }] } },
  { points: 3, content: { kind: 'ordering', stem: '按时间先后排列。', options: [option('五四运动'), option('中国共产党成立'), option('南昌起义')] } },
  { points: 6, content: { kind: 'cloze', stem: '第____次全国代表大会于____年召开。', subs: [{ content: { kind: 'single', stem: '____', options: [option('十九'), option('二十', true)] } }, { content: { kind: 'numerical', stem: '____', ranges: [{ min: 2022, max: 2022, weight: 1 }] } }] } },
  { points: 10, content: { kind: 'short', stem: '请简要回答：什么是民主集中制？', model: '要点：民主基础上的集中。' } },
  { points: 20, content: { kind: 'essay', stem: '结合本职工作，谈谈怎样发挥先锋模范作用。', model: '观点与实际。', rubric: [{ name: '观点', share: 0.4 }, { name: '联系实际', share: 0.6 }] } },
  { points: 6, content: { kind: 'material', stem: '某支部有正式党员18人，召开支部党员大会，到会15人。', subs: [{ content: { kind: 'truefalse', stem: '到会人数符合要求。', truth: true } }, { content: { kind: 'single', stem: '应到会的是（ ）。', options: [option('15人'), option('18人', true)] } }] } },
]

test('a paper is printed with and without its key, and as a Word file', async ({ page, baseURL }, info) => {
  const tail = ` ${info.project.name} ${Date.now()}`
  const quiz = await quizOf(baseURL!, `纸质测试${tail}`, every.map((one) => ({ points: one.points, content: { ...one.content, stem: one.content.stem + tail } })))
  await signIn(page, 'trainer')
  await page.goto(`/work/quizzes/${quiz}`)
  await page.getByRole('link', { name: '打印试卷' }).click()
  const paper = page.locator('article.paper')
  await expect(paper).toHaveCount(1)
  await expect(paper.getByText('见党章总纲')).toHaveCount(0)
  await expect(paper.locator('.item')).toHaveCount(12)
  await expect(paper.locator('.katex').first()).toBeVisible()
  await accessible(page, 'print')
  const body = await paper.innerText()
  expect(body).toContain('阅读下面的材料，回答第11～12题。')
  expect(body).not.toContain('答案：')
  // The same label is the same paper, another label another one.
  await page.reload()
  await expect(paper.locator('.katex').first()).toBeVisible() // formulas come last
  expect(await paper.innerText()).toBe(body)
  await page.getByLabel('B卷').click()
  await expect(paper).toHaveCount(2)
  await page.getByLabel('答案在卷末').check()
  await page.getByLabel('附答题卡').check()
  await expect(paper.first().getByText('参考答案与评分要点')).toBeVisible()
  await expect(paper.first().getByText('见党章总纲')).toHaveCount(1)
  await expect(paper.first().getByRole('heading', { name: '答题卡' })).toBeVisible()
  expect(new URL(page.url()).searchParams.get('labels')).toBe('A,B')
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await paper.first().evaluate((one) => getComputedStyle(one).backgroundColor)).toBe('rgb(255, 255, 255)')
  // What is printed is the paper: on the PC too, where a sheet is narrower than the screen.
  const pdf = await page.pdf({ path: info.outputPath('paper.pdf'), preferCSSPageSize: true, printBackground: true })
  expect(pdf.length).toBeGreaterThan(50_000) // its fonts and words; an empty page takes 5 kB
  await expect(paper).toHaveCount(2)
  await page.getByLabel('B卷').click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载 Word' }).click()])
  expect(file.suggestedFilename()).toBe(`纸质测试${tail} A卷 含答案.docx`)
})

/** A quiz of two choices of 4 points and a text of 8 for a paper, with the letters of the right options on paper A. */
async function writtenQuiz(baseURL: string, title: string): Promise<{ quiz: string; right: string[]; members: { member_id: string; name: string }[] }> {
  const choice = (stem: string) => ({ points: 4, content: { kind: 'single', stem: `${title}${stem}`, options: [option('对的', true), option('乙'), option('丙'), option('丁')] } })
  const quiz = await quizOf(baseURL, title, [choice('一'), choice('二'), { points: 8, content: { kind: 'short', stem: `${title}三`, model: '要点' } }])
  const trainer = await officer(baseURL, 'trainer')
  const paper = (await (await trainer.api.get(`/api/v1/quizzes/${quiz}/paper?label=A`)).json()) as { sections: { items: { options?: { mark: string; text: string }[] }[] }[] }
  const right = paper.sections.flatMap((one) => one.items).map((one) => (one.options?.find((o) => o.text === '对的')?.mark ?? '').slice(0, 1))
  const evaluator = await officer(baseURL, 'evaluator')
  const form = (await (await evaluator.api.get(`/api/v1/quizzes/${quiz}/paper-results?limit=10`)).json()) as { rows: { member_id: string; name: string }[] }
  await Promise.all([trainer.api.dispose(), evaluator.api.dispose()])
  return { quiz, right, members: form.rows }
}

test('results on paper are entered by hand, with a mistake and its mending', async ({ page, baseURL }, info) => {
  const { quiz, right, members } = await writtenQuiz(baseURL!, `纸质录入 ${info.project.name} ${Date.now()}`)
  const wrong = right[1] === 'A' ? 'B' : 'A'
  await signIn(page, 'evaluator')
  await page.goto(`/work/marking/${quiz}`)
  await page.getByRole('link', { name: '录入纸质成绩' }).click()
  await expect(page.getByText('未录入').first()).toBeVisible()
  await accessible(page, 'paper results')
  await page.screenshot({ path: info.outputPath('list.png'), fullPage: true })

  // A letter beyond the options and too many points are named where they stand; what was typed stays.
  await page.getByRole('button', { name: members[0]!.name, exact: true }).first().click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByLabel('1. 单选题（4分）')).toBeFocused()
  await page.keyboard.type('G')
  await page.keyboard.press('Enter')
  await page.keyboard.type(wrong)
  await page.keyboard.press('Enter')
  await page.keyboard.type('9')
  await sheet.getByRole('button', { name: '保存', exact: true }).click()
  await expect(sheet.getByText(/单选题只填卷面上的一个字母（A–D）/)).toBeVisible()
  await expect(sheet.getByLabel('1. 单选题（4分）')).toBeFocused()
  await expect(sheet.getByText(/0.*8/).first()).toBeVisible()
  await accessible(page, 'paper entry with mistakes')
  await page.screenshot({ path: info.outputPath('mistakes.png') })
  await sheet.getByLabel('1. 单选题（4分）').fill(right[0]!.toLowerCase())
  await sheet.getByLabel('3. 简答题（8分）').fill('6')
  await sheet.getByLabel('总分（核对用，可不填）').fill('14')
  await sheet.getByRole('button', { name: '保存', exact: true }).click()
  await expect(sheet.getByText(/总分与各题合计（10 分）不一致/)).toBeVisible()
  await sheet.getByLabel('总分（核对用，可不填）').fill('10')
  await sheet.getByRole('button', { name: '保存，录下一人' }).click()

  // The next member stands there at once; only the total of that paper is known.
  await expect(sheet.getByRole('heading', { name: members[1]!.name })).toBeVisible()
  await sheet.getByLabel('只知道总分').check()
  await sheet.getByRole('textbox', { name: '总分' }).fill('15.5')
  await page.keyboard.press('Escape')
  await expect(page.getByText('放弃没有保存的内容？')).toBeVisible()
  await page.getByRole('button', { name: '取消' }).last().click()
  await expect(sheet.getByRole('textbox', { name: '总分' })).toHaveValue('15.5')
  await sheet.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText(`${members[1]!.name} 的成绩已录入：15.5 分。`)).toBeVisible()

  // What was read wrongly is corrected with a reason, and the sheet tells it.
  await page.getByRole('button', { name: members[0]!.name, exact: true }).first().click()
  await sheet.getByLabel('2. 单选题（4分）').fill(right[1]!)
  await sheet.getByRole('button', { name: '保存', exact: true }).click()
  await expect(sheet.getByText('请填写这一项。')).toBeVisible()
  await sheet.getByLabel('更正理由').fill('第二题字迹看错')
  await page.screenshot({ path: info.outputPath('correction.png') })
  await page.keyboard.press('Enter')
  await expect(page.getByText(`${members[0]!.name} 的成绩已录入：14 分。`)).toBeVisible()
  await page.getByRole('button', { name: members[0]!.name, exact: true }).first().click()
  await sheet.getByRole('link', { name: '查看答卷' }).click()
  await expect(page.getByText('答案在纸质试卷上，此处只录入得分。')).toHaveCount(1) // of the text: the choices have their letters
  await expect(page.getByText('未作答')).toHaveCount(0)
  await page.screenshot({ path: info.outputPath('sheet.png'), fullPage: true })
  await page.getByText(/经过（\d+ 步）/).click()
  await expect(page.getByText('第二题字迹看错').first()).toBeVisible()
  await expect(page.getByText('录入纸质答卷')).toBeVisible()
})

test('papers that were printed before a quiz was published anew are entered by their version', async ({ page, baseURL }, info) => {
  const { quiz, right, members } = await writtenQuiz(baseURL!, `纸质版本 ${info.project.name} ${Date.now()}`)
  const trainer = await officer(baseURL!, 'trainer')
  const now = (await (await trainer.api.get(`/api/v1/quizzes/${quiz}`)).json()) as { rev: number; title: string; settings: object; audience: object; sections: { entries: { points: number }[] }[] }
  for (const entry of now.sections.flatMap((one) => one.entries)) entry.points += 1
  const { title, settings, audience, sections } = now
  const saved = await trainer.api.put(`/api/v1/quizzes/${quiz}`, { data: { title, settings, audience, sections }, headers: { ...trainer.headers, 'If-Match': `"${now.rev}"` } })
  expect(saved.ok(), await saved.text()).toBeTruthy()
  const again = await trainer.api.post(`/api/v1/quizzes/${quiz}/publish`, { headers: trainer.headers })
  expect(again.ok(), await again.text()).toBeTruthy()
  await trainer.api.dispose()

  await signIn(page, 'evaluator')
  await page.goto(`/work/marking/${quiz}/paper?tab=workbook`)
  const version = page.getByLabel('试卷版本')
  await expect(version).toHaveValue('2')
  await page.goto(`/work/marking/${quiz}/paper`)
  await expect(version).toHaveValue('2')
  await version.selectOption('1')
  await page.getByRole('button', { name: members[0]!.name, exact: true }).first().click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('1. 单选题（4分）').fill(right[0]!) // the newer one gives 5
  await sheet.getByLabel('3. 简答题（8分）').fill('8')
  await sheet.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText(`${members[0]!.name} 的成绩已录入：12 分。`)).toBeVisible()
  await expect(page.getByText('A卷 · 第 1 版')).toBeVisible()
  await accessible(page, 'paper results of a version')
  await page.screenshot({ path: info.outputPath('version.png') })
})

test('results on paper come from a workbook: checked first, entered, taken back', async ({ page, baseURL }, info) => {
  const { quiz, right, members } = await writtenQuiz(baseURL!, `纸质表格 ${info.project.name} ${Date.now()}`)
  const [a, b, c] = members
  const rows = [
    '人员标识,姓名,卷别,考试日期,缺考,第1题,第2题,第3题,总分',
    `${a!.member_id},${a!.name},A,,,${right[0]},${right[1]},7,15`,
    `${b!.member_id},${b!.name},A,,,${right[0]},G,9,`,
    `${c!.member_id},${c!.name},,,是,,,,`,
    `,查无此人,A,,,,,,12`,
    `${a!.member_id},${a!.name},B,,,,,,12`,
    `${b!.member_id},某某某,A,,,,,,12`,
  ]
  await signIn(page, 'evaluator')
  await page.goto(`/work/marking/${quiz}/paper?tab=workbook`)
  const [template] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载名单模板' }).click()])
  expect(template.suggestedFilename()).toMatch(/纸质成绩\.xlsx$/)
  const bring = async () => {
    await page.locator('#import-file').setInputFiles({ name: '三月成绩.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) })
    await page.getByLabel('我已确认文件不含涉密内容').check()
    await page.getByRole('button', { name: '上传并检查' }).click()
    await expect(page).toHaveURL(/step=problems/)
  }
  await accessible(page, 'paper workbook')
  await bring()
  const problems = page.getByRole('table').first()
  await expect(problems.getByRole('row', { name: /^3 第2题 单选题只填卷面上的一个字母/ })).toBeVisible()
  await expect(problems.getByRole('row', { name: /^3 第3题/ })).toBeVisible()
  await expect(problems.getByRole('row', { name: /^5 姓名 应考名单/ })).toBeVisible()
  await expect(problems.getByRole('row', { name: /^6 姓名 与第 2 行是同一个人/ })).toBeVisible()
  await expect(problems.getByRole('row', { name: /^7 姓名 人员标识与姓名对不上/ })).toBeVisible()
  await expect(page.locator('.figures')).toContainText('可导入1')
  await expect(page.locator('.figures')).toContainText('缺考或未填1')
  await accessible(page, 'paper workbook: problems')
  await page.screenshot({ path: info.outputPath('problems.png'), fullPage: true })
  await page.getByRole('button', { name: '下一步' }).click()
  await expect(page.getByText('将录入 1 人的成绩；1 人缺考或没有填写，不录入。')).toBeVisible()
  await page.getByRole('button', { name: '确认导入 1 条' }).click()
  await expect(page.getByText(/已导入 1 条纸质成绩/)).toBeVisible()
  await page.screenshot({ path: info.outputPath('done.png'), fullPage: true })
  const done = page.url()

  // The same workbook again changes nothing.
  await page.getByRole('button', { name: '继续导入' }).click()
  await expect(page.getByRole('button', { name: '三月成绩.csv' })).toBeVisible()
  await bring()
  await expect(page.locator('.figures')).toContainText('可导入0')
  await expect(page.locator('.figures')).toContainText('重复1')

  await page.goto(done)
  await page.getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
  await expect(page.getByText('已撤销，移除 1 条。')).toBeVisible()
  await page.goto(`/work/marking/${quiz}/paper`)
  await expect(page.getByRole('button', { name: a!.name, exact: true }).first()).toBeVisible()
  await expect(page.getByText('已发布')).toHaveCount(0)
})
