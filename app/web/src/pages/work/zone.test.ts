import { expect, it } from 'vitest'
import { fromLocal, toLocal } from './zone'

it('speaks of the organisation\'s wall clock whatever the device says', () => {
  expect(toLocal('2026-03-05T06:30:00Z')).toBe('2026-03-05T14:30')
  expect(fromLocal('2026-03-05T14:30')).toBe('2026-03-05T06:30:00Z')
  expect(fromLocal('2026-01-01T00:00')).toBe('2025-12-31T16:00:00Z')
  expect([toLocal(''), toLocal(undefined), toLocal('x'), fromLocal(''), fromLocal('x')]).toEqual(['', '', '', undefined, undefined])
})
