// What a number field takes and refuses, and that it says one thing at a time.
import { beforeAll, expect, it } from 'vitest'
import { createApp, h, nextTick, ref } from 'vue'
import { i18n, loadAreas } from '@/i18n'
import { useForm } from './form'
import FormField from './FormField.vue'
import NumberField from './NumberField.vue'

beforeAll(() => loadAreas(['common']))

it('takes digits of any width; says a refusal once, in the place of the error of the form', async () => {
  const host = document.body.appendChild(document.createElement('div'))
  const value = ref<number | null>(3)
  const form = useForm(ref(host))
  createApp({
    render: () =>
      h(FormField, { label: '天数', error: '请填写 1 到 5。' }, { default: (f: object) => h(NumberField, { ...f, whole: true, modelValue: value.value, 'onUpdate:modelValue': (n: number | null) => (value.value = n) }) }),
  }).use(i18n).mount(host)
  const input = host.querySelector('input')!
  const type = async (text: string) => {
    input.dispatchEvent(new Event('focus'))
    input.value = text
    input.dispatchEvent(new Event('input'))
    input.dispatchEvent(new Event('blur'))
    await nextTick()
    await nextTick()
  }
  const said = () => [...host.querySelectorAll('[role=alert]')].map((one) => one.textContent)
  expect(said()).toEqual(['请填写 1 到 5。'])
  await type('１２')
  expect(value.value).toBe(12)
  for (const typed of ['2.5', '-1', 'abc']) {
    await type(typed)
    expect([value.value, input.value]).toEqual([12, '12'])
    expect(said()).toEqual([`“${typed}”不是整数，保留原值。`])
    expect(document.getElementById(input.getAttribute('aria-describedby')!)?.textContent).toBe(said()[0])
  }
  expect(form.check({})).toBe(false) // it is seen before the value that stayed is sent
  await nextTick()
  await nextTick()
  expect(document.activeElement).toBe(input)
  input.blur()
  await nextTick()
  expect(form.check({})).toBe(true)
  await type('7')
  expect(said()).toEqual(['请填写 1 到 5。'])
})
