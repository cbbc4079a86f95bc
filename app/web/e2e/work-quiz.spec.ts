import { accessible, expect, signIn, test } from './support'

test('a quiz is assembled, its shortage named exactly, mended and published', async ({ page }, info) => {
  const title = `支部书记应知应会 ${info.project.name} ${Date.now()}`
  await signIn(page, 'trainer')
  await page.goto('/work/quizzes')
  await page.getByRole('button', { name: '新建试卷' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('名称').fill(title)
  await sheet.getByRole('button', { name: '新建', exact: true }).click()
  await expect(page.getByRole('heading', { name: title })).toBeVisible()

  // One fixed question and a rule.
  await page.getByRole('button', { name: '选题', exact: true }).click()
  const picker = page.getByRole('dialog')
  await picker.getByLabel('题型').selectOption('single')
  await picker.locator('li input[type=checkbox]').first().check()
  await picker.getByRole('button', { name: '加入试卷' }).click()
  await page.getByRole('button', { name: '按规则抽题' }).click()
  await page.getByLabel('判断题').check()
  await expect(page.getByText(/题库现有 \d+ 题/)).toBeVisible()
  await page.getByLabel('抽取题数').fill('300')
  const short = page.getByText(/题库只有 \d+ 题，缺 \d+ 题/)
  await expect(short).toBeVisible()
  const have = Number(/只有 (\d+) 题/.exec(await short.innerText())?.[1])
  // A limit of the section, beyond what is allowed first: named in minutes at its field.
  const limit = page.getByLabel('本部分时限（分钟）')
  await limit.fill('99999')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('须在 0 至 43200 之间。')).toBeVisible()
  await limit.fill('15')
  await expect(page.getByText('已有部分限时：各部分依次作答，交了一部分就不能返回。')).toBeVisible()
  await accessible(page, 'quiz paper')
  await page.screenshot({ path: info.outputPath('limit.png') })
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('已保存', { exact: true })).toBeVisible()

  // The check names section, entry and what is missing.
  await page.getByRole('link', { name: '检查与发布' }).click()
  const faults = page.locator('.note.red')
  await expect(faults).toContainText(/第 2 项：/)
  await expect(faults).toContainText(`要抽 300 题，可用的只有 ${have} 题，缺 ${300 - have} 题。`)
  await expect(page.getByRole('button', { name: '发布', exact: true })).toBeDisabled()
  await accessible(page, 'quiz publish')

  await page.getByRole('link', { name: '去修改' }).first().click()
  await page.getByLabel('抽取题数').fill('3')
  await page.getByRole('link', { name: '设置' }).click()
  await page.getByLabel('时限（分钟）').fill('20')
  await page.getByLabel('正确答案：交卷后').check()
  await accessible(page, 'quiz settings')
  await page.getByRole('link', { name: '参加范围' }).click()
  await page.getByLabel(/机关第一支部/).check()
  await accessible(page, 'quiz audience')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByRole('button', { name: '保存', exact: true })).toBeDisabled()

  // As a member: a fixed question and three drawn ones.
  await page.getByRole('link', { name: '预览' }).click()
  await expect(page.getByRole('region', { name: '作答预览' })).toContainText('第 1 / 4 题')
  await accessible(page, 'quiz preview')

  await page.getByRole('link', { name: '检查与发布' }).click()
  await expect(page.getByText('检查通过，可以发布。')).toBeVisible()
  await expect(page.getByText(/^[1-9]\d* 人$/)).toBeVisible()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click()
  await expect(page.getByText('已发布。', { exact: true })).toBeVisible()

  // Close and open again.
  await page.getByRole('button', { name: '提前关闭' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '提前关闭' }).click()
  await expect(page.getByRole('button', { name: '重新开放' })).toBeVisible()
  await page.getByRole('button', { name: '重新开放' }).click()
  await expect(page.getByText('已重新开放。')).toBeVisible()

  // More time for the branch.
  await page.getByRole('link', { name: '例外' }).click()
  await page.getByRole('button', { name: '增加例外' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('组织', { exact: true }).first().check()
  await drawer.getByRole('combobox').selectOption({ index: 2 })
  await drawer.getByText('时限（分钟，0 为不限）').click()
  await drawer.getByRole('spinbutton').fill('45')
  await drawer.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByRole('cell', { name: '45 分钟' })).toBeVisible()
  await accessible(page, 'quiz exceptions')
})
