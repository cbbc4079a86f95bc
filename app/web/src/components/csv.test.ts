import { describe, expect, it } from 'vitest'
import { csvText } from './csv'

describe('csvText', () => {
  it('defuses what a spreadsheet would run, and nothing else', () => {
    for (const text of ['=1+1', '+cmd', '-cmd', '@x', '\t=1', "'=1", '＝1']) expect(csvText([[text]]).includes(`'${text}`)).toBe(true)
    for (const text of ['', '1', '-5', '+5.5', 'a=1', "'单引号'"]) expect(csvText([[text]])).toBe(`\ufeff${text}\r\n`)
  })
  it('quotes what would end a cell', () => {
    expect(csvText([['a,b', 'c"d', 'e\nf', null, 0]])).toBe('\ufeff"a,b","c""d","e\nf",,0\r\n')
  })
})
