import { expect, it } from 'vitest'
import { appealTone, certificateTone, hindrance, regradeTone, titleSize } from './outcome'

it('a regrade is held up by answers that do not fit, then by empty papers, then by nothing to do', () => {
  const totals = { attempts: 3, changed: 0, up: 0, down: 0, now_pass: 0, now_fail: 0, kept: 0, again: 0, running: 0, total_only: 0, unfit: 0, empty: 0, mean: 0 }
  expect(hindrance(totals)).toBe('')
  expect(hindrance({ ...totals, attempts: 0 })).toBe('nothing')
  expect(hindrance({ ...totals, empty: 1 })).toBe('empty_paper')
  expect(hindrance({ ...totals, unfit: 1, empty: 1, attempts: 0 })).toBe('unfit')
})

it('every state has a tone, and what holds is the only one that is green', () => {
  expect(['open', 'upheld', 'rejected', 'withdrawn'].map((s) => appealTone(s as 'open'))).toEqual(['warn', 'ok', 'info', 'neutral'])
  expect(['valid', 'expired', 'replaced', 'revoked'].map((s) => certificateTone(s as 'valid'))).toEqual(['ok', 'warn', 'info', 'red'])
  expect(['asked', 'approved', 'applied', 'declined', 'withdrawn'].map((s) => regradeTone(s as 'asked'))).toEqual(['warn', 'info', 'ok', 'neutral', 'neutral'])
})

it('long titles are set smaller', () => {
  expect([titleSize('合格证书'), titleSize('党章党规知识测试合格证书'), titleSize('学习贯彻党的二十大精神专题培训班结业考试合格证书')]).toEqual(['large', 'medium', 'small'])
})
