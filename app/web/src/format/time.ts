// Dates, times and durations as the reader expects them: 2026年3月5日 14:30 (周四), 还剩 3 天 4 小时.
// All in the organisation's zone, whatever the device says.
import { t } from '@/i18n'

export const zone = 'Asia/Shanghai'

const parts = new Intl.DateTimeFormat('en-US', {
  timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', weekday: 'short', hourCycle: 'h23',
})
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

export type Instant = string | number | Date

interface Fields {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
  weekday: number
}

export function fieldsOf(at: Instant): Fields {
  const get = Object.fromEntries(parts.formatToParts(new Date(at)).map((p) => [p.type, p.value]))
  return {
    year: get.year ?? '', month: get.month ?? '', day: get.day ?? '', hour: get.hour ?? '', minute: get.minute ?? '', second: get.second ?? '',
    weekday: weekdays.indexOf(get.weekday ?? 'Sun'),
  }
}

const words = (at: Instant) => {
  const f = fieldsOf(at)
  return { ...f, weekday: t(`time.weekday.${f.weekday}`), monthName: t(`time.month.${f.month}`) }
}

/** 2026年3月5日 14:30 (周四) */
export const dateTime = (at: Instant | null | undefined): string => (at ? t('time.date_time', words(at)) : '')
/** 2026年3月5日 */
export const date = (at: Instant | null | undefined): string => (at ? t('time.date', words(at)) : '')
/** 3月5日 14:30 */
export const shortDateTime = (at: Instant | null | undefined): string => (at ? t('time.short', words(at)) : '')
/** 14:30 */
export const clockTime = (at: Instant | null | undefined): string => (at ? `${fieldsOf(at).hour}:${fieldsOf(at).minute}` : '')
/** 14:30, or 3月6日 14:30 where that is another day than now's */
export const endTime = (at: Instant, now: Instant): string => (isoDay(at) === isoDay(now) ? clockTime(at) : shortDateTime(at))
/** 14:30:05 */
export const preciseTime = (at: Instant): string => `${clockTime(at)}:${fieldsOf(at).second}`

/** The organisation's day as the API writes it, 2026-03-05; plus so many days. */
export function isoDay(at: Instant, plus = 0): string {
  const f = fieldsOf(at)
  return new Date(Date.UTC(Number(f.year), Number(f.month) - 1, Number(f.day) + plus)).toISOString().slice(0, 10)
}

/** 3 天 4 小时, the two largest units, of a length in seconds. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60]
  if (d > 0) return h > 0 ? t('time.days_hours', { d, h }) : t('time.days', { d })
  if (h > 0) return m > 0 ? t('time.hours_minutes', { h, m }) : t('time.hours', { h })
  if (m > 0) return t('time.minutes', { m })
  return t('time.seconds', { s })
}

/** 还剩 3 天 4 小时, from `now` (ms) to `at`. */
export const remaining = (at: Instant, now: number): string => t('time.remaining', { length: duration((new Date(at).getTime() - now) / 1000) })

/** 28:41, or 1:28:41 from one hour on; never below 00:00. Rounded up, so that 00:00 means over. */
export function countdown(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const h = Math.floor(s / 3600)
  return h > 0 ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`
}

/** Which part of the day it is: morning, noon, afternoon, evening. */
export function dayPart(at: Instant): 'morning' | 'noon' | 'afternoon' | 'evening' {
  const hour = Number(fieldsOf(at).hour)
  if (hour < 5 || hour >= 18) return 'evening'
  if (hour < 11) return 'morning'
  return hour < 14 ? 'noon' : 'afternoon'
}
