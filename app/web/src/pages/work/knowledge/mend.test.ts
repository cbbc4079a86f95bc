import { expect, test } from 'vitest'
import type { Hit } from './api'
import { emptyForm } from './form'
import { mend } from './mend'

const hit = (path: string, from: number, found: string, replacement?: string): Hit => ({ path, from, to: from + [...found].length, found, replacement, before: '', after: '', level: 'refuse' })

test('a word is mended where it stands, characters beyond the first plane count once', () => {
  const form = { ...emptyForm('term'), title: '旧称', body: '𠮷：旧称见下。旧称。', tags: ['甲', '旧称'], aliases: ['旧称'], attachments: [{ id: 'a', name: '旧称.pdf' }] }
  for (const [path, from] of [['title', 0], ['body', 2], ['tags[1]', 0], ['aliases[0]', 0], ['attachments[0].name', 0]] as const) expect(mend(form, hit(path, from, '旧称', '新名称'))).toBe(true)
  expect(form).toMatchObject({ title: '新名称', body: '𠮷：新名称见下。旧称。', tags: ['甲', '新名称'], aliases: ['新名称'], attachments: [{ name: '新名称.pdf' }] })
  form.law.issuer = '旧部'
  form.source.label = '旧社'
  expect([mend(form, hit('law.issuer', 0, '旧部', '新部')), mend(form, hit('source.label', 0, '旧社', '新社'))]).toEqual([true, true])
})

test('nothing is written where another text stands by now', () => {
  const form = { ...emptyForm(), body: '已经改过' }
  expect([mend(form, hit('body', 0, '旧称', '新名称')), mend(form, hit('tags[3]', 0, '旧称', '新')), mend(form, hit('constructor', 0, 'x', 'y')), mend(form, hit('body', 0, '已经'))]).toEqual([false, false, false, false])
  expect(form.body).toBe('已经改过')
})
