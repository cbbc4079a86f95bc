import { expect, it } from 'vitest'
import { groupsOf, knownGroups, plainOf, withGroups, withPlain } from './exclusions'

it('splits tags into tags and groups, and puts them together again', () => {
  const tags = ['党史', '互斥:一大', '必考', '互斥:总纲']
  expect(groupsOf(tags)).toEqual(['一大', '总纲'])
  expect(plainOf(tags)).toEqual(['党史', '必考'])
  expect(withGroups(tags, ['总纲'])).toEqual(['党史', '必考', '互斥:总纲'])
  expect(withPlain(tags, ['新'])).toEqual(['新', '互斥:一大', '互斥:总纲'])
  expect(withGroups(plainOf(tags), groupsOf(tags)).sort()).toEqual([...tags].sort())
})
it('takes a name that was typed with its prefix, once', () => {
  expect(withGroups([], ['互斥：总纲', '互斥:总纲', '总纲'])).toEqual(['互斥:总纲'])
})
it('suggests the groups that the bank has by their names', () => {
  expect(knownGroups([{ tag: '党史', count: 3 }, { tag: '互斥:一大', count: 2 }])).toEqual([{ tag: '一大', count: 2 }])
})
