import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Problem } from '@/api/problem'
import { again, longest, rest, useSaver } from './saver'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('saves once the typing rests, and at last while it does not', async () => {
  const save = vi.fn(async () => undefined)
  const saver = useSaver(save)
  saver.typed()
  await vi.advanceTimersByTimeAsync(rest - 1)
  saver.typed()
  await vi.advanceTimersByTimeAsync(rest - 1)
  expect([save.mock.calls.length, saver.state.value]).toEqual([0, 'typed'])
  await vi.advanceTimersByTimeAsync(1)
  expect([save.mock.calls.length, saver.state.value]).toEqual([1, 'same'])
  for (let t = 0; t < longest + 1000; t += 1000) {
    saver.typed()
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(save.mock.calls.length).toBe(2)
})

test('never two at once: what is typed meanwhile is saved after it', async () => {
  let done: (() => void)[] = []
  const save = vi.fn(() => new Promise<void>((resolve) => done.push(resolve)))
  const saver = useSaver(save)
  saver.typed()
  const first = saver.flush()
  saver.typed()
  const second = saver.flush()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(save).toHaveBeenCalledTimes(1)
  done.shift()!()
  await vi.advanceTimersByTimeAsync(0)
  expect(save).toHaveBeenCalledTimes(2)
  done.forEach((one) => one())
  done = []
  expect(await Promise.all([first, second])).toEqual([true, true])
  expect(saver.state.value).toBe('same')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(save).toHaveBeenCalledTimes(2)
})

test.each([
  [new Problem(409, 'article.stale'), 'stale', 1],
  [new Problem(409, 'article.locked'), 'locked', 1],
  [new Problem(422, 'article.invalid'), 'refused', 1],
  [new Problem(0, 'network.unreachable'), 'away', 2],
  [new Problem(503, 'store.busy'), 'away', 2],
] as const)('%o makes it %s', async (problem, state, calls) => {
  const save = vi.fn(async () => Promise.reject(problem))
  const saver = useSaver(save)
  saver.typed()
  expect(await saver.flush()).toBe(false)
  expect(saver.state.value).toBe(state)
  await vi.advanceTimersByTimeAsync(again)
  expect(save).toHaveBeenCalledTimes(calls)
  saver.stop()
})

test('nothing goes over what somebody else saved until the author decides', async () => {
  const save = vi.fn(async () => Promise.reject(new Problem(409, 'article.stale')))
  const saver = useSaver(save)
  saver.typed()
  await saver.flush()
  saver.typed()
  await vi.advanceTimersByTimeAsync(60_000)
  expect([await saver.flush(), save.mock.calls.length, saver.state.value]).toEqual([false, 1, 'stale'])
  saver.settled()
  expect(await saver.flush()).toBe(true)
})

test('a refused text is sent again when it was changed', async () => {
  const save = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Problem(422, 'article.invalid')).mockResolvedValue(undefined)
  const saver = useSaver(save)
  saver.typed()
  await saver.flush()
  saver.typed()
  await vi.advanceTimersByTimeAsync(rest)
  expect([saver.state.value, saver.problem.value]).toEqual(['same', undefined])
})

test('what came back waits until somebody writes on, or hands it in', async () => {
  const save = vi.fn(async () => undefined)
  const saver = useSaver(save)
  saver.typed(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect([save.mock.calls.length, saver.state.value]).toEqual([0, 'typed'])
  expect(await saver.flush()).toBe(true)
  expect(save).toHaveBeenCalledTimes(1)
})
