// The panel of a rubric by keyboard: digits go to the criterion in hand, and the sum goes to the page.
import { beforeAll, expect, it } from 'vitest'
import { createApp, h, nextTick, ref } from 'vue'
import type { RubricLine } from '@/api/types'
import { i18n, loadAreas } from '@/i18n'
import RubricMark from './RubricMark.vue'

beforeAll(() => loadAreas(['marking', 'work']))

const lines: RubricLine[] = [
  { name: '观点', points: 4, levels: [{ title: '鲜明', points: 4 }, { title: '含糊', points: 2, comment: '不够清楚' }] },
  { name: '实际', points: 4, levels: [{ title: '有', points: 4 }, { title: '无', points: 0 }] },
  { name: '文字', points: 2 },
]

it('judges by digits, Tab and arrows; refuses nothing silently', async () => {
  const host = document.body.appendChild(document.createElement('div'))
  const panel = ref<InstanceType<typeof RubricMark>>()
  const sums: string[] = []
  const shown = ref(lines)
  createApp({ render: () => h(RubricMark, { ref: panel, lines: shown.value, points: 10, tried: false, onSum: (text: string) => sums.push(text) }) }).use(i18n).mount(host)
  const press = async (key: string, more: KeyboardEventInit = {}) => {
    let taken = false
    const on = (event: KeyboardEvent) => (taken = panel.value!.key(event))
    document.body.addEventListener('keydown', on)
    ;(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }))
    document.body.removeEventListener('keydown', on)
    await nextTick()
    await nextTick()
    return taken
  }
  const chosen = () => [...host.querySelectorAll('[aria-pressed=true] b')].map((one) => one.textContent)
  const at = () => document.activeElement?.closest('[data-criterion]')?.getAttribute('data-criterion')

  expect(await press('9')).toBe(true) // no such level: the page does not take it for a mark either
  expect(chosen()).toEqual([])
  await press('2')
  expect(chosen()).toEqual(['含糊'])
  expect(host.querySelector('textarea')!.value).toBe('不够清楚')
  expect(await press('Tab')).toBe(true)
  expect(at()).toBe('1')
  await press('1')
  await press('ArrowDown')
  expect(at()).toBe('2')
  expect(await press('Tab')).toBe(false) // leaves the rubric
  expect(panel.value!.judged()).toBeUndefined()
  expect(sums.at(-1)).toBe('')
  const field = document.activeElement as HTMLInputElement
  field.value = '1.5'
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await nextTick()
  expect(sums.at(-1)).toBe('7.5')
  expect(panel.value!.judged()!.map((line) => line.earned)).toEqual([2, 4, 1.5])
  await press('Tab', { shiftKey: true })
  expect(at()).toBe('1')
  await press('c')
  expect(document.activeElement?.tagName).toBe('TEXTAREA')
  expect(await press('1')).toBe(false) // a digit of a comment
  await press('Escape')
  expect(at()).toBe('1')
  shown.value = lines.map((line) => ({ ...line })) // the next answer
  await nextTick()
  expect(chosen()).toEqual([])
  expect(sums.at(-1)).toBe('')
})
