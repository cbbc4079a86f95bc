// The editor of a rubric: criteria get levels, lose them, share them, and say what is wrong where it stands.
import { beforeAll, expect, it } from 'vitest'
import { createApp, h, nextTick, reactive } from 'vue'
import { i18n, loadAreas } from '@/i18n'
import { emptyForm, type Form } from './content'
import { maxLevels } from './rubric'
import RubricEditor from './RubricEditor.vue'

beforeAll(() => loadAreas(['bank', 'work']))

function open(form: Form, errors: Record<string, string> = {}) {
  const host = document.createElement('div')
  createApp({ render: () => h(RubricEditor, { form, errors }) }).use(i18n).mount(host)
  const field = (label: string) => host.querySelector<HTMLInputElement>(`[aria-label="${label}"]`)!
  const buttons = (words: string) => [...host.querySelectorAll('button')].filter((one) => one.textContent === words)
  return {
    host,
    field,
    buttons,
    async press(button: HTMLElement) {
      button.click()
      await nextTick()
    },
    async type(label: string, text: string) {
      field(label).value = text
      field(label).dispatchEvent(new Event('input'))
      await nextTick()
    },
  }
}

it('gives a criterion levels, takes them away and spreads them', async () => {
  const form = reactive(emptyForm('essay')) as Form
  const page = open(form)
  await page.press(page.buttons('增加一项')[0]!)
  expect(form.rubric[0]!.share).toBe(1)
  await page.type('第 1 项的比例（%）', '60')
  await page.press(page.buttons('增加一项')[0]!)
  expect(form.rubric[1]!.share).toBe(0.4)
  await page.press(page.buttons('分等级')[0]!)
  expect(form.rubric[0]!.levels.map((one) => one.title)).toEqual(['优秀', '良好', '一般', '未达到'])
  await page.type('第 1 项第 2 级：达到怎样的水平', '基本切题')
  await page.type('第 1 项第 2 级：得本项的', '62.5')
  expect(form.rubric[0]!.levels[1]).toMatchObject({ note: '基本切题', share: 0.625 })
  await page.press(page.buttons('其余 1 项也用这些等级')[0]!)
  expect(form.rubric[1]!.levels[1]).toMatchObject({ title: '良好', share: 0.625, note: '' })
  expect(page.buttons('其余 1 项也用这些等级')).toHaveLength(0)
  await page.press(page.field('删去第 2 项的第 4 级'))
  expect(form.rubric[1]!.levels).toHaveLength(3)
  await page.press(page.buttons('不分等级')[1]!)
  expect(form.rubric.map((one) => one.levels.length)).toEqual([4, 0])
  await page.press(page.field('下移：第 1 项'))
  expect(form.rubric.map((one) => one.levels.length)).toEqual([0, 4])
  expect(page.field('第 2 项第 2 级：达到怎样的水平').value).toBe('基本切题')
})

it('says what is wrong beside the level, and takes no more levels than there are keys', () => {
  const form = reactive(emptyForm('essay')) as Form
  form.rubric.push({ name: '观点', note: '', share: 0.9, levels: Array.from({ length: maxLevels }, (_, i) => ({ title: String(i), share: 1 - i / 10, note: '', comment: '' })) })
  const page = open(form, { 'rubric[0].levels[1].share': '应低于上一级。', rubric: '各项比例合计应为 100%，现为 90%。' })
  const row = page.host.querySelectorAll('.level')[1]!
  expect(row.textContent).toContain('应低于上一级。')
  expect(page.field('第 1 项第 2 级：得本项的').getAttribute('aria-invalid')).toBe('true')
  expect(page.field('第 1 项的比例（%）').getAttribute('aria-invalid')).toBe('true')
  expect((page.buttons('增加一级')[0] as HTMLButtonElement).disabled).toBe(true)
})
