// A section by a blueprint: numbers into a table of topics and kinds become draw rules, and are read back from them.
import { accessible, expect, officer, signIn, test } from './support'

test('a table of topics and kinds writes the rules of a section', async ({ page, baseURL }, info) => {
  const trainer = await officer(baseURL!, 'trainer')
  const me = (await (await trainer.api.get('/api/v1/session')).json()) as { roles: { role: string; org_id: string }[] }
  const made = await trainer.api.post('/api/v1/quizzes', { data: { title: `细目表 ${info.project.name} ${Date.now()}`, org_id: me.roles.find((one) => one.role === 'trainer')!.org_id }, headers: trainer.headers })
  const { id } = (await made.json()) as { id: string }
  await trainer.api.dispose()

  await signIn(page, 'trainer')
  await page.goto(`/work/quizzes/${id}`)
  const open = page.getByRole('button', { name: '按双向细目表抽题' })
  await open.click()
  const drawer = page.getByRole('dialog')
  const singles = drawer.getByLabel('党章党规，单选题：抽几题')
  await singles.fill('900')
  await expect(drawer.getByText(/只有 \d+ 题，缺 \d+ 题/)).toBeVisible()
  await expect(singles).toHaveAttribute('aria-invalid', 'true')
  await accessible(page, 'blueprint')
  await page.screenshot({ path: info.outputPath('lack.png') })
  await singles.fill('３') // of full width
  await expect(drawer.getByText(/缺 \d+ 题/)).toHaveCount(0)
  await singles.fill('2.7')
  await singles.blur()
  await expect(drawer.getByText('“2.7”不是整数，保留原值。')).toBeVisible()
  await expect(singles).toHaveValue('3')
  await expect(drawer.getByText(/缺 \d+ 题/)).toHaveCount(0)
  await drawer.getByLabel('判断题每题分值').fill('1.5')
  await drawer.getByLabel('判断题每题分值').blur()
  await drawer.getByLabel('党史知识，判断题：抽几题').fill('1')
  await drawer.getByLabel('正在填写的难度').selectOption({ label: '难度 1–2' })
  await drawer.getByLabel('党章党规，多选题：抽几题').fill('500')
  await drawer.getByLabel('正在填写的难度').selectOption({ label: '不限难度' })
  await expect(drawer.getByText('“难度 1–2”下有题库不够的格子。')).toBeVisible() // what is not in view is said
  await drawer.getByLabel('正在填写的难度').selectOption({ label: '难度 1–2' })
  await drawer.getByLabel('党章党规，多选题：抽几题').fill('2')
  await expect(drawer.getByText('6 题，11.5 分').last()).toBeVisible()

  // Escape asks before it loses anything.
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '继续填写' }).click()
  await expect(singles.or(drawer.getByLabel('党章党规，单选题：抽几题'))).toBeVisible()
  await page.screenshot({ path: info.outputPath('table.png') })
  await drawer.getByRole('button', { name: '写入本部分' }).click()
  await expect(page.getByRole('heading', { name: /第 1 部分/ })).toContainText('6 题，11.5 分')
  await page.screenshot({ path: info.outputPath('rules.png'), fullPage: true })
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByRole('heading', { name: /第 1 部分/ })).toContainText('0 题')
  await open.click()
  await drawer.getByLabel('党章党规，单选题：抽几题').fill('4')
  await drawer.getByRole('button', { name: '写入本部分' }).click()
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('已保存', { exact: true })).toBeVisible()
  await page.reload()
  await open.click()
  await expect(drawer.getByLabel('党章党规，单选题：抽几题')).toHaveValue('4')
  await expect(drawer.getByRole('button', { name: '写入本部分' })).toBeDisabled()
})
