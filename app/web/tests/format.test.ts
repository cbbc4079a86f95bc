import { beforeAll, describe, expect, it } from 'vitest'
import { clockOffset, noteServerTime } from '@/api/clock'
import { problemOf, problemText, fieldTexts, unreachable } from '@/api/problem'
import { toCsv } from '@/components/table'
import { stemParts } from '@/exam/stem'
import { bytes, count, letter, marks, money, percent, scored } from '@/format/numbers'
import { countdown, date, dateTime, dayPart, duration, endTime, remaining } from '@/format/time'
import { coreAreas, loadAreas, setLocale } from '@/i18n'

beforeAll(() => loadAreas(coreAreas))

const at = '2026-03-05T06:30:00Z'

describe('time', () => {
  it('is told in the organisation\'s zone, whatever the device has', () => {
    expect(dateTime(at)).toBe('2026年3月5日 14:30 (周四)')
    expect(date('2026-03-05T16:00:00Z')).toBe('2026年3月6日')
    expect(date('2026-03-05T15:59:59Z')).toBe('2026年3月5日')
  })
  it('speaks English too', async () => {
    await setLocale('en')
    expect(dateTime(at)).toBe('Thu 5 Mar 2026, 14:30')
    await setLocale('zh-CN')
  })
  it.each([
    [0, '0 秒'], [59, '59 秒'], [60, '1 分钟'], [3599, '59 分钟'], [3600, '1 小时'], [5400, '1 小时 30 分钟'], [86399, '23 小时 59 分钟'], [86400, '1 天'], [3 * 86400 + 4 * 3600, '3 天 4 小时'],
  ])('%d s is %s', (seconds, words) => expect(duration(seconds)).toBe(words))
  it.each([['2026-03-05T00:00:00Z', '14:30'], ['2026-03-04T15:59:00Z', '3月5日 14:30'], ['2026-03-04T16:00:00Z', '14:30']])('an end told at %s has its day where that is another one', (now, words) => expect(endTime(at, now)).toBe(words))
  it('says how long is left', () => expect(remaining(at, Date.parse(at) - (3 * 86400 + 4 * 3600) * 1000)).toBe('还剩 3 天 4 小时'))
  it.each([
    [-5, '00:00'], [0, '00:00'], [1, '00:01'], [1000, '00:01'], [1001, '00:02'], [59_999, '01:00'], [28 * 60_000 + 41_000, '28:41'], [3_599_000, '59:59'], [3_600_000, '1:00:00'],
  ])('%d ms count down as %s', (ms, text) => expect(countdown(ms)).toBe(text))
  it.each([['2026-03-04T20:59:00Z', 'evening'], ['2026-03-04T21:00:00Z', 'morning'], ['2026-03-05T03:00:00Z', 'noon'], ['2026-03-05T06:00:00Z', 'afternoon'], ['2026-03-05T10:00:00Z', 'evening']])('%s is %s', (when, part) => expect(dayPart(when)).toBe(part))
})

describe('numbers', () => {
  it.each([[4, '4'], [2.5, '2.5'], [2.0, '2'], [0.6666, '0.67'], [100, '100'], [null, '']])('marks %s are %s', (n, text) => expect(marks(n)).toBe(text))
  it('shares, counts, money and letters', () => {
    expect([percent(0.882), percent(1), percent(0.6, 0), percent(12 / 26), percent(46.15384615 / 100), percent(1 / 26), percent(0.03849), percent(0.145, 0)]).toEqual(['88.2%', '100%', '60%', '46.2%', '46.2%', '3.8%', '3.8%', '15%'])
    expect([scored(59.96), scored(60), scored(200 / 3), scored(undefined)]).toEqual(['59.96%', '60%', '66.67%', ''])
    expect(count(2861)).toBe('2\u202f861')
    expect([money(4321), money(5)]).toEqual(['¥ 43.21', '¥ 0.05'])
    expect([letter(0), letter(25), letter(26)]).toEqual(['A', 'Z', 'AA'])
  })
})

describe('the server\'s clock', () => {
  it('is taken from the quickest of the last answers', () => {
    noteServerTime(10_500, 1_000, 2_000)
    expect(clockOffset()).toBe(9_000)
    noteServerTime(13_020, 3_000, 3_040)
    expect(clockOffset()).toBe(10_000)
    noteServerTime(Number.NaN, 0, 0)
    expect(clockOffset()).toBe(10_000)
  })
})

describe('problems', () => {
  it('are told in words, by code, then by status, then in general', () => {
    expect(problemText(problemOf(409, { code: 'request.stale' }))).toContain('刚被他人修改')
    expect(problemText(problemOf(403, { code: 'no.such.code' }))).toContain('权限')
    expect(problemText(problemOf(500, 'boom'))).toContain('服务器出了问题')
    expect(problemText(problemOf(500, { code: 'internal', request_id: 'abc' }))).not.toContain('abc')
    expect(problemText(unreachable())).toContain('连接不上服务器')
  })
  it('stand beside their fields', () => {
    expect(fieldTexts(problemOf(422, { code: 'x', errors: [{ path: 'login', key: 'required' }, { path: 'name', key: 'date.future' }] }))).toEqual({ login: '请填写这一项。', name: '日期不能晚于今天。' })
  })
})

it('gaps of a stem are numbered', () => {
  expect(stemParts('党章第____条规定______。')).toEqual([{ text: '党章第' }, { gap: 1 }, { text: '条规定' }, { gap: 2 }, { text: '\u2060。' }])
  expect(stemParts('__')).toEqual([{ text: '__' }])
})

it('CSV quotes, keeps Chinese readable and defuses formulas', () => {
  const text = toCsv([{ key: 'a', label: '姓名' }, { key: 'b', label: 'x' }], [{ a: '李,"四"', b: -4.6 }, { a: '=1+1', b: '+86' }])
  expect(text).toBe('\ufeff姓名,x\r\n"李,""四""",-4.6\r\n\'=1+1,+86\r\n')
})

it('CSV has numbers where a column gives them, and nothing where there is none', () => {
  const columns = [{ key: 'n', label: 'n', text: (r: { n: number | null }) => (r.n === null ? '—' : `${r.n * 100}%`), value: (r: { n: number | null }) => r.n }]
  expect(toCsv(columns, [{ n: 0.125 }, { n: null }])).toBe('\ufeffn\r\n0.125\r\n\r\n')
})

it.each([[0, '0 B'], [1023, '1023 B'], [1024, '1 kB'], [1536, '2 kB'], [1024 * 1024 - 1, '1 MB'], [2.44 * 1024 ** 2, '2.4 MB'], [20480 * 1024 ** 2, '20 GB'], [1.96 * 1024 ** 3, '2 GB'], [5 * 1024 ** 4, '5 TB'], [5000 * 1024 ** 4, '5000 TB']])('%s bytes are %s', (n, want) => expect(bytes(n)).toBe(want))
