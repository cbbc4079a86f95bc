import { beforeEach, describe, expect, it, vi } from 'vitest'

const told: number[] = []
let refuse = false
vi.mock('@/api/client', () => ({
  client: { POST: (_: string, options: { params: { path: { seq: number } } }) => options.params.path.seq },
  call: (seq: number) => (told.push(seq), refuse ? Promise.reject(new Error('offline')) : Promise.resolve()),
}))

const { useLimits } = await import('@/exam/limits')
const warn = (seq: number, seen?: string) => ({ seq, signal: 'away' as const, from: 3, act: 'warn' as const, at: '2026-03-02T08:00:00Z', ...(seen ? { seen } : {}) })

describe('warnings', () => {
  beforeEach(() => {
    told.length = 0
    refuse = false
  })
  it('stand until they are put away, and the server is told until it knows', async () => {
    const limits = useLimits('a')
    limits.take([warn(4), { ...warn(7), act: 'hand_in' }])
    expect(limits.warnings.value.map((one) => one.seq)).toEqual([4])
    expect(limits.handIn.value?.seq).toBe(7)
    refuse = true
    limits.dismiss(limits.warnings.value[0]!)
    await Promise.resolve()
    expect(limits.warnings.value).toEqual([])
    refuse = false
    limits.take([warn(4)]) // the server has not heard of it
    limits.take([warn(4, '2026-03-02T08:01:00Z')])
    expect(told).toEqual([4, 4])
    expect(limits.warnings.value).toEqual([])
  })
  it('seen on another device are not shown again', () => {
    const limits = useLimits('a')
    limits.take([warn(4, '2026-03-02T08:01:00Z')])
    limits.take(undefined)
    expect(limits.warnings.value).toEqual([])
    expect(told).toEqual([])
  })
})
