// A PDF of an article: read within the page, page by page, and found by its words; where one is follows the reader.
import { readFileSync } from 'node:fs'
import { accessible, expect, officer, signIn, test } from './support'

test('a PDF is found by its words, read within the page, and opened again where one was', async ({ page, baseURL }, info) => {
  const title = `阅读材料 ${info.project.name} ${Date.now() % 100_000}`
  const [trainer, reviewer] = [await officer(baseURL!, 'trainer'), await officer(baseURL!, 'evaluator')]
  const pdf = readFileSync('../../internal/extract/testdata/embedded.pdf')
  const up = await (await trainer.api.post('/api/v1/media', { headers: trainer.headers, multipart: { file: { name: '章程.pdf', mimeType: 'application/pdf', buffer: pdf } } })).json()
  const content = { kind: 'article', title, body: '见附件。', audience: { members: true }, attachments: [{ id: up.file.id, name: `${title}章程` }] }
  const draft = await (await trainer.api.post('/api/v1/articles', { headers: trainer.headers, data: { content } })).json()
  const handed = await trainer.api.post(`/api/v1/articles/${draft.id}/hand-in`, { headers: { ...trainer.headers, 'If-Match': `"${draft.rev}"` }, data: {} })
  expect(handed.ok(), await handed.text()).toBeTruthy()
  const approved = await reviewer.api.post(`/api/v1/articles/${draft.id}/approve`, { headers: { ...reviewer.headers, 'If-Match': `"${(await handed.json()).rev}"` }, data: {} })
  expect(approved.ok(), await approved.text()).toBeTruthy()

  await signIn(page, 'member')
  const hit = page.getByRole('link', { name: new RegExp(`${title}章程.*第 2 页`) })
  await expect(async () => {
    await page.goto(`/search?q=${encodeURIComponent('民主评议党员 组织生活会制度')}`)
    await expect(hit).toBeVisible({ timeout: 2000 })
  }).toPass({ timeout: 60_000 })
  await accessible(page, 'search with a file')
  await page.screenshot({ path: info.outputPath('search.png') })
  await hit.click()
  await expect(page.getByRole('textbox', { name: '页码' })).toHaveValue('2')
  const second = page.getByRole('region', { name: '第 2 页' })
  await expect(second).toContainText('评议党员') // Chromium's own PDFs name some characters by their radicals
  const inked = () => second.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    if (!canvas.width) return 0
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let dark = 0
    for (let at = 0; at < data.length; at += 4) if (data[at]! < 100 && data[at + 3]! > 200) dark++
    return dark
  })
  await expect.poll(inked).toBeGreaterThan(40)
  await accessible(page, 'document')
  await page.screenshot({ path: info.outputPath('document.png') })
  await page.getByRole('button', { name: '上一页' }).click()
  await expect(page.getByRole('textbox', { name: '页码' })).toHaveValue('1')
  await page.getByRole('button', { name: '放大' }).click()
  await expect(page.getByRole('button', { name: '缩小' })).toBeEnabled()
  await page.getByRole('button', { name: '缩小' }).click()
  const kept = page.waitForRequest((request) => request.method() === 'PUT' && request.url().includes('/page') && request.postData() === '{"page":2}')
  await page.getByRole('textbox', { name: '页码' }).fill('2')
  await page.getByRole('textbox', { name: '页码' }).press('Enter')
  await (await kept).response()
  await page.evaluate(() => localStorage.removeItem('qiming.pdf.page')) // as on another device
  await page.goto(`/knowledge/${draft.id}`)
  await page.getByRole('link', { name: new RegExp(`${title}章程`) }).click()
  await expect(page.getByRole('textbox', { name: '页码' })).toHaveValue('2')
})
