import { accessible, expect, signIn, test } from './support'

// As offices send them: other headings than ours, a column of no use, full width letters, a missing answer, an answer
// beyond the options, the same question twice.
function dirtyCsv(mark: string): string {
  return [
    '序号,试题内容,类型,选项A,选项B,选项C,选项D,标准答案,参考资料,备用',
    `1,${mark}党支部党员大会一般多久召开一次？,单选题,每月,每季度,每半年,每年,B,支部工作条例,甲`,
    `2,${mark}下列属于“三会一课”的有,多选题,支部党员大会,支部委员会会议,党小组会,民主生活会,Ａ、B、C,支部工作条例,乙`,
    `3,${mark}党员有权在党的会议上参加讨论。,判断题,,,,,√,党章,丙`,
    `4,${mark}没有答案的一道题,单选题,甲,乙,丙,丁,,,`,
    `5,${mark}答案超出选项,单选题,甲,乙,,,D,,`,
    `6,${mark}党支部党员大会一般多久召开一次？,单选题,每月,每季度,每半年,每年,B,支部工作条例,`,
    `7,${mark}预备党员的预备期为____年。,填空题,,,,,一/1,党章,`,
  ].join('\r\n')
}

test('a dirty file: columns, problems by row, confirm, undo', async ({ page }, info) => {
  const mark = `【导入${info.project.name}${Date.now() % 100000}】`
  await signIn(page, 'trainer')
  await page.goto('/work/bank/import')

  // Nothing is sent before a file is chosen and the notice is confirmed.
  await page.getByRole('button', { name: '上传并检查' }).click()
  await expect(page.getByText('请先选择要导入的文件。')).toBeVisible()
  await expect(page.getByText('请先确认文件不含涉密内容。')).toBeVisible()
  await page.locator('#import-file').setInputFiles({ name: '题库.csv', mimeType: 'text/csv', buffer: Buffer.from(dirtyCsv(mark)) })
  await page.getByLabel('我已确认文件不含涉密内容').check()
  await accessible(page, 'import: file')
  await page.getByRole('button', { name: '上传并检查' }).click()

  // Headings are known by their aliases; a column that is not is named by hand.
  await expect(page.getByLabel('列“试题内容”导入为')).toHaveValue('stem')
  await expect(page.getByLabel('列“标准答案”导入为')).toHaveValue('answer')
  const reference = page.getByLabel('列“参考资料”导入为')
  await reference.selectOption('stem')
  await expect(page.getByText('“题干”被两列使用，请只保留一列。')).toBeVisible()
  await reference.selectOption('source')
  await accessible(page, 'import: columns')
  await page.getByRole('button', { name: '按此重新检查' }).click()

  // Each row that is refused says why and what to do; the row number is the file's.
  await expect(page).toHaveURL(/step=problems/)
  const problems = page.getByRole('table').first()
  await expect(problems.getByRole('row', { name: /^5 .*缺少正确答案/ })).toBeVisible()
  await expect(problems.getByRole('row', { name: /^6 .*没有对应的选项/ })).toBeVisible()
  const figures = page.locator('.figures')
  await expect(figures).toContainText('读到7')
  await expect(figures).toContainText('可导入4')
  await expect(figures).toContainText('重复1')
  await expect(figures).toContainText('有问题2')
  await accessible(page, 'import: problems')

  // A reload goes on where it was.
  await page.reload()
  await expect(problems.getByRole('row', { name: /缺少正确答案/ })).toBeVisible()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: new RegExp(`${mark}党支部党员大会`) }).first().click()
  await expect(page.getByText('每季度')).toBeVisible()
  await page.getByRole('button', { name: '确认导入 4 条' }).click()
  await expect(page.getByText(/已导入 4 条试题；重复 1 条未再导入，有问题 2 条未导入。/)).toBeVisible()

  await page.getByRole('link', { name: '查看这次导入的试题' }).click()
  await expect(page.getByText('共 4 条')).toBeVisible()
  await expect(page.getByRole('button', { name: `${mark}预备党员的预备期为____年。` })).toBeVisible()
  await page.goBack()

  await page.getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
  await expect(page.getByText('已撤销，移除 4 条。')).toBeVisible()
  await expect(page.getByText('这次导入已撤销。')).toBeVisible()
  await page.goto(`/work/bank?q=${encodeURIComponent(mark)}`)
  await expect(page.getByText('没有符合条件的试题')).toBeVisible()
})

test('the template is a workbook, and every import stands in the history', async ({ page }) => {
  await signIn(page, 'trainer')
  await page.goto('/work/bank/import')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载模板' }).click()])
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/)
  await page.goto('/work/bank/imports')
  await expect(page.getByText('题库.csv').first()).toBeVisible()
  await accessible(page, 'import: history')
})
