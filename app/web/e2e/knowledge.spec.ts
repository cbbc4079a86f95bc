// An article from the author's desk to a member's hands: pasted from an office program, handed in, published by somebody else,
// read with its table and its contents.
import { accessible, expect, signIn, test } from './support'

const word = `<html><body><!--StartFragment--><h1>一、总体安排</h1><p class=MsoNormal>各支部<b>按月</b>组织学习，支部书纪负责。</p>
<h1>二、学时</h1><table><tr><td>对象</td><td>学时</td></tr><tr><td>党员</td><td>32</td></tr><tr><td>书记</td><td>56</td></tr></table><h1>三、检查</h1><p>年底公布。</p><!--EndFragment--></body></html>`

test('written with a pasted table, reviewed by another, read by a member', async ({ page, browser, baseURL, viewport }) => {
  const title = `学习安排 ${Date.now() % 1_000_000}`
  const phone = (viewport?.width ?? 0) < 1024
  await signIn(page, 'trainer')
  await page.goto('/work/knowledge')
  await page.getByRole('button', { name: '新建' }).click()
  await page.getByRole('menuitem', { name: '文章' }).click()
  await page.getByRole('textbox', { name: '标题' }).fill(title)
  const text = page.getByRole('textbox', { name: '正文' })
  await text.click()
  await text.evaluate((field, html) => {
    const data = new DataTransfer()
    data.setData('text/html', html)
    data.setData('text/plain', 'x')
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, word)
  await expect(text).toHaveValue(/\| 党员 \| 32 \|/)
  await expect(page.getByText(/^已保存 /)).toBeVisible({ timeout: 15_000 }) // by itself
  await expect(page).toHaveURL(/\/work\/knowledge\/[a-z0-9]{20}\/edit/)
  await accessible(page, 'editor')
  // A word that does not pass is shown, refused, and mended where it stands.
  await page.getByRole('button', { name: '提交审核' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '提交审核' }).click()
  await expect(page.getByText('没有提交成功')).toBeVisible()
  await page.getByRole('button', { name: '改为“书记”' }).click()
  await expect(text).toHaveValue(/支部书记负责/)
  if (phone) await page.getByRole('button', { name: '预览' }).click()
  await expect(page.getByRole('region', { name: '预览' }).getByRole('cell', { name: '56' })).toBeVisible()
  await page.getByRole('button', { name: '提交审核' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '提交审核' }).click()
  await page.waitForURL(/open=/)
  const id = new URL(page.url()).searchParams.get('open')!

  const second = await browser.newContext({ baseURL, locale: 'zh-CN', viewport })
  const reviewer = await second.newPage()
  await signIn(reviewer, 'evaluator')
  await reviewer.goto(`/work/knowledge?view=waiting&open=${id}`)
  await expect(reviewer.getByRole('dialog').getByRole('cell', { name: '党员', exact: true })).toBeVisible() // the list behind has titles with the word
  await accessible(reviewer, 'review')
  await reviewer.getByRole('button', { name: '审核通过' }).click()
  await reviewer.getByRole('button', { name: '通过并发布' }).click()
  await expect(reviewer.getByText(/读者看到的是第 1 版/)).toBeVisible()
  await second.close()

  const third = await browser.newContext({ baseURL, locale: 'zh-CN', viewport })
  const member = await third.newPage()
  await signIn(member, 'member')
  await member.goto('/learn')
  await expect(member.getByRole('main').getByRole('link', { name: /知识库/ })).toBeVisible()
  const box = member.getByRole('combobox', { name: '搜索' })
  await box.fill('xxap') // the initials of its title
  await expect(member.getByRole('option', { name: title })).toBeVisible()
  await box.fill(`${title} 书记学时`)
  await box.press('Enter')
  await expect(member).toHaveURL(/\/search\?q=/)
  const hit = member.getByRole('link', { name: title })
  await expect(hit.locator('mark').first()).toBeVisible()
  await accessible(member, 'search')
  await hit.click()
  await expect(member.getByRole('heading', { name: title, level: 1 })).toBeVisible()
  await expect(member.getByRole('cell', { name: '32' })).toBeVisible()
  if (phone) await member.getByRole('button', { name: '目录' }).click()
  await member.getByRole('navigation', { name: '目录' }).getByRole('link', { name: '三、检查' }).click()
  await expect(member).toHaveURL(/#h-/)
  await expect(member.getByText('年底公布。')).toBeInViewport()
  await accessible(member, 'article')
  await third.close()
})

test('who is not signed in reads what is public, and nothing else', async ({ page }) => {
  await page.goto('/knowledge')
  await page.getByRole('link', { name: /启明局党委党员学习管理办法（试行）/ }).click()
  await expect(page.getByText('本制度已废止')).toBeVisible()
  await accessible(page, 'public article')
  await page.getByRole('note').getByRole('link').click()
  await expect(page.getByText('现行有效')).toBeVisible()
  await expect(page.getByRole('link', { name: '党员志愿服务登记办法' })).toHaveCount(0)
  await page.getByRole('link', { name: '登录' }).click()
  await expect(page).toHaveURL(/sign-in\?next=%2Fknowledge|sign-in\?next=\/knowledge/)
})
