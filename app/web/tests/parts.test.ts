import { createApp, h, nextTick, reactive } from 'vue'
import { beforeAll, describe, expect, it } from 'vitest'
import ExamTimer from '@/exam/ExamTimer.vue'
import { guardTab } from '@/exam/tab'
import { i18n, loadAreas } from '@/i18n'

beforeAll(() => loadAreas(['shell', 'time', 'exam']))

describe('the timer', () => {
  const minute = 60_000
  function timer(remaining: number | null) {
    const props = reactive({ remaining })
    const host = document.createElement('div')
    createApp({ render: () => h(ExamTimer, props) }).use(i18n).mount(host)
    return {
      tick: async (ms: number) => {
        props.remaining = ms
        await nextTick()
      },
      shown: () => host.querySelector('[role=timer]')?.textContent,
      tone: () => host.querySelector('.time')?.className.replace(/time|num/g, '').trim(),
      spoken: () => host.querySelector('[aria-live=assertive]')?.textContent,
    }
  }

  it.each([[5 * minute + 1, ''], [5 * minute, 'amber'], [minute + 1, 'amber'], [minute, 'red'], [0, 'red']])('%d ms are %s', (left, tone) => {
    expect(timer(left).tone()).toBe(tone)
  })

  it('speaks at ten, five and one minute, once, and not when a page opens in between', async () => {
    const t = timer(9 * minute)
    expect(t.spoken()).toBe('')
    await t.tick(5 * minute + 100)
    expect(t.spoken()).toBe('')
    await t.tick(5 * minute)
    expect(t.spoken()).toBe('还剩 5 分钟')
    await t.tick(minute - 100)
    expect(t.spoken()).toBe('还剩 1 分钟')
  })

  it('speaks again after an extension', async () => {
    const t = timer(6 * minute)
    await t.tick(4 * minute)
    await t.tick(11 * minute)
    await t.tick(10 * minute)
    expect(t.spoken()).toBe('还剩 10 分钟')
  })

  it('without a limit says so', () => expect(timer(null).shown()).toBe('不限'))
})

describe('two tabs of one browser', () => {
  it('the second one hears of the first, and taking over tells it', async () => {
    let lost = 0
    const first = guardTab('a', () => lost++)
    const second = guardTab('a', () => undefined)
    expect(await first.taken()).toBe(false)
    first.take()
    expect(await second.taken()).toBe(true)
    second.take()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(lost).toBe(1)
    expect(await first.taken()).toBe(true)
    first.close()
    second.close()
  })

  it('another attempt is none of its business', async () => {
    const first = guardTab('a', () => undefined)
    const second = guardTab('b', () => undefined)
    first.take()
    expect(await second.taken()).toBe(false)
    first.close()
    second.close()
  })
})
