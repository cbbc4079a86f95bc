// Cloze, essay, material and weighted options: written in the editor, taken by touch and keyboard, reviewed, marked.
import { accessible, expect, quizOf, saveState, signIn, startExam, test } from './support'

const passage = Array.from({ length: 12 }, (_, i) => `第${i + 1}段：支部委员会由党员大会选举产生，每届任期一般为三年，负责支部日常工作，定期向党员大会报告工作并接受监督。`).join('\n')
const option = (text: string, right = false, more: object = {}) => ({ id: '', text, right, ...more })

test('a number has a tolerance and feedback, questions exclude each other, a broken formula is not saved', async ({ page }, info) => {
  const tail = `（${info.project.name} ${Date.now()}）`
  const group = `圆周率${info.project.name}${Date.now()}`
  await signIn(page, 'trainer')
  await page.goto('/work/bank/new')
  await page.getByLabel('计算', { exact: true }).check()
  await page.getByLabel('题干').fill(`圆周率约为多少？\\(\\frac{c}{d\\)${tail}`)
  await page.getByLabel('误差').fill('0.01') // in either order
  await page.getByLabel('标准值').fill('3.14')
  await page.getByRole('button', { name: '增加范围' }).click()
  await page.getByLabel('第 2 个范围怎样填写').selectOption({ label: '从…到…' })
  await page.getByLabel('从', { exact: true }).fill('3')
  await page.getByLabel('到', { exact: true }).fill('3.2')
  await page.getByLabel('得分').last().fill('50')
  await page.getByRole('button', { name: '给第 2 个范围写反馈' }).click()
  await page.getByLabel('答案落在这一范围时的反馈').fill('接近了，请保留两位小数。')
  await page.getByLabel('互斥组').fill(group)
  await page.getByLabel('互斥组').press('Enter')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText(/公式“\\frac\{c\}\{d”写法有误/).first()).toBeVisible()
  await accessible(page, 'numerical editor')
  await page.screenshot({ path: info.outputPath('formula.png'), fullPage: true })
  await page.getByLabel('题干').fill(`圆周率约为多少？\\(\\frac{c}{d}\\)${tail}`)
  await page.getByRole('button', { name: '保存', exact: true }).click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByText('3.13 – 3.15；3 – 3.2（50%）').first()).toBeVisible()
  await expect(drawer.getByText(`互斥:${group}`)).toBeVisible()
  await page.screenshot({ path: info.outputPath('drawer.png') })
  await drawer.getByRole('link', { name: '修改' }).click()
  await expect(page.getByLabel('误差').first()).toBeHidden() // ends that differ are shown as ends
  await page.getByLabel('第 1 个范围怎样填写').selectOption({ label: '数值 ± 误差' })
  await expect(page.getByLabel('标准值')).toHaveValue('3.14')
  await expect(page.getByLabel('误差')).toHaveValue('0.01')
  await expect(page.getByRole('button', { name: `移除标签 ${group}` })).toBeVisible()
})

