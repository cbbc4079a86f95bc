// Papers on paper: printed from the quiz, with and without the key.
import { accessible, expect, quizOf, signIn, test } from './support'

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
