// The views of the bank's list: what waits for somebody, as a filter of the API.
import { isoDay } from '@/format/time'
import type { Filter } from './api'

export const views = ['waiting', 'returned', 'expired', 'days30', 'days90', 'check'] as const
export type View = (typeof views)[number]

/** What a view filters by on the organisation's day; nothing for a view that does not exist. */
export function viewFilter(view: string, now: number): Partial<Filter> {
  switch (view) {
    case 'waiting':
      return { waiting: true }
    case 'returned':
      return { returned: true }
    case 'expired':
      return { expires_by: isoDay(now, -1) }
    case 'days30':
      return { expires_from: isoDay(now), expires_by: isoDay(now, 30) }
    case 'days90':
      return { expires_from: isoDay(now), expires_by: isoDay(now, 90) }
    case 'check':
      return { to_check: true }
  }
  return {}
}
