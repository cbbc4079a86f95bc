// The field of a text: its buttons write Markdown, what is pasted from an office program becomes Markdown, pictures are uploaded.
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { Quasar } from 'quasar'
import { createApp, h, nextTick, ref } from 'vue'
import { coreAreas, i18n, loadAreas } from '@/i18n'
import MarkdownField from './MarkdownField.vue'

const upload = vi.hoisted(() => vi.fn())
vi.mock('@/api/client', () => ({ upload }))
beforeAll(() => loadAreas([...coreAreas, 'knowledge']))
beforeEach(() => void upload.mockReset())

function open(text = '') {
  const model = ref(text)
  const host = document.createElement('div')
  document.body.append(host)
  const app = createApp({ render: () => h(MarkdownField, { modelValue: model.value, 'onUpdate:modelValue': (now: string) => (model.value = now) }) })
  app.use(i18n).use(Quasar).mount(host)
  const field = host.querySelector('textarea')!
  return {
    model,
    field,
    async press(label: string, from = 0, to = model.value.length) {
      field.setSelectionRange(from, to)
      host.querySelector<HTMLButtonElement>(`[aria-label="${label}"]`)!.click()
      await nextTick()
      return model.value
    },
    async paste(html: string, plain: string, files: File[] = []) {
      const event = new Event('paste', { bubbles: true, cancelable: true })
      Object.assign(event, { clipboardData: { getData: (type: string) => (type === 'text/html' ? html : plain), files } })
      field.setSelectionRange(model.value.length, model.value.length)
      field.dispatchEvent(event)
      return event.defaultPrevented
    },
  }
}

test('buttons write marks and take them away', async () => {
  const { press } = open('第一条')
  expect(await press('加粗')).toBe('**第一条**')
  expect(await press('加粗')).toBe('第一条')
  expect(await press('二级标题', 0, 0)).toBe('## 第一条')
  expect(await press('一级标题', 0, 0)).toBe('# 第一条')
})

test('a table of an office program becomes one of Markdown, with an empty line around it', async () => {
  const { paste, model } = open('前文')
  expect(await paste('<table><tr><td>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td></tr></table>', '甲\t乙', [new File(['x'], 'a.png', { type: 'image/png' })])).toBe(true)
  await vi.waitFor(() => expect(model.value).toBe('前文\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n'))
  expect(upload).not.toHaveBeenCalled()
})

test('plain words are left to the browser', async () => expect(await open().paste('', '第一条')).toBe(false))

test('a picture is uploaded where it stands; a failed one leaves nothing behind', async () => {
  const { paste, model } = open('见图：')
  upload.mockResolvedValueOnce({ file: { id: 'a'.repeat(32) } }).mockRejectedValueOnce(new Error('away'))
  expect(await paste('', '', [new File(['x'], '会场.png', { type: 'image/png' })])).toBe(true)
  await vi.waitFor(() => expect(model.value).toBe(`见图：![会场](media:${'a'.repeat(32)})`))
  await paste('', '', [new File(['x'], '坏.png', { type: 'image/png' })])
  await vi.waitFor(() => expect(upload).toHaveBeenCalledTimes(2))
  await vi.waitFor(() => expect(model.value).toBe(`见图：![会场](media:${'a'.repeat(32)})`))
})
