// A field for a number leaves alone what is being typed.
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createApp, h, nextTick, ref, type App } from 'vue'
import NumberField from '@/components/NumberField.vue'
import { coreAreas, i18n, loadAreas } from '@/i18n'

let app: App | undefined
beforeAll(() => loadAreas(coreAreas))
afterEach(() => app?.unmount())

function mount(start: number | null, props: Record<string, unknown> = {}, take: (n: number | null) => number | null = (n) => n) {
  const model = ref<number | null>(start)
  const host = document.createElement('div')
  document.body.append(host)
  app = createApp({ render: () => h(NumberField, { ...props, modelValue: model.value, 'onUpdate:modelValue': (n: number | null) => (model.value = take(n)) }) })
  app.use(i18n)
  app.mount(host)
  const input = host.querySelector('input')!
  return {
    model,
    input,
    said: () => host.querySelector('[role=alert]')?.textContent ?? '',
    async type(text: string) {
      input.focus()
      input.value = ''
      for (const key of text) {
        input.value += key
        input.dispatchEvent(new Event('input'))
        await nextTick()
      }
    },
    async leave() {
      input.dispatchEvent(new Event('blur'))
      await nextTick()
    },
  }
}

describe('typed key by key', () => {
  test.each([['-0.5', -0.5], ['-0.05', -0.05], ['1.6e-19', 1.6e-19], ['0.0000000000005', 5e-13], ['１２', 12]])('%s', async (text, want) => {
    const field = mount(0, {}, (n) => n ?? 0) // a page that takes nothing for 0
    await field.type(text)
    expect(field.model.value).toBe(want)
    expect(field.input.value).toBe(text)
  })
  test('a share below nothing over one that stands', async () => {
    const field = mount(1, { percent: true, signed: true }, (n) => n ?? 0)
    expect(field.input.value).toBe('100')
    await field.type('-50')
    expect(field.model.value).toBe(-0.5)
    await field.leave()
    expect(field.input.value).toBe('-50')
  })
  test('a share with a fraction is shown as it is kept', async () => {
    const field = mount(0.125, { percent: true })
    expect(field.input.value).toBe('12.5')
    await field.type('33.3')
    await field.leave()
    expect([field.input.value, field.model.value]).toEqual(['33.3', 0.333])
  })
  test.each(['abc', '-', '5 or 6', '1.2.3'])('what is no number is given up on leaving, what stood before is kept, and that is said: %s', async (typed) => {
    const field = mount(3, {}, (n) => n ?? 0)
    await field.type(typed)
    expect([field.input.value, field.said()]).toEqual([typed, ''])
    await field.leave()
    expect([field.input.value, field.said(), field.input.getAttribute('aria-invalid')]).toEqual([String(field.model.value), `“${typed}”不是数字，保留原值。`, 'true'])
    expect(document.getElementById(field.input.getAttribute('aria-describedby')!)!.textContent).toBe(field.said())
    await field.type('4')
    expect([field.model.value, field.said(), field.input.getAttribute('aria-invalid')]).toEqual([4, '', null])
  })
  test('Enter says it too, before the page saves', async () => {
    const field = mount(0.5, { percent: true }, (n) => n ?? 0)
    await field.type('half')
    field.input.dispatchEvent(new Event('change'))
    await nextTick()
    expect([field.input.value, field.model.value, field.said()]).toEqual(['50', 0.5, '“half”不是数字，保留原值。'])
  })
  test('an emptied field is no mistake', async () => {
    const field = mount(3)
    await field.type(' ')
    await field.leave()
    expect([field.input.value, field.model.value, field.said()]).toEqual(['', null, ''])
  })
})

test('it follows the model while nobody types', async () => {
  const field = mount(null)
  expect(field.input.value).toBe('')
  field.model.value = 2.5
  await nextTick()
  expect(field.input.value).toBe('2.5')
})
