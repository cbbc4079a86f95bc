// What the charts show, as options of ECharts: pure functions of the numbers, the colours of the page and the width there is.
import type { EChartsCoreOption } from './echarts'

export interface Palette {
  ink: string
  soft: string
  line: string
  grey: string
  red: string
  info: string
  card: string
  font: string
  size: number
}

/** The tokens of the page (styles/tokens.css) as they hold now. */
export function paletteOf(root: HTMLElement): Palette {
  const style = getComputedStyle(root)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return { ink: token('--ink-2'), soft: token('--ink-3'), line: token('--line'), grey: token('--line-strong'), red: token('--red'), info: token('--info'), card: token('--card'), font: token('--font'), size: 0.75 * (parseFloat(style.fontSize) || 16) }
}

const base = (p: Palette) => ({
  animation: false,
  textStyle: { fontFamily: p.font, fontSize: p.size, color: p.ink },
  tooltip: { confine: true, backgroundColor: p.card, borderColor: p.line, textStyle: { color: p.ink, fontSize: p.size, fontFamily: p.font } },
})
const axis = (p: Palette, name: string, more: object = {}) => ({
  name,
  nameTextStyle: { color: p.soft, fontSize: p.size },
  axisLine: { lineStyle: { color: p.grey } },
  axisTick: { show: false },
  axisLabel: { color: p.soft, fontSize: p.size, hideOverlap: true },
  splitLine: { lineStyle: { color: p.line } },
  ...more,
})

export interface Bar {
  label: string
  count: number
  failed: boolean
}
/** Upright bars; those below the pass mark in red. */
export function distribution(bars: readonly Bar[], words: { x: string; y: string }, p: Palette): EChartsCoreOption {
  return {
    ...base(p),
    grid: { left: 8, right: 8, top: 28, bottom: 8, containLabel: true },
    xAxis: axis(p, '', { type: 'category', data: bars.map((bar) => bar.label), splitLine: { show: false } }),
    yAxis: axis(p, words.y, { type: 'value', minInterval: 1 }),
    series: [
      {
        type: 'bar',
        name: words.y,
        barCategoryGap: '20%',
        label: { show: true, position: 'top', color: p.ink, fontSize: p.size, formatter: ({ value }: { value: number }) => (value ? String(value) : '') },
        data: bars.map((bar) => ({ value: bar.count, itemStyle: { color: bar.failed ? p.red : p.grey } })),
      },
    ],
  }
}

export interface Point {
  /** what a click gives */
  name: string
  label: string
  facility: number
  discrimination: number
  flagged: boolean
}
/** Items by facility and discrimination; flagged ones are red diamonds, and the ranges that are flagged are shaded. */
export function itemMap(points: readonly Point[], words: { x: string; y: string }, p: Palette, width: number): EChartsCoreOption {
  const least = Math.min(0, ...points.map((one) => one.discrimination))
  const floor = least < 0 ? Math.max(-100, Math.floor(least / 20) * 20) : 0
  const shade = { color: p.red, opacity: 0.06 }
  const area = [
    [{ xAxis: 0, yAxis: floor }, { xAxis: 10, yAxis: 100 }],
    [{ xAxis: 95, yAxis: floor }, { xAxis: 100, yAxis: 100 }],
    ...(floor < 0 ? [[{ xAxis: 10, yAxis: floor }, { xAxis: 95, yAxis: 0 }]] : []),
  ]
  const series = (flagged: boolean) => ({
    type: 'scatter',
    symbol: flagged ? 'diamond' : 'circle',
    symbolSize: width < 500 ? 14 : 16,
    itemStyle: { color: flagged ? p.red : p.info, opacity: 0.85 },
    label: { show: points.length <= (width < 500 ? 15 : 40), position: 'right', formatter: ({ data }: { data: { label: string } }) => data.label, color: p.ink, fontSize: p.size },
    labelLayout: { hideOverlap: true },
    cursor: 'pointer',
    data: points.filter((one) => one.flagged === flagged).map((one) => ({ name: one.name, label: one.label, value: [one.facility * 100, one.discrimination] })),
    ...(flagged ? {} : { markArea: { silent: true, itemStyle: shade, data: area } }),
  })
  return {
    ...base(p),
    tooltip: { ...base(p).tooltip, formatter: ({ data }: { data: { label: string; value: [number, number] } }) => `${data.label}<br>${words.x} ${data.value[0].toFixed(1)}<br>${words.y} ${data.value[1].toFixed(1)}` },
    grid: { left: 8, right: 24, top: 28, bottom: 24, containLabel: true },
    xAxis: axis(p, words.x, { type: 'value', min: 0, max: 100, nameLocation: 'middle', nameGap: 26 }),
    yAxis: axis(p, words.y, { type: 'value', min: floor, max: 100, nameTextStyle: { color: p.soft, fontSize: p.size, align: 'left' } }),
    series: [series(false), series(true)],
  }
}

export interface Span {
  name: string
  label: string
  lower: number
  median: number
  upper: number
}
/** Where the middle half of takers lies, and the median as a point; the seconds go to the right. */
export function times(spans: readonly Span[], words: { x: string; median: string; range: string }, p: Palette): EChartsCoreOption {
  const rows = [...spans].reverse() // ECharts counts from below
  return {
    ...base(p),
    tooltip: { ...base(p).tooltip, formatter: ({ dataIndex }: { dataIndex: number }) => {
      const one = rows[dataIndex]
      return one ? `${one.label}<br>${words.median} ${Math.round(one.median)}<br>${words.range} ${Math.round(one.lower)}–${Math.round(one.upper)}` : ''
    } },
    grid: { left: 8, right: 24, top: 8, bottom: 24, containLabel: true },
    xAxis: axis(p, words.x, { type: 'value', min: 0, nameLocation: 'middle', nameGap: 26 }),
    yAxis: axis(p, '', { type: 'category', data: rows.map((one) => one.label), splitLine: { show: false } }),
    series: [
      { type: 'bar', stack: 'span', silent: true, itemStyle: { color: 'transparent' }, data: rows.map((one) => one.lower) },
      { type: 'bar', stack: 'span', barMaxWidth: 14, itemStyle: { color: p.grey, opacity: 0.5 }, data: rows.map((one) => ({ name: one.name, value: one.upper - one.lower })) },
      { type: 'scatter', symbol: 'rect', symbolSize: [4, 16], itemStyle: { color: p.red }, data: rows.map((one) => ({ name: one.name, value: [one.median, one.label] })) },
    ],
  }
}
