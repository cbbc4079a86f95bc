import { describe, expect, it } from 'vitest'
import { markOf, typeMark } from './words'

const type = (keys: string, points: number) => [...keys].reduce((text, key) => typeMark(text, key, points) ?? text, '')

describe('marks by keyboard', () => {
  it('never exceed the points of the item', () => {
    expect(type('5', 5)).toBe('5')
    expect(type('6', 5)).toBe('')
    expect(type('10', 10)).toBe('10')
    expect(type('11', 10)).toBe('1')
  })
  it('take halves and refuse a second point', () => {
    expect(type('4.5', 5)).toBe('4.5')
    expect(type('4..5', 5)).toBe('4.5')
    expect(type('4.5', 4)).toBe('4.')
  })
  it('leave other keys to the page', () => {
    expect(typeMark('4', 'a', 5)).toBeNull()
    expect(typeMark('4', 'Enter', 5)).toBeNull()
    expect(typeMark('42', 'Backspace', 50)).toBe('4')
  })
  it('are a mark only when whole', () => {
    expect(['0', '5', '2.5', '2.', '5.1', '', '.5', 'x'].map((text) => markOf(text, 5))).toEqual([0, 5, 2.5, 2, null, null, null, null])
  })
})
