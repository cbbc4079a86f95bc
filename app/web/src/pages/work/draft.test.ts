import { expect, it } from 'vitest'
import { dropDraft, keepDraft, readDraft } from './draft'

function shelf() {
  const kept = new Map<string, string>()
  return { kept, getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k) }
}

it('keeps a draft, gives it back and drops it', () => {
  const s = shelf()
  expect(readDraft('q:1', s)).toBeNull()
  expect(keepDraft('q:1', { stem: '题' }, 3, 1000, s)).toBe(true)
  expect(readDraft('q:1', s)).toEqual({ at: 1000, rev: 3, form: { stem: '题' } })
  dropDraft('q:1', s)
  expect(readDraft('q:1', s)).toBeNull()
})

it('lives with a full storage and with what it cannot read', () => {
  const s = shelf()
  s.kept.set('qm.draft.q:1', '{')
  expect(readDraft('q:1', s)).toBeNull()
  expect(keepDraft('q:1', {}, 0, 0, { ...s, setItem: () => { throw new Error('full') } })).toBe(false)
})
