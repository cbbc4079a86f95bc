import { describe, expect, it } from 'vitest'
import { viewFilter } from './views'

describe('viewFilter', () => {
  // 2026-11-30 23:30 in Shanghai: the day of the organisation, not of UTC.
  const now = Date.UTC(2026, 10, 30, 15, 30)
  it.each([
    ['expired', { expires_by: '2026-11-29' }],
    ['days30', { expires_from: '2026-11-30', expires_by: '2026-12-30' }],
    ['days90', { expires_from: '2026-11-30', expires_by: '2027-02-28' }],
    ['check', { to_check: true }],
    ['waiting', { waiting: true }],
    ['returned', { returned: true }],
    ['', {}],
    ['unknown', {}],
  ])('%s', (view, want) => expect(viewFilter(view, now)).toEqual(want))
})
