import { expect, test } from 'vitest'
import { groupsOf, lineOf, wordsOf } from './synonyms'

test('groups are lines, words stand between signs', () => {
  expect(wordsOf(' 中共 =中国共产党＝ CPC ')).toEqual(['中共', '中国共产党', 'CPC'])
  expect(groupsOf('群众、老百姓\r\n\r\n党员大会\t支部大会\n单独')).toEqual([['群众', '老百姓'], ['党员大会', '支部大会'], ['单独']])
  expect(groupsOf('\n = \n')).toEqual([])
  expect(wordsOf(lineOf(['群众', '老百姓']))).toEqual(['群众', '老百姓'])
})