test('the editor writes weights, gaps, criteria and questions about a material', async ({ page }, info) => {
  const tail = `（${info.project.name} ${Date.now()}）`
  const preview = page.getByRole('region', { name: '作答预览' })
  const drawer = page.getByRole('dialog')
  const fresh = async (kind: string) => {
    await page.goto('/work/bank/new')
    await page.getByLabel(kind, { exact: true }).check()
  }
  await signIn(page, 'trainer')

  await fresh('多选')
  await page.getByLabel('题干').fill(`支委会的职责有${tail}`)
  for (const [letter, text] of [['A', '研究日常工作'], ['B', '选举支部书记'], ['C', '检查决议落实'], ['D', '以上都不是']] as const) await page.getByLabel(`选项 ${letter} 的内容`).fill(text)
  await page.getByLabel('按选项权重').check()
  for (const [letter, weight] of [['A', '50'], ['B', '-50'], ['C', '40']] as const) await page.getByLabel(`选项 ${letter} 的权重（%）`).fill(weight)
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('正权重合计应为 100%，现为 90%。')).toBeVisible()
  await page.getByLabel('选项 C 的权重（%）').fill('50')
  await accessible(page, 'weights')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(drawer.getByText('-50%')).toBeVisible()

  await fresh('完形填空')
  await page.getByLabel('题干').fill('支部党员大会一般每召开一次。' + tail)
  await page.getByLabel('题干').evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(9, 9))
  await page.getByRole('button', { name: '插入空位' }).click()
  await expect(page.getByLabel('题干')).toHaveValue(`支部党员大会一般每____召开一次。${tail}`)
  const first = page.getByRole('group', { name: '第 1 空' }).first()
  await first.getByLabel('选项 A 的内容').fill('月')
  await first.getByLabel('选项 B 的内容').fill('季度')
  await page.getByLabel('题干').fill(`支部党员大会一般每____召开一次，党小组会每月召开____次，须有____分之一以上党员到会。${tail}`)
  const second = page.locator('section.gap').nth(1)
  await second.getByLabel('数值').check()
  await second.getByLabel('标准值').fill('1')
  const third = page.locator('section.gap').nth(2)
  await third.getByLabel('文本').check()
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('第 3 空还没有答案。')).toBeVisible()
  await third.getByLabel('第 3 空的答案').fill('二')
  await first.getByLabel('选项 B 是正确答案').check()
  await preview.getByLabel('第 1 空').selectOption({ index: 2 })
  await expect(preview.locator('.stem')).toContainText('每季度召开')
  await accessible(page, 'cloze editor')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(drawer.getByText('季度')).toBeVisible()

  await fresh('论述')
  await page.getByLabel('题干').fill(`谈谈怎样开好组织生活会${tail}`)
  await page.getByLabel('参考答案').fill('会前、会中、会后三个环节。')
  for (const [n, name, share] of [[1, '要点完整', '60'], [2, '联系实际', '30']] as const) {
    await page.getByRole('button', { name: '增加一项' }).click()
    await page.getByLabel(`第 ${n} 项的名称`).fill(name)
    await page.getByLabel(`第 ${n} 项的比例（%）`).fill(share)
  }
  await page.getByLabel('第 1 项的说明').fill('每个环节 2 分')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('各项比例合计应为 100%，现为 90%。')).toBeVisible()
  await page.getByLabel('第 2 项的比例（%）').fill('40')
  await accessible(page, 'essay editor')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(drawer.getByText('要点完整')).toBeVisible()

  await fresh('材料题')
  await page.getByRole('textbox', { name: '材料' }).fill(passage.slice(0, 200) + tail)
  const sub = (n: number) => page.getByRole('group', { name: `第 ${n} 小题` })
  await sub(1).getByLabel('题干').fill('支委会每届任期一般几年？')
  for (const [letter, text] of [['A', '二年'], ['B', '三年']] as const) await sub(1).getByLabel(`选项 ${letter} 的内容`).fill(text)
  await page.getByRole('button', { name: '增加小题' }).click()
  await sub(2).getByLabel('题型').selectOption('short')
  await sub(2).getByLabel('题干').fill('支委会向谁报告工作？')
  await sub(1).getByRole('button', { name: /^第 1 小题/ }).click()
  await expect(sub(1).getByLabel('题干')).toHaveCount(0)
  // What is wrong unfolds.
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('还没有标出正确答案。请在正确的选项前点选。')).toBeVisible()
  await sub(1).getByLabel('选项 B 是正确答案').check()
  await sub(2).getByRole('button', { name: '上移：第 2 小题' }).click()
  await expect(sub(1).getByLabel('题型')).toHaveValue('short')
  await expect(preview.getByRole('region', { name: '材料' })).toContainText('第1段')
  await accessible(page, 'material editor')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(drawer.getByText('支委会向谁报告工作？').first()).toBeVisible()
})

