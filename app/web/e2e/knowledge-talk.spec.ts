// Comments, reports and receipts from the reader to the reviewer and back.
import { accessible, expect, signIn, test } from './support'

test('a comment is seen by others once it is passed; a report is answered', async ({ page, browser, baseURL, viewport }) => {
  const words = `请补充表样 ${Date.now() % 1_000_000}`
  await signIn(page, 'member')
  await page.goto('/knowledge')
  await page.getByRole('link', { name: /主题党日六个环节/ }).first().click()
  const field = page.getByRole('textbox', { name: '写评论' })
  await field.fill(`${words}，问问书纪`)
  await page.getByRole('button', { name: '提交评论' }).click()
  await expect(page.getByText('建议改为“书记”')).toBeVisible() // it does not pass, and stays in the field
  await expect(field).toHaveValue(`${words}，问问书纪`)
  await field.fill(words)
  await page.getByRole('button', { name: '提交评论' }).click()
  const comments = page.getByRole('region', { name: '评论' })
  await expect(comments.getByText(words)).toBeVisible()
  await expect(comments.getByText('待审核').first()).toBeVisible()
  const address = page.url()
  await accessible(page, 'comments')

  const second = await browser.newContext({ baseURL, locale: 'zh-CN', viewport })
  const reader = await second.newPage()
  await signIn(reader, 'leader')
  await reader.goto(address)
  await expect(reader.getByRole('region', { name: '评论' }).getByText('实践活动放在下午')).toBeVisible()
  await expect(reader.getByText(words)).toHaveCount(0)

  const third = await browser.newContext({ baseURL, locale: 'zh-CN', viewport })
  const reviewer = await third.newPage()
  await signIn(reviewer, 'evaluator')
  await reviewer.goto('/work/knowledge/comments')
  const row = reviewer.getByRole('row').filter({ hasText: words })
  await accessible(reviewer, 'comment review')
  await row.getByRole('button', { name: '通过', exact: true }).click()
  await expect(reviewer.getByText('已通过 1 条')).toBeVisible()

  await reader.reload()
  const passed = reader.locator('li').filter({ hasText: words })
  await expect(passed).toBeVisible()
  await passed.getByRole('button', { name: '举报这条评论' }).click()
  const sheet = reader.getByRole('dialog')
  await sheet.getByText('言论不当').click()
  await accessible(reader, 'report')
  await sheet.getByRole('button', { name: '提交举报' }).click()
  await expect(reader.getByText('已收到，谢谢')).toBeVisible()

  await reviewer.goto('/work/knowledge/reports')
  await reviewer.getByRole('row').filter({ hasText: words }).getByRole('button', { name: '处理' }).click()
  await reviewer.getByText('属实：内容确有问题').click()
  await reviewer.getByText('同时下架内容（评论则隐藏）').click()
  await reviewer.getByRole('textbox', { name: '处理说明' }).fill('经核对，予以隐藏')
  await accessible(reviewer, 'handling')
  await reviewer.getByRole('button', { name: '完成处理' }).click()
  await expect(reviewer.getByText('已处理 1 件')).toBeVisible()
  await third.close()

  await reader.goto('/')
  await expect(reader.getByText('属实。经核对，予以隐藏').first()).toBeVisible()
  await second.close()
  await page.goto('/me/comments')
  await expect(page.getByRole('listitem').filter({ hasText: words }).getByText('原因：经核对，予以隐藏')).toBeVisible()
})

test('who has not confirmed is reminded, and finds it on the home page', async ({ page, browser, baseURL, viewport }) => {
  await signIn(page, 'secretary')
  await page.goto('/work/knowledge/confirmations')
  await page.getByRole('button', { name: /党员学习管理办法/ }).click()
  await expect(page.getByText(/应阅 20 人/)).toBeVisible() // the branch, not the committee
  await accessible(page, 'receipts')
  await page.getByRole('button', { name: /^提醒未阅的/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: '提醒', exact: true }).click()
  await expect(page.getByText(/已提醒 \d+ 人/)).toBeVisible()

  const second = await browser.newContext({ baseURL, locale: 'zh-CN', viewport })
  const member = await second.newPage()
  await signIn(member, 'leader') // a member of that branch
  await member.goto('/')
  await expect(member.getByText(/请确认已阅：.*党员学习管理办法/)).toBeVisible()
  await second.close()
})

test('a branch takes over what the committee shares', async ({ page, viewport }) => {
  await signIn(page, 'clerk')
  // The source, not a copy that the other width made of it.
  const id = await page.evaluate(async (q) => {
    const { items } = (await (await fetch(`/api/v1/articles?q=${encodeURIComponent(q)}`)).json()) as { items: { id: string; origin?: object }[] }
    return items.find((one) => !one.origin)!.id
  }, '发展党员材料自查清单')
  await page.goto(`/work/knowledge?open=${id}`)
  await page.getByRole('button', { name: '设置共享' }).click()
  await page.getByRole('checkbox', { name: '下级组织（全部）' }).check()
  await accessible(page, 'share')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('共享给：下级组织（全部）')).toBeVisible()
  // One branch for each width: a copy is taken once.
  const branch = (viewport?.width ?? 0) < 1024 ? '财务审计' : '离退休'
  await page.evaluate(async (name) => {
    const { items } = (await (await fetch('/api/v1/orgs')).json()) as { items: { id: string; name: string }[] }
    sessionStorage.setItem('qiming.org', items.find((one) => one.name.includes(name))!.id)
  }, branch)
  await page.goto('/work/knowledge/shares')
  await page.getByRole('button', { name: '发展党员材料自查清单' }).click()
  await expect(page.getByText('来源第 1 版')).toBeVisible()
  await accessible(page, 'offer')
  await page.getByRole('button', { name: '直接展示' }).click()
  await expect(page.getByText(/转自启明局党委的第 1 版/)).toBeVisible()
  await expect(page.getByRole('button', { name: '自动跟随来源：是' })).toBeVisible()
})
