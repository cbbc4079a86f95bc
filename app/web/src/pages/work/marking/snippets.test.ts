import { expect, it } from 'vitest'
import { insertInto, inserted } from './snippets'

it('a snippet goes in where the cursor stands, with a stop after a word', () => {
  expect(inserted('', 0, 0, '条理清楚')).toEqual({ text: '条理清楚', at: 4 })
  expect(inserted('总体较好', 4, 4, '条理清楚')).toEqual({ text: '总体较好；条理清楚', at: 9 })
  expect(inserted('总体较好。', 5, 5, '条理清楚').text).toBe('总体较好。条理清楚')
  expect(inserted('Good', 4, 4, 'clear').text).toBe('Good; clear')
  expect(inserted('好，差', 2, 3, '清楚')).toEqual({ text: '好，清楚', at: 4 }) // in the place of what is selected
})

it('a field that is full keeps what it has', () => {
  const field = document.createElement('textarea')
  field.maxLength = 6
  field.value = '总体好'
  field.setSelectionRange(3, 3)
  let heard = 0
  field.addEventListener('input', () => heard++)
  expect(insertInto(field, '清楚吗')).toBe(false)
  expect([field.value, heard]).toEqual(['总体好', 0])
  expect(insertInto(field, '清楚')).toBe(true)
  expect([field.value, heard]).toEqual(['总体好；清楚', 1])
})
