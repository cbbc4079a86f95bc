import { expect, test } from 'vitest'
import { latest } from './limits'

test('of warnings about the same signal the last stands for all', () => {
  const list = [{ signal: 'away', from: 1 }, { signal: 'pastes', from: 1 }, { signal: 'away', from: 2 }]
  expect(latest(list)).toEqual([{ signal: 'pastes', from: 1 }, { signal: 'away', from: 2 }])
})
