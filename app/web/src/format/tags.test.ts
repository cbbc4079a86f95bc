import { expect, test } from 'vitest'
import { onceEach, tagKey } from './tags'

test('a tag is one however it is spelt, and its first spelling stays', () => {
  expect(['ＡＩ党建', ' ai 党建 ', 'Ai党 建'].map(tagKey)).toEqual(['ai党建', 'ai党建', 'ai党建'])
  expect(tagKey('two  words')).toBe('two words')
  expect(onceEach(['AI', '党费', 'ai', 'ＡＩ', '党 费', 'QA'])).toEqual(['AI', '党费', 'QA'])
})
