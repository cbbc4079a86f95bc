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
  // What nobody can read is said to be so, and waits for no confirmation.
  await page.locator('#import-file').setInputFiles({ name: '损坏.docx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\u0003\u0004 no archive') })
  await page.getByLabel('我已确认文件不含涉密内容').check()
  await page.getByRole('button', { name: '上传并检查' }).click()
  await expect(page.getByText(/文件已损坏或不是有效的 \S+ 文件。请用原来的软件打开并重新保存后再导入。/)).toBeVisible()
  await page.goto('/work/bank/imports')
  await expect(page.getByText('损坏.docx').first()).toBeVisible()
  await expect(page.getByText('无法读取').first()).toBeVisible()
  await accessible(page, 'import: history')
})

// A Moodle question bank with a picture of eight by six pixels within it.
const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAAAAADbboAnAAAADklEQVR4nGPwhQIGUhgAhhUOcdbiMmQAAAAASUVORK5CYII='
function moodleXml(mark: string): string {
  const text = (s: string) => `<text><![CDATA[${s}]]></text>`
  return `<?xml version="1.0" encoding="UTF-8"?><quiz>
<question type="category"><category><text>$course$/top/${mark}</text></category></question>
<question type="multichoice"><questiontext format="html">${text(`<p>${mark}图中是哪一次会议的会址？</p><p><img src="@@PLUGINFILE@@/a.png" alt="会址照片"></p>`)}<file name="a.png" path="/" encoding="base64">${dot}</file></questiontext>
<single>true</single><answer fraction="100" format="html">${text('一大')}</answer><answer fraction="0" format="html">${text('二大')}</answer></question>
<question type="cloze"><questiontext format="html">${text(`${mark}成立于{1:NUMERICAL:=1921:0}年，在{1:MULTICHOICE:=上海~北京}召开一大。`)}</questiontext></question>
<question type="truefalse"><questiontext format="html">${text(`${mark}坏图<img src="@@PLUGINFILE@@/b.svg">也要保留题目。`)}<file name="b.svg" path="/" encoding="base64">PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=</file></questiontext><answer fraction="100">${text('true')}</answer></question>
<question type="random"><questiontext format="html">${text('随机')}</questiontext></question>
</quiz>`
}

test('Moodle XML: pictures are seen before the import, stay after it, and leave with it', async ({ page }, info) => {
  const mark = `导入${info.project.name}${Date.now() % 100000}`
  await signIn(page, 'trainer')
  const bring = async (name: string, content: string) => {
    await page.goto('/work/bank/import')
    await page.locator('#import-file').setInputFiles({ name, mimeType: 'text/xml', buffer: Buffer.from(content) })
    await page.getByLabel('我已确认文件不含涉密内容').check()
    await page.getByRole('button', { name: '上传并检查' }).click()
    await expect(page).toHaveURL(/step=problems/)
  }
  await bring('题库.xml', moodleXml(mark))
  await expect(page.getByRole('row', { name: /暂不支持 Moodle 的题型 random/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /b\.svg.*SVG、HTML 等不收/ })).toBeVisible()
  await expect(page.locator('.figures')).toContainText('可导入3')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: /图中是哪一次会议的会址？/ }).click()
  const picture = page.getByRole('img', { name: '会址照片' })
  await expect(picture).toBeVisible()
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(8)
  await accessible(page, 'import: preview with a picture')
  await page.screenshot({ path: info.outputPath('preview.png'), fullPage: true })
  await page.getByRole('button', { name: '确认导入 3 条' }).click()
  await expect(page.getByText(/已导入 3 条试题/)).toBeVisible()
  const done = page.url()

  await page.getByRole('link', { name: '查看这次导入的试题' }).click()
  await page.getByRole('button', { name: /图中是哪一次会议的会址？/ }).click()
  await expect.poll(() => page.getByRole('img', { name: '会址照片' }).first().evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(8)
  await page.screenshot({ path: info.outputPath('bank.png'), fullPage: true })

  // The same question with another answer stands beside the bank's.
  await bring('改过.xml', moodleXml(mark).replace('fraction="100"', 'fraction="x"').replace('fraction="0"', 'fraction="100"'))
  await expect(page.getByRole('button', { name: '下一步' })).toBeDisabled()
  await page.goto(page.url().replace('step=problems', 'step=confirm'))
  await page.getByRole('button', { name: /图中是哪一次会议的会址？/ }).click()
  await expect(page.getByRole('heading', { name: '题库中的题目' })).toBeVisible()
  await expect(page.getByText('答案不同')).toBeVisible()
  await accessible(page, 'import: beside the bank')
  await page.screenshot({ path: info.outputPath('beside.png'), fullPage: true })

  await page.goto(done)
  await page.getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
  await expect(page.getByText('已撤销，移除 3 条。')).toBeVisible()
})

test('the bank is exported as a package, as Moodle XML and as QTI', async ({ page }) => {
  await signIn(page, 'trainer')
  await page.goto('/work/bank')
  for (const [name, ending] of [['题库包（JSON 与图片，ZIP）', '.zip'], ['Moodle XML', '.xml'], ['QTI 2.2（ZIP）', '.zip'], ['QTI 3.0（ZIP）', '.zip']] as const) {
    await page.getByRole('button', { name: '导出' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()])
    expect(download.suggestedFilename()).toBe(`题库${ending}`)
  }
})
