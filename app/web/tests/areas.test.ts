// A route names the areas of texts that its page needs; one that is forgotten shows keys instead of words.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coreAreas } from '@/i18n'

const root = join(__dirname, '..', 'src')
const areas = readdirSync(join(root, 'i18n', 'zh-CN')).map((name) => name.replace('.json', ''))
const texts: Record<string, unknown> = Object.fromEntries(areas.map((area) => [area, JSON.parse(readFileSync(join(root, 'i18n', 'zh-CN', `${area}.json`), 'utf8'))]))
const key = new RegExp(`['\`]((?:${areas.join('|')})\\.[a-z_.]*)`, 'g')
/** Whether a text stands under a key, or several that begin so where it ends in a dot: names of acts look like keys too. */
function stands(path: string): boolean {
  const found = path.split('.').filter(Boolean).reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], texts)
  return path.endsWith('.') ? typeof found === 'object' : typeof found === 'string'
}

function fileOf(from: string, name: string): string | undefined {
  const path = name.startsWith('@/') ? join(root, name.slice(2)) : name.startsWith('.') ? join(dirname(from), name) : undefined
  return path && ['', '.ts', '.vue', '/index.ts'].map((end) => path + end).find((one) => /\.(ts|vue)$/.test(one) && existsSync(one))
}
/** Routes lead to other pages; the words of the log list acts, some named as a button is. */
const notKeys = ['routes.ts', 'admin/words.ts']
/** The areas whose keys a file and all that it imports name. */
function named(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path) || notKeys.some((end) => path.endsWith(end))) return new Set()
  seen.add(path)
  const text = readFileSync(path, 'utf8')
  const out = new Set([...text.matchAll(key)].map((found) => found[1]!).filter(stands).map((path) => path.split('.')[0]!))
  for (const [, name] of text.matchAll(/(?:^import (?!type)[^'"]*from |^import |import\()['"]([^'"]+)['"]/gm)) {
    const next = fileOf(path, name!)
    if (next) for (const area of named(next, seen)) out.add(area)
  }
  return out
}

describe('areas of a page', () => {
  const routes = ['router/index.ts', 'pages/work/routes.ts'].flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/path: '([^']*)'.*?import\('([^']+)'\).*?meta: \{(.*?)\} \}/g)].map(([, path, component, meta]) => ({
      path: path!,
      component: fileOf(join(root, file), component!)!,
      areas: [...(/areas: \[([^\]]*)\]/.exec(meta!)?.[1] ?? '').matchAll(/'([^']+)'/g)].map((one) => one[1]!),
    })),
  )
  it('finds the routes', () => expect(routes.length).toBeGreaterThan(30))
  it.each(routes.map((one) => [one.path, one] as const))('%s', (_, route) => {
    expect([...named(route.component)].filter((area) => !coreAreas.includes(area) && !route.areas.includes(area))).toEqual([])
  })
})
