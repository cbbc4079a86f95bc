import { expect, it } from 'vitest'
import type { Quiz } from './model'
import { standing } from './words'

it('a published quiz is coming, open or over by its window', () => {
  const now = Date.parse('2026-03-05T06:30:00Z')
  const of = (opens?: string, closes?: string) => standing({ status: 'published', settings: { opens, closes } as Quiz['settings'] }, now)
  expect(of()).toBe('open')
  expect(of('2026-03-05T06:30:01Z')).toBe('coming')
  expect(of('2026-03-05T06:30:00Z', '2026-03-05T06:30:01Z')).toBe('open')
  expect(of(undefined, '2026-03-05T06:30:00Z')).toBe('over')
  expect(standing({ status: 'draft', settings: {} as Quiz['settings'] }, now)).toBe('draft')
})
