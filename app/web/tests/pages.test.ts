import { describe, expect, it } from 'vitest'
import { createApp, nextTick, ref } from 'vue'
import { usePages, type Pages } from '@/components/pages'

type Piece = { items: number[]; next?: string }
function mounted(get: (after?: string) => Promise<Piece>, on?: ReturnType<typeof ref>): Pages<number, Piece> {
  let pages!: Pages<number, Piece>
  createApp({ setup: () => ((pages = usePages(get, on)), () => null) }).mount(document.createElement('div'))
  return pages
}
const settle = async () => {
  for (let i = 0; i < 5; i++) await nextTick()
}

describe('a list in pieces', () => {
  it('goes on from the cursor, and ends', async () => {
    const pages = mounted((after) => Promise.resolve(after ? { items: [3] } : { items: [1, 2], next: 'two' }))
    await settle()
    expect([pages.items.value, pages.next.value]).toEqual([[1, 2], 'two'])
    await pages.more()
    expect([pages.items.value, pages.next.value]).toEqual([[1, 2, 3], ''])
  })
  it('drops a piece of what was asked before', async () => {
    const on = ref('a')
    let late: (piece: Piece) => void = () => undefined
    const pages = mounted((after) => (after ? new Promise((resolve) => (late = resolve)) : Promise.resolve({ items: [on.value === 'a' ? 1 : 9], next: on.value })), on)
    await settle()
    const going = pages.more()
    on.value = 'b'
    await settle()
    late({ items: [2] })
    await going
    expect([pages.items.value, pages.next.value]).toEqual([[9], 'b'])
  })
  it('a failure leaves what is there', async () => {
    const pages = mounted((after) => (after ? Promise.reject(new Error('offline')) : Promise.resolve({ items: [1], next: 'two' })))
    await settle()
    await pages.more()
    expect([pages.items.value, pages.next.value]).toEqual([[1], 'two'])
  })
})
