import { describe, expect, it } from 'vitest'
import { addressOf, keptAs, sayingOf } from './searches'
import type { Kept } from './api'

const t = (key: string) => key

describe('kept searches', () => {
  it('stand in the address', () => {
    expect(addressOf({ q: 'dues', official: true, tag: '', from: '2026-01-01' })).toEqual({ q: 'dues', official: '1', from: '2026-01-01' })
  })
  it('are recognised however the words are spaced', () => {
    const kept = [{ id: 'a', at: '', asked: { q: 'dues fees', kind: 'regulation' } }] as Kept[]
    expect(keptAs({ q: ' dues  fees', kind: 'regulation' }, kept)?.id).toBe('a')
    expect(keptAs({ q: 'dues fees' }, kept)).toBeUndefined()
    expect(keptAs({ q: 'dues fees', kind: 'regulation', official: true }, kept)).toBeUndefined()
  })
  it('are told with their filters', () => {
    expect(sayingOf({ q: 'dues', kind: 'faq', category: 'c1', tag: 'fees', from: '2026-01-01' }, t, 'Party')).toBe('dues · knowledge.kind.faq · Party · #fees · 2026-01-01 –')
    expect(sayingOf({ q: '', category: 'c1', official: true }, t)).toBe('search.one_category · knowledge.official')
  })
})
