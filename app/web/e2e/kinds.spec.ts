// Numbers, pairs and sequences: answered without dragging (and, by a mouse, with it), kept, and shown beside the key afterwards.
import { accessible, expect, quizOf, saveState, signIn, startExam, test } from './support'

test('a number with its unit, pairs and a sequence are answered by touch and keyboard', async ({ page, baseURL }, info) => {
  const options = (texts: string[]) => texts.map((text) => ({ id: '', text, right: false }))
  const tail = `${info.project.name} ${info.retry}`
  const quiz = await quizOf(baseURL!, `新题型 ${tail}`, [
    { kind: 'numerical', stem: `到会率是多少？${tail}`, ranges: [{ min: 0.8, max: 0.8 }], units: [{ name: '倍', factor: 1 }, { name: '成', factor: 0.1 }] },
    { kind: 'matching', stem: `会议与地点连线。${tail}`, partial: 'share', pairs: [{ left: '古田会议', right: '福建上杭' }, { left: '遵义会议', right: '贵州遵义' }, { right: '陕西延安' }] },
    { kind: 'ordering', stem: `按先后排列。${tail}`, options: options(['五四运动', '中国共产党成立', '南昌起义']) },
  ].map((content) => ({ content, points: 5 })))

  await signIn(page, info.project.name === 'phone' ? 'member' : 'groupleader')
  await startExam(page, quiz)
  await page.getByLabel('数值').fill('8')
  await page.getByLabel('单位').selectOption('成')
  await accessible(page, 'number')
  await page.getByRole('button', { name: '下一题' }).click()

  const mouse = info.project.name === 'pc'
  if (mouse) {
    await page.locator('.lettered li', { hasText: '贵州遵义' }).dragTo(page.locator('.left', { hasText: '古田会议' }))
    await expect(page.getByLabel('古田会议').locator('option:checked')).toContainText('贵州遵义')
  }
  for (const [left, right] of [['古田会议', '福建上杭'], ['遵义会议', '陕西延安']] as const) {
    const list = page.getByLabel(left)
    await list.selectOption({ label: (await list.locator('option', { hasText: right }).textContent())! })
  }
  await accessible(page, 'pairs')
  await page.getByRole('button', { name: '下一题' }).click()

  // By the keyboard alone: each in turn is moved up to its place, and the focus goes along.
  const texts = page.locator('.order .words')
  const want = ['五四运动', '中国共产党成立', '南昌起义']
  expect(await texts.allTextContents()).not.toEqual(want)
  for (const [place, text] of want.entries()) {
    for (let at = (await texts.allTextContents()).indexOf(text); at > place; at--) {
      await page.getByRole('button', { name: `“${text}”上移` }).focus()
      await page.keyboard.press('Enter')
    }
  }
  await expect(texts).toHaveText(want)
  if (mouse) {
    const rows = page.locator('.order li')
    await rows.nth(2).dragTo(rows.nth(0))
    await expect(texts).toHaveText([want[2]!, want[0]!, want[1]!])
    await rows.nth(0).dragTo(rows.nth(2))
    await expect(texts).toHaveText(want)
  }
  await accessible(page, 'sequence')
  await expect(saveState(page)).toHaveText('已保存')
  await page.reload()
  await expect(page.locator('.order .words')).toHaveText(want) // what was answered, not the mixed order

  await page.getByRole('button', { name: '交卷' }).first().click()
  await page.getByRole('dialog', { name: '交卷' }).getByRole('button', { name: '确认交卷' }).click()
  await page.getByRole('link', { name: /结果/ }).click()
  await expect(page.locator('.score')).toContainText('12.5')
  await expect(page.getByText('8 成')).toBeVisible()
  await expect(page.getByRole('row', { name: /遵义会议/ })).toContainText('贵州遵义')
  await accessible(page, 'review')
})
