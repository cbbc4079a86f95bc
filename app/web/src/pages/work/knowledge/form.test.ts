import { expect, test } from 'vitest'
import { contentOf, emptyForm, formOf, isBegun, isNobody, reachOf, setReach } from './form'

test('what comes back is what was sent, and what is empty or of another kind is not sent', () => {
  const form = { ...emptyForm('regulation'), title: '办法', body: '正文', tags: ['党费'], aliases: ['别名'], cover: 'c', attachments: [{ id: 'a', name: '附件' }], confirm: true }
  form.source.official = true
  form.law.issuer = '中央组织部'
  form.law.replaces = ['x']
  const content = contentOf(form)
  expect(content).toEqual({
    kind: 'regulation', title: '办法', body: '正文', tags: ['党费'], cover: 'c', attachments: [{ id: 'a', name: '附件' }], confirm: true,
    source: { official: true }, audience: { members: true }, law: { issuer: '中央组织部', replaces: ['x'] },
  })
  expect(contentOf(formOf(content))).toEqual(content)
  expect(contentOf({ ...form, kind: 'term' })).toMatchObject({ aliases: ['别名'], law: undefined })
  expect(JSON.parse(JSON.stringify(contentOf(emptyForm())))).toEqual({ kind: 'article', title: '', body: '', source: {}, audience: { members: true } })
})

test('an audience is one of three; what was named stays while one chooses', () => {
  const { audience } = emptyForm()
  audience.orgs = ['o']
  setReach(audience, 'public')
  expect([reachOf(audience), contentOf({ ...emptyForm(), audience }).audience]).toEqual(['public', { public: true }])
  setReach(audience, 'members')
  expect(contentOf({ ...emptyForm(), audience }).audience).toEqual({ members: true })
  setReach(audience, 'some')
  expect([reachOf(audience), contentOf({ ...emptyForm(), audience }).audience, isNobody(audience)]).toEqual(['some', { orgs: ['o'], roles: undefined }, false])
  audience.orgs = []
  expect(isNobody(audience)).toBe(true)
})

test('a blank form is not begun', () => {
  expect([isBegun(emptyForm()), isBegun({ ...emptyForm(), title: ' ' }), isBegun({ ...emptyForm(), body: '甲' })]).toEqual([false, false, true])
})
