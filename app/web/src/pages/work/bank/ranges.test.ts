import { describe, expect, it } from 'vitest'
import { around, centre } from './ranges'

describe('a value and a tolerance', () => {
  it.each([
    [3.14, 0.01, 3.13, 3.15],
    [0.3, 0.1, 0.2, 0.4],
    [100, null, 100, 100],
    [-5, 2.5, -7.5, -2.5],
    [0, 0.5, -0.5, 0.5],
    [1921, 0, 1921, 1921],
    [1.6e-19, 1e-21, 1.59e-19, 1.61e-19],
    [123456789012.345, 0.001, 123456789012.344, 123456789012.346],
  ])('%d ± %d', (value, tolerance, min, max) => {
    expect(around(value, tolerance)).toEqual({ min, max })
    expect(centre({ min, max })).toEqual({ value, tolerance: tolerance || null })
  })
  it('is nothing before there is a value', () => {
    expect(around(null, 0.1)).toEqual({ min: null, max: null })
    expect(centre({ min: null, max: null })).toEqual({ value: null, tolerance: null })
    expect(centre({ min: 5, max: null })).toEqual({ value: 5, tolerance: null })
  })
})
