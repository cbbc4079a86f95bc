import { crc32 } from 'node:zlib'
import type { Page } from '@playwright/test'
import { accessible, expect, signIn, test } from './support'

/** A zip file whose entries are stored as they are. */
function zip(entries: Record<string, string>): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, text] of Object.entries(entries)) {
    const [path, body] = [Buffer.from(name), Buffer.from(text)]
    const head = Buffer.alloc(26) // from "version needed" to "length of extra": what both records share
    head.writeUInt16LE(20, 0)
    head.writeUInt32LE(crc32(body), 10)
    head.writeUInt32LE(body.length, 14)
    head.writeUInt32LE(body.length, 18)
    head.writeUInt16LE(path.length, 22)
    const where = Buffer.alloc(14)
    where.writeUInt32LE(at, 10)
    local.push(Buffer.from('PK\x03\x04', 'latin1'), head, path, body)
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, where, path)
    at += 4 + head.length + path.length + body.length
  }
  const size = central.reduce((n, one) => n + one.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Object.keys(entries).length, 8)
  end.writeUInt16LE(Object.keys(entries).length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...local, ...central, end])
}

// A paper as it is typed in Word: three questions, of which one names an answer that is none of its options.
function paper(mark: string): Buffer {
  const lines = ['三月党务知识测试', '一、单项选择题（每题2分）', `1. ${mark}党的根本组织原则是（ D ）。`, 'A. 民主　B. 集中　C. 纪律　D. 民主集中制', `2. ${mark}预备期是多久？`, 'A. 半年　B. 一年', '答案：D',
    '二、判断题（每题1分）', `1. ${mark}党员有权在党的会议上参加讨论。（√）`]
  const body = lines.map((line) => `<w:p><w:r><w:t xml:space="preserve">${line}</w:t></w:r></w:p>`).join('')
  return zip({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  })
}

// A package of QTI 2.1 as other programs write it: a choice, and an item that is damaged.
function qti(mark: string): Buffer {
  const item = `<?xml version="1.0" encoding="UTF-8"?><assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="x" adaptive="false" timeDependent="false">
<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>B</value></correctResponse></responseDeclaration>
<itemBody><choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>${mark}支部党员大会一般多久召开一次？</prompt><simpleChoice identifier="A">每月</simpleChoice><simpleChoice identifier="B">每季度</simpleChoice></choiceInteraction></itemBody></assessmentItem>`
  const resource = (name: string) => `<resource identifier="${name}" type="imsqti_item_xmlv2p1" href="items/${name}.xml"><file href="items/${name}.xml"/></resource>`
  return zip({
    'imsmanifest.xml': `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>${resource('good')}${resource('cut')}</resources></manifest>`,
    'items/good.xml': item,
    'items/cut.xml': item.slice(0, -40),
  })
}

/** Takes the import back, so that other specs find the bank as it was. */
async function undo(page: Page): Promise<void> {
  await page.getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
  await expect(page.getByText('这次导入已撤销。')).toBeVisible()
}

test('a Word paper: what is wrong with a question is told with how to mend it; the others are imported', async ({ page }, info) => {
  const mark = `【试卷${info.project.name}${Date.now() % 100000}】`
  await signIn(page, 'trainer')
  await page.goto('/work/bank/import')
  await expect(page.getByText('Word 试卷（DOCX）').first()).toBeAttached()
  await page.locator('#import-file').setInputFiles({ name: '三月试卷.docx', mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', buffer: paper(mark) })
  await page.getByLabel('我已确认文件不含涉密内容').check()
  await page.getByRole('button', { name: '上传并检查' }).click()
  await expect(page).toHaveURL(/step=problems/)
  await expect(page.getByRole('row', { name: /^5 .*没有对应的选项.*请/ })).toBeVisible()
  const figures = page.locator('.figures')
  await expect(figures).toContainText('读到3')
  await expect(figures).toContainText('可导入2')
  await expect(figures).toContainText('有问题1')
  await accessible(page, 'word: problems')
  await page.screenshot({ path: info.outputPath('word-problems.png'), fullPage: true })
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: new RegExp(`${mark}党的根本组织原则是`) }).click()
  await expect(page.getByText('民主集中制').last()).toBeVisible()
  await page.screenshot({ path: info.outputPath('word-preview.png'), fullPage: true })
  await page.getByRole('button', { name: '确认导入 2 条' }).click()
  await expect(page.getByText(/已导入 2 条试题；重复 0 条未再导入，有问题 1 条未导入。/)).toBeVisible()
  await undo(page)
})

test('a package of QTI: a damaged item is named by its file, the others are imported', async ({ page }, info) => {
  const mark = `【包${info.project.name}${Date.now() % 100000}】`
  await signIn(page, 'trainer')
  await page.goto('/work/bank/import')
  await page.locator('#import-file').setInputFiles({ name: '外部题库.zip', mimeType: 'application/zip', buffer: qti(mark) })
  await page.getByLabel('我已确认文件不含涉密内容').check()
  await page.getByRole('button', { name: '上传并检查' }).click()
  await expect(page).toHaveURL(/step=problems/)
  await expect(page.getByRole('row', { name: /items\/cut\.xml/ })).toBeVisible()
  await expect(page.locator('.figures')).toContainText('可导入1')
  await accessible(page, 'qti: problems')
  await page.screenshot({ path: info.outputPath('qti-problems.png'), fullPage: true })
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '确认导入 1 条' }).click()
  await page.getByRole('link', { name: '查看这次导入的试题' }).click()
  await expect(page.getByRole('button', { name: `${mark}支部党员大会一般多久召开一次？` })).toBeVisible()
  await page.goBack()
  await undo(page)
})

test('an export to QTI 3.0 tells what the format cannot keep, question by question', async ({ page }, info) => {
  await signIn(page, 'trainer')
  await page.goto('/work/bank')
  await page.getByRole('button', { name: '导出' }).click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'QTI 3.0（ZIP）' }).click()])
  expect(file.suggestedFilename()).toBe('题库.zip')
  await page.getByRole('button', { name: '查看清单' }).click()
  const left = page.getByRole('dialog', { name: '未能完整保存的内容：QTI 3.0（ZIP）' })
  await expect(left.getByRole('listitem').first()).toContainText('其他软件会忽略')
  await accessible(page, 'export: what is left behind')
  await page.screenshot({ path: info.outputPath('left.png') })
  const [list] = await Promise.all([page.waitForEvent('download'), left.getByRole('button', { name: '下载问题清单' }).click()])
  expect(list.suggestedFilename()).toMatch(/\.csv$/)
})
