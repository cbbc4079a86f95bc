import { expect, test } from 'vitest'
import { decimalOf, half, rounded, shifted, sum } from './decimals'

test.each([
  ['-0.5', -0.5], ['.5', 0.5], ['5.', 5], ['１２．５', 12.5], ['1,234.5', 1234.5], ['1，234', 1234], ['−3', -3], ['3。14', 3.14], ['1.6e-19', 1.6e-19], ['1E21', 1e21], [' 7 ', 7],
  ['', null], ['-', null], ['.', null], ['abc', null], ['1.2.3', null], ['1e', null], ['1e999', null], ['--1', null], ['0x10', null], ['2,5', null], ['1,23', null], ['1234,567', null], ['1,234,567', 1234567], ['1.5,000', null],
])('%s reads as %s', (text, want) => expect(decimalOf(text)).toBe(want))

test.each([[0.1, 0.2, 1, 0.3], [3.14, 0.01, -1, 3.13], [123456789012.345, 0.001, 1, 123456789012.346], [1.6e-19, 1e-20, 1, 1.7e-19], [1e21, 1, -1, 1e21], [-0.5, 0.5, 1, 0]])(
  '%d and %d times %d', (a, b, times, want) => expect(sum(a, b, times)).toBe(want),
)
test.each([[0.3, 0.15], [-7, -3.5], [5e-13, 2.5e-13], [1e21, 5e20]])('half of %d', (n, want) => expect(half(n)).toBe(want))
test.each([[0.07, 2, 7], [12.5, -2, 0.125], [1e-7, 2, 1e-5], [-0.333, 2, -33.3]])('%d moved by %d', (n, digits, want) => expect(shifted(n, digits)).toBe(want))
test.each([
  [46.153846153846, 1, 46.2], [46.154, 1, 46.2], [46.146, 1, 46.1], [3.849, 1, 3.8], [3.85, 1, 3.9], [3.8461538462, 1, 3.8], [1.45, 1, 1.5], [1.005, 2, 1.01], [0.1 + 0.2, 1, 0.3], [(29 / 200) * 100, 0, 15],
  [-2.25, 1, -2.3], [-0.04, 1, 0], [0, 1, 0], [1e-9, 2, 0], [100, 1, 100], [59.95, 1, 60], [0.5, 0, 1],
])('%d to %d decimals is %d', (n, digits, want) => expect(rounded(n, digits)).toBe(want))