test('a cloze, an essay, a material and weighted options are taken, reviewed and marked', async ({ page, context, baseURL }, info) => {
  const tail = `${info.project.name} ${info.retry}`
  const phone = info.project.name === 'phone'
  const title = `综合题型 ${tail}`
  const cloze = {
    kind: 'cloze', stem: `支部党员大会一般每____召开一次，须有____以上有表决权的党员到会，到会率不低于____。${tail}`,
    subs: [
      { content: { kind: 'single', stem: '____', options: [option('月', false, { feedback: '支委会才是每月一次。' }), option('季度', true)] } },
      { content: { kind: 'blanks', stem: '____', blanks: [{ accept: ['半数', '二分之一'] }] } },
      { content: { kind: 'numerical', stem: '____', ranges: [{ min: 0.5, max: 0.5 }], units: [{ name: '倍', factor: 1 }, { name: '成', factor: 0.1 }] } },
    ],
  }
  const quiz = await quizOf(baseURL!, title, [
    { content: cloze, points: 6 },
    { content: { kind: 'essay', stem: `谈谈怎样开好组织生活会。${tail}`, model: '会前、会中、会后。', rubric: [{ name: '要点完整', note: '每个环节 2 分', share: 0.6 }, { name: '联系实际', share: 0.4 }] }, points: 10 },
    { content: { kind: 'material', stem: `${passage}${tail}`, subs: [{ content: { kind: 'single', stem: '支委会每届任期一般几年？', options: [option('二年'), option('三年', true)] } }, { content: { kind: 'short', stem: '支委会向谁报告工作？', model: '党员大会' } }] }, points: 10 },
    { content: { kind: 'multiple', stem: `支委会的职责有哪些？${tail}`, partial: 'weights', options: [option('研究日常工作', true, { weight: 0.5 }), option('检查决议落实', true, { weight: 0.5 }), option('选举支部书记', false, { weight: -0.5 })] }, points: 4 },
  ], { negative_marks: true })

  await signIn(page, phone ? 'member' : 'groupleader')
  await startExam(page, quiz)
  const next = () => page.getByRole('button', { name: '下一题' }).click()

  await page.getByLabel('第 2 空', { exact: true }).fill('半数')
  await expect(page.locator('.stem')).toContainText('须有半数以上')
  await page.getByLabel('第 2 空', { exact: true }).fill('')
  await expect(page.locator('.item .tag').first()).toHaveText('完形填空')
  // An emptied answer is none.
  if (!phone) await expect(page.getByRole('button', { name: '第 1 题，未答' })).toBeVisible()
  if (phone) await page.getByRole('combobox', { name: '第 1 空', exact: true }).selectOption({ label: (await page.locator('option', { hasText: '月' }).textContent())! })
  else {
    await page.getByRole('combobox', { name: '第 1 空', exact: true }).focus()
    await page.getByRole('combobox', { name: '第 1 空', exact: true }).pressSequentially((await page.locator('option', { hasText: '月' }).textContent())!.trim().slice(0, 1))
  }
  await expect(page.locator('.stem')).toContainText('每月召开')
  await page.getByLabel('第 2 空', { exact: true }).fill('二分之一')
  await page.getByLabel('第 3 空（数值）').fill('5')
  await page.getByLabel('单位').selectOption('成')
  await accessible(page, 'cloze')
  await expect(saveState(page)).toHaveText('已保存')
  await page.reload()
  await expect(page.getByLabel('第 3 空（数值）')).toHaveValue('5')
  await page.getByLabel('第 3 空（数值）').press('Enter')

  await page.getByLabel('您的回答').fill('会前谈心谈话，会中批评和自我批评，会后整改落实。')
  await page.getByText('评分标准').click()
  await expect(page.getByText('要点完整')).toBeVisible()
  await accessible(page, 'essay')
  await next()

  const box = page.getByRole('region', { name: '材料' })
  await expect(box).toContainText('第1段')
  await accessible(page, 'material')
  if (phone) await page.locator('.item .opt', { hasText: '三年' }).tap()
  else await page.keyboard.press((await page.locator('.item .opt', { hasText: '三年' }).locator('b').textContent())!)
  await expect(page.locator('.item .opt.on')).toContainText('三年')
  await page.getByRole('button', { name: '收起材料' }).click()
  await expect(box).toBeHidden()
  await next()
  await expect(page.getByRole('button', { name: '展开材料' })).toBeVisible() // as it was left
  await page.getByRole('button', { name: '展开材料' }).press('Enter')
  await expect(box).toBeVisible()
  await page.getByLabel('您的回答').fill('党员大会')
  await next()
  await page.locator('.item .opt', { hasText: '选举支部书记' }).click()

  await page.getByRole('button', { name: '交卷' }).first().click()
  const sheet = page.getByRole('dialog', { name: '交卷' })
  await expect(sheet.getByText('未答的题（点题号前往）')).toHaveCount(0)
  await sheet.getByRole('button', { name: '确认交卷' }).click()
  await page.getByRole('link', { name: /结果/ }).click()

  const gaps = page.locator('.gaps > li')
  await expect(gaps.nth(0)).toContainText('季度')
  await expect(gaps.nth(0)).toContainText('支委会才是每月一次。')
  await expect(gaps.nth(1)).toContainText('正确')
  await expect(gaps.nth(2)).toContainText('5 成')
  await expect(page.getByText('得 4 / 6 分')).toBeVisible()
  await expect(page.getByText('得 -2 / 4 分')).toBeVisible()
  await expect(page.getByRole('region', { name: '材料' })).toHaveCount(1) // folded at its second item
  await accessible(page, 'review')

  await context.clearCookies()
  await signIn(page, 'evaluator')
  await page.goto('/work/marking')
  await page.getByRole('button', { name: title }).click()
  await page.locator('li', { hasText: '支委会向谁报告工作？' }).getByRole('link', { name: '开始阅卷' }).click()
  await expect(page.getByRole('region', { name: '材料' })).toContainText('第1段')
  await accessible(page, 'marking with a passage')
  await page.goBack()
  await page.locator('li', { hasText: '谈谈怎样开好组织生活会' }).getByRole('link', { name: '开始阅卷' }).click()
  await expect(page.getByRole('region', { name: '按评分标准评分' })).toContainText('每个环节 2 分')
  await accessible(page, 'marking with criteria')
})
