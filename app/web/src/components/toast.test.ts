import { beforeEach, expect, test } from 'vitest'
import { toast, toasts } from './toast'

const words = () => toasts.map((one) => one.text)
beforeEach(() => void toasts.splice(0))

test('the same words stand there once', () => {
  for (const text of ['甲', '乙', '甲']) toast({ text, seconds: 0 })
  expect(words()).toEqual(['乙', '甲'])
})

test('at most three; a way back gives way last', () => {
  toast({ text: '已删除', action: '撤销', seconds: 0 })
  for (const text of ['一', '二', '三', '四']) toast({ text, seconds: 0 })
  expect(words()).toEqual(['已删除', '三', '四'])
})

test('closing one leaves the others', () => {
  const close = toast({ text: '一', seconds: 0 })
  toast({ text: '二', seconds: 0 })
  close()
  close()
  expect(words()).toEqual(['二'])
})
