import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createI18n } from 'vue-i18n'
import { describe, expect, it } from 'vitest'
import { pluralRules } from '@/i18n'

const root = join(__dirname, '..', 'src')
const folder = join(root, 'i18n')
const areas = readdirSync(join(folder, 'zh-CN')).map((name) => name.replace('.json', ''))
const read = (locale: string, area: string): unknown => JSON.parse(readFileSync(join(folder, locale, `${area}.json`), 'utf8'))

function keys(tree: unknown, path = ''): string[] {
  if (typeof tree !== 'object' || tree === null) return [path]
  return Object.entries(tree).flatMap(([key, value]) => keys(value, path ? `${path}.${key}` : key))
}
function texts(tree: unknown, path = ''): [string, string][] {
  if (typeof tree === 'string') return [[path, tree]]
  return Object.entries(tree as object).flatMap(([key, value]) => texts(value, path ? `${path}.${key}` : key))
}
const files = (from: string): string[] =>
  readdirSync(from).flatMap((name) => {
    const path = join(from, name)
    return statSync(path).isDirectory() ? files(path) : /\.(vue|ts)$/.test(name) ? [path] : []
  })
const sources = files(root).filter((path) => !path.startsWith(folder) && !path.endsWith('.test.ts') && !path.endsWith('.d.ts'))

describe('texts', () => {
  it('the languages have the same areas', () => {
    expect(readdirSync(join(folder, 'en'))).toEqual(readdirSync(join(folder, 'zh-CN')))
  })

  it.each(areas)('%s: no key is missing or left over in English', (area) => {
    expect(keys(read('en', area)).sort()).toEqual(keys(read('zh-CN', area)).sort())
  })

  it.each(areas)('%s: both languages name the same parameters', (area) => {
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
    // Dates may be written with other parts; everything else must say the same.
    const free = area === 'time' || area === 'home' ? /^(date_time|date|short|greeting)$/ : /^$/
    const english = new Map(texts(read('en', area)))
    const odd = texts(read('zh-CN', area)).filter(([key, text]) => !free.test(key) && [...new Set(names(text))].join() !== [...new Set(names(english.get(key) ?? ''))].join())
    expect(odd.map(([key]) => key)).toEqual([])
  })

  it.each(areas)('%s: English has no Chinese, except names of the languages and the mark', (area) => {
    const chinese = texts(read('en', area)).filter(([key, text]) => /[\u4e00-\u9fff]/.test(text) && !/^(zh|mark)$/.test(key) && !/[“"(（][^“”"()]*[\u4e00-\u9fff][^“”"()]*[”")）]/.test(text))
    expect(chinese).toEqual([])
  })

  it.each(areas)('%s: every text compiles', (area) => {
    const warned: string[] = []
    for (const locale of ['zh-CN', 'en']) {
      const make = createI18n as unknown as (options: object) => { global: { t: (key: string, params: object) => string } }
      const i18n = make({ legacy: false, locale, messages: { [locale]: { [area]: read(locale, area) } }, missingWarn: false, fallbackWarn: false })
      for (const [key] of texts(read(locale, area))) {
        try {
          i18n.global.t(`${area}.${key}`, {})
        } catch (cause) {
          warned.push(`${locale} ${area}.${key}: ${String(cause)}`)
        }
      }
    }
    expect(warned).toEqual([])
  })

  it('no blank is written where the compiler takes it away: between a tag and what is said there', () => {
    const lost = /<[a-z]+( [^<>]*)?> +\{\{|\}\} +<\/[a-z]/
    expect(sources.filter((path) => path.endsWith('.vue') && lost.test(readFileSync(path, 'utf8')))).toEqual([])
  })

  it('every key named in the source exists', () => {
    const known = new Set(areas.flatMap((area) => keys(read('zh-CN', area)).map((key) => `${area}.${key}`)))
    const missing = sources.flatMap((path) => {
      const text = readFileSync(path, 'utf8')
      return [...text.matchAll(/\bte?\(\s*'([a-z][\w-]*(?:\.[\w-]+)+)'/g)].map((m) => m[1]!).filter((key) => !known.has(key)).map((key) => `${path.slice(root.length)}: ${key}`)
    })
    expect(missing).toEqual([])
  })
})

describe('source', () => {
  it('has no Chinese text outside the message files', () => {
    const found = sources.flatMap((path) => {
      const text = readFileSync(path, 'utf8')
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/(^|[\s;{}(,])\/\/[^\n]*/g, '$1')
      return text.split('\n').filter((line) => /[\u4e00-\u9fff]/.test(line) && !/\.(test|replace|match)\(/.test(line)).map((line) => `${path.slice(root.length)}: ${line.trim()}`)
    })
    expect(found).toEqual([])
  })

  it('asks nothing through native dialogs, which WeChat may block', () => {
    const found = sources.filter((path) => /window\.(alert|confirm|prompt)\(/.test(readFileSync(path, 'utf8')))
    expect(found).toEqual([])
  })
})

describe('counts in English', () => {
  const make = createI18n as unknown as (options: object) => { global: { t: (key: string, params: object, plural?: number) => string } }
  const { t } = make({ legacy: false, locale: 'en', messages: { en: { marking: read('en', 'marking'), board: read('en', 'board'), exam: read('en', 'exam') } }, pluralRules }).global
  it.each([
    ['marking.queue.counts_own', 1, '1 answer waits for you'], ['marking.queue.counts_own', 0, '0 answers wait for you'], ['marking.queue.counts_own', 12, '12 answers wait for you'],
    ['board.away', 1, 'left once'], ['board.away', 2, 'left 2 times'],
  ])('%s of %s', (key, n, want) => expect(t(key, { n })).toBe(want))
  it.each([['1', 1, '1 point'], ['0.5', 0.5, '0.5 points'], ['1,200', 1200, '1,200 points']])('a count as text comes with its number: %s', (n, plural, want) => expect(t('exam.facts.points', { n }, plural)).toBe(want))
})
