import { beforeAll, describe, expect, it } from 'vitest'
import { loadAreas } from '@/i18n'
import { detailValue, detailWord } from './words'

beforeAll(() => loadAreas(['shell', 'admin', 'bank']))

describe('the details of an audit entry', () => {
  it('are named in the language of the page; an unknown name is readable', () => {
    expect(['device', 'grants'].map(detailWord)).toEqual(['设备', '角色与组织'])
    expect(detailWord('not_yet_named')).toBe('not yet named')
  })
  it('say states, yes and no and roles in words, and leave free text alone', () => {
    expect(detailValue('question.status', 'to', 'published')).toBe('已发布')
    expect(detailValue('member.edit', 'to', 'published')).toBe('published')
    expect(detailValue('bank.settings', 'own_items', 'yes')).toBe('是')
    expect(detailValue('grant.write', 'grants', 'evaluator@o1 nobody@')).toMatch(/^(?!evaluator).+ · o1；nobody@$/)
    expect(detailValue('grant.write', 'grants', '')).toBe('无')
  })
})
