import { describe, expect, it } from 'vitest'
import { distribution, itemMap, paletteOf, times, type Palette } from './options'

const p: Palette = { ink: 'ink', soft: 'soft', line: 'line', grey: 'grey', red: 'red', info: 'info', card: 'card', font: 'font', size: 12 }
const words = { x: 'x', y: 'y' }
type Series = { data: { name?: string; value: unknown; itemStyle?: { color: string } }[]; symbol?: string; itemStyle?: { color: string }; markArea?: { data: unknown[] }; label?: { show: boolean } }[]
const series = (option: object) => (option as { series: Series }).series

describe('distribution', () => {
  it('is red where one fails', () => {
    const bars = [{ label: '50–60', count: 2, failed: true }, { label: '60–70', count: 5, failed: false }]
    expect(series(distribution(bars, words, p))[0]!.data).toEqual([{ value: 2, itemStyle: { color: 'red' } }, { value: 5, itemStyle: { color: 'grey' } }])
  })
})

describe('item map', () => {
  const points = [{ name: 'q@1', label: '1', facility: 0.5, discrimination: 40, flagged: false }, { name: 'r@1', label: '2', facility: 0.05, discrimination: -25, flagged: true }]
  it('has flagged items apart, as diamonds, and each by its name', () => {
    const [plain, flagged] = series(itemMap(points, words, p, 800))
    expect(plain!.data).toEqual([{ name: 'q@1', label: '1', value: [50, 40] }])
    expect(flagged!.data).toEqual([{ name: 'r@1', label: '2', value: [5, -25] }])
    expect([plain!.symbol, flagged!.symbol, flagged!.itemStyle!.color]).toEqual(['circle', 'diamond', 'red'])
  })
  it('begins where the lowest discrimination is, and shades what is below 0 only then', () => {
    const axis = (option: object) => (option as { yAxis: { min: number } }).yAxis.min
    const with0 = itemMap(points.slice(0, 1), words, p, 800)
    expect([axis(with0), series(with0)[0]!.markArea!.data.length]).toEqual([0, 2])
    const below = itemMap(points, words, p, 800)
    expect([axis(below), series(below)[0]!.markArea!.data.length]).toEqual([-40, 3])
  })
  it('names points while there is room for names', () => {
    const many = Array.from({ length: 20 }, (_, at) => ({ name: `${at}`, label: `${at}`, facility: 0.5, discrimination: at, flagged: false }))
    expect([series(itemMap(many, words, p, 390))[0]!.label!.show, series(itemMap(many, words, p, 1200))[0]!.label!.show]).toEqual([false, true])
  })
})

describe('times', () => {
  it('has the first on top, its middle half as a bar and its median as a mark', () => {
    const option = times([{ name: 'a', label: 'A', lower: 10, median: 20, upper: 40 }, { name: 'b', label: 'B', lower: 1, median: 2, upper: 3 }], { x: 'x', median: 'm', range: 'r' }, p)
    expect((option as { yAxis: { data: string[] } }).yAxis.data).toEqual(['B', 'A'])
    const [gap, bar, mark] = series(option)
    expect(gap!.data).toEqual([1, 10])
    expect(bar!.data).toEqual([{ name: 'b', value: 2 }, { name: 'a', value: 30 }])
    expect(mark!.data).toEqual([{ name: 'b', value: [2, 'B'] }, { name: 'a', value: [20, 'A'] }])
  })
})

describe('palette', () => {
  it('is that of the page', () => {
    document.documentElement.style.setProperty('--red', '#b3181e')
    document.documentElement.style.fontSize = '20px'
    const palette = paletteOf(document.documentElement)
    expect([palette.red, palette.size]).toEqual(['#b3181e', 15])
  })
})
