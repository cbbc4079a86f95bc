import { accessible, expect, signIn, test } from './support'

// Made-up people: the area code 99 does not exist. Check characters by GB 11643.
function identity(serial: number): string {
  const body = `990101${1970 + (serial % 30)}0305${String(serial % 1000).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * weights[i]!, 0)
  return body + '10X98765432'[sum % 11]
}

test('a branch is made, members are imported into it, and the trail tells of both', async ({ page, context }, info) => {
  test.setTimeout(120_000)
  const stamp = Date.now() % 1_000_000
  const branch = `第${stamp}临时党支部`
  await signIn(page, 'clerk')
  await page.goto('/work/orgs')
  await expect(page.getByRole('heading', { name: '组织', exact: true })).toBeVisible()
  await accessible(page, 'organisations')
  await page.getByRole('button', { name: '新建组织' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: '新建', exact: true }).click()
  await expect(drawer.getByText('请填写这一项。')).toBeVisible()
  await drawer.getByLabel('全称').fill(branch)
  await drawer.getByLabel('简称').fill(branch)
  await drawer.getByLabel('类别').selectOption('branch')
  await drawer.getByRole('button', { name: '新建', exact: true }).click()
  await expect(page.getByText('已新建。')).toBeVisible()
  await accessible(page, 'organisation drawer')
  await drawer.getByRole('link', { name: '查看这里的党员' }).click()
  await expect(page.getByText('没有符合条件的党员')).toBeVisible()

  // A list with a wrong identity number and an unknown branch: those two rows stay out.
  const [first, second] = [stamp % 900, (stamp + 7) % 900]
  const wrong = identity(first + 3).slice(0, 17) + (identity(first + 3).endsWith('1') ? '2' : '1')
  const csv = ['姓名,身份证号码,所在支部,人员类别', `导入甲${stamp},${identity(first)},${branch},正式党员`, `导入乙${stamp},${wrong},${branch},正式党员`, `导入丙${stamp},${identity(second)},不存在的支部,预备党员`, `导入丁${stamp},,${branch},预备党员`].join('\r\n')
  await page.goto('/work/members/import')
  await page.locator('#import-file').setInputFiles({ name: '党员.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByLabel('我已确认文件不含涉密内容').check()
  await page.getByRole('button', { name: '上传并检查' }).click()
  await expect(page.getByLabel('列“身份证号码”导入为')).toHaveValue('identity')
  await page.getByRole('button', { name: '下一步' }).click()
  const rows = page.getByRole('table').first().getByRole('row')
  await expect(rows.filter({ hasText: '身份证号码' })).toHaveCount(1)
  await expect(rows.filter({ hasText: '所在支部' })).toHaveCount(1)
  await expect(page.getByText('这一项的内容不符合要求，请修改。')).toHaveCount(0)
  await accessible(page, 'member import: problems')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '确认导入 2 条' }).click()
  await expect(page.getByText(/已导入 2 条党员/)).toBeVisible()

  await page.goto(`/work/members?q=${encodeURIComponent(`导入甲${stamp}`)}`)
  await page.getByRole('button', { name: `导入甲${stamp}` }).click()
  const file = page.getByRole('dialog')
  await expect(file).toContainText('********')
  await accessible(page, 'member drawer')
  await file.getByRole('button', { name: '显示身份证号' }).click()
  const reason = page.getByRole('dialog').filter({ hasText: '查看理由' })
  await reason.getByLabel('查看理由').fill('核对入党材料')
  await reason.getByRole('button', { name: '确认查看' }).click()
  await expect(page.getByText(identity(first))).toBeVisible()

  // The auditor finds it, and the chain holds.
  await context.clearCookies()
  await signIn(page, 'audit')
  await page.goto('/work/audit')
  await expect(page.locator('tbody').getByText('查看身份证号').first()).toBeVisible()
  await accessible(page, 'audit trail')
  await page.getByLabel('操作', { exact: true }).selectOption('member_import.confirm')
  await expect(page.locator('tbody').getByText('党员.csv').first()).toBeVisible()
  await page.getByRole('button', { name: '核验完整性' }).click()
  await expect(page.getByText(/核验通过：.*条记录完整/)).toBeVisible()
  expect(info.errors).toEqual([])
})

test('an account is made with a one-time password shown once, given a role, and ended', async ({ page }) => {
  const login = `tmp${Date.now() % 10_000_000}`
  await signIn(page, 'security')
  await page.goto('/work/accounts')
  await page.getByRole('button', { name: '新建账号' }).click()
  let drawer = page.getByRole('dialog')
  await drawer.getByLabel('账号').fill(login)
  await drawer.getByLabel('姓名').fill('临时管理员')
  await drawer.getByRole('button', { name: '增加角色' }).click()
  await accessible(page, 'new account')
  await drawer.getByRole('button', { name: '新建账号' }).click()
  const once = page.getByRole('dialog').filter({ hasText: '密码只显示这一次' })
  await expect(once.locator('.secret')).not.toBeEmpty()
  await accessible(page, 'one-time password')
  await once.getByRole('button', { name: '已记下，关闭' }).click()
  await expect(once).toBeHidden()
  drawer = page.getByRole('dialog')
  await expect(drawer).toContainText(login)
  await drawer.getByRole('button', { name: '停用账号' }).click()
  await page.getByRole('dialog').filter({ hasText: '停用后不能登录' }).getByRole('button', { name: '停用账号' }).click()
  await expect(page.getByText('已停用。')).toBeVisible()
  await page.goto('/work/roles')
  await expect(page.getByRole('rowheader', { name: '审核试题' })).toBeVisible()
  await accessible(page, 'roles')
})

test('the jobs of the server', async ({ page }) => {
  await signIn(page, 'system')
  await page.goto('/work/jobs')
  await expect(page.getByText('整理到时的答卷')).toBeVisible()
  await accessible(page, 'jobs')
})
