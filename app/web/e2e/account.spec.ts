import { accessible, expect, officer, password, signIn, test } from './support'

test('a wrong password is told beside the form, and the right one leads on', async ({ page }) => {
  await page.goto('/exams?tab=done')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await accessible(page, 'sign-in')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByText('请输入账号。')).toBeVisible()
  await expect(page.getByLabel('账号', { exact: true })).toBeFocused()
  await page.getByLabel('账号', { exact: true }).fill('reviewer')
  await page.getByLabel('密码', { exact: true }).fill('not-the-password')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.locator('main .note.red')).toBeVisible()
  await accessible(page, 'sign-in with an error')
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page).toHaveURL(/\/exams\?tab=done/)
})

test('one signs out, and the address asks to sign in again', async ({ page, viewport }) => {
  await signIn(page, 'mailbox')
  await page.goto('/')
  if ((viewport?.width ?? 0) >= 1024) await page.getByRole('button', { name: /信箱专办员/ }).click()
  else await page.goto('/me')
  await page.getByText('退出登录').click()
  await expect(page).toHaveURL(/\/sign-in/)
  await page.goto('/me')
  await expect(page).toHaveURL(/\/sign-in\?next=\/me/)
})

test('an address of another site never follows the sign-in', async ({ page }) => {
  await page.goto('/sign-in?next=//example.org/')
  await page.getByLabel('账号', { exact: true }).fill('leader')
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL((url) => url.pathname === '/')
})

test('the set-up page asks for the whole link', async ({ page }) => {
  await page.goto('/setup')
  await expect(page.getByText('链接不完整。')).toBeVisible()
  await page.goto('/setup#token=wrong')
  await page.reload()
  await page.getByLabel('姓名').fill('王建国')
  await page.getByLabel('新密码', { exact: true }).fill('Different-2026')
  await page.getByLabel('再输入一次新密码').fill('Different-2025')
  await page.getByRole('button', { name: '建立账号并登录' }).click()
  await expect(page.getByText('两次输入的新密码不一致')).toBeVisible()
  await accessible(page, 'set-up')
})

test('a one-time password opens nothing before it is changed', async ({ page, baseURL }, info) => {
  const { api, headers } = await officer(baseURL!, 'security')
  const login = `first-${info.project.name}-${Date.now()}`
  const answer = await api.post('/api/v1/accounts', { data: { login, name: '周敏', grants: [] }, headers })
  expect(answer.ok(), await answer.text()).toBeTruthy()
  const { one_time_password: once } = (await answer.json()) as { one_time_password: string }
  await api.dispose()

  await page.goto('/sign-in?next=/me/settings')
  await page.getByLabel('账号', { exact: true }).fill(login)
  await page.getByLabel('密码', { exact: true }).fill(once)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('heading', { name: '设置新密码' })).toBeVisible()
  await page.goto('/exams')
  await expect(page.getByRole('heading', { name: '设置新密码' })).toBeVisible()
  await accessible(page, 'forced change')

  const change = async (fresh: string, again = fresh) => {
    await page.getByLabel('当前密码').fill(once)
    await page.getByLabel('新密码', { exact: true }).fill(fresh)
    await page.getByLabel('再输入一次新密码').fill(again)
    await page.getByRole('button', { name: '保存新密码' }).click()
  }
  await change('short1A')
  await expect(page.getByLabel('新密码', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await change('Jin-Tian-2026', 'Jin-Tian-2027')
  await expect(page.getByText('两次输入的新密码不一致')).toBeVisible()
  await change('Jin-Tian-2026')
  await expect(page).toHaveURL(/\/exams$/)
})
