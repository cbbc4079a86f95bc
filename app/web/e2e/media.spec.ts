// Pictures and formulas: from the editor into a question, and from there to those who take the exam.
import { accessible, expect, officer, quizOf, signIn, startExam, test } from './support'

// 8 x 8 pixels of red
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGPYLCGHFTEMLQkA6FI6QaCGsVoAAAAASUVORK5CYII=', 'base64')

test('a picture and a formula go from the editor to the exam', async ({ page, isMobile }) => {
  test.setTimeout(120_000)
  await signIn(page, 'trainer')
  await page.goto('/work/bank/new')
  const stem = page.getByRole('textbox', { name: /题干/ })
  await stem.fill('看图回答：')
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: '插入图片、录音' }).first().click()
  await (await chosen).setFiles({ name: '示意图.png', mimeType: 'image/png', buffer: png })
  await expect(stem).toHaveValue(/!\[示意图\]\(media:[0-9a-f]{32}\)/)
  const preview = page.locator('.phone .item')
  if (!isMobile) {
    await expect(preview.getByRole('img', { name: '示意图' })).toBeVisible()
    await stem.press('End')
    await stem.pressSequentially(' \\(x^2\\)')
    await expect(preview.locator('.katex')).toBeVisible()
  }
  // What may not be kept says so, and loses nothing.
  const second = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: '插入图片、录音' }).first().click()
  await (await second).setFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') })
  await expect(page.getByText(/不能上传这种文件（\.svg）/)).toBeVisible()
  await expect(stem).toHaveValue(/media:/)
  await accessible(page, 'editor with a picture')
  // A draft that comes back shows its picture too.
  await expect(page.getByText(/^草稿已存本机/)).toBeVisible()
  await page.reload()
  await expect(stem).toHaveValue(/media:/)
  if (!isMobile) await expect(preview.getByRole('img', { name: '示意图' })).toBeVisible()
})

test('who takes the exam sees picture and formula, and again in the review', async ({ page, baseURL }) => {
  test.setTimeout(120_000)
  const { api, headers } = await officer(baseURL!, 'trainer')
  const up = await (await api.post('/api/v1/media', { headers, multipart: { file: { name: '图.png', mimeType: 'image/png', buffer: png } } })).json()
  const quiz = await quizOf(baseURL!, `看图测试 ${Date.now()}`, [
    {
      points: 5,
      content: {
        kind: 'single', stem: `下图是什么颜色？![示意图](media:${up.file.id}) 已知 $$\\frac{1}{2}$$`, explanation: '由 \\(r=255\\) 可知。',
        options: [{ id: 'a', text: `红 ![色块](media:${up.file.id})`, right: true }, { id: 'b', text: '\\(\\alpha\\) 绿', right: false }],
      },
    },
  ])
  await signIn(page, 'member')
  await startExam(page, quiz)
  const picture = page.getByRole('img', { name: '示意图' })
  await expect(picture).toBeVisible()
  expect(await picture.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(8)
  await expect(page.locator('.item .stem .katex')).toBeVisible()
  await expect(page.locator('.opt').getByRole('img', { name: '色块' })).toBeVisible()
  await accessible(page, 'item with a picture')
  await page.screenshot({ path: `test-results/picture-${test.info().project.name}.png` })
  await page.locator('.opt').first().click()
  await page.getByRole('button', { name: '交卷' }).first().click()
  await page.getByRole('button', { name: '确认交卷' }).click()
  await expect(page.getByRole('heading', { name: '已交卷' })).toBeVisible()
})
