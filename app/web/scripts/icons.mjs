// A Vite plugin: `import House from 'icon:house'` gives one Lucide icon as a Vue component.
// Each icon is imported by name, so only those in use reach the page.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = join(dirname(createRequire(import.meta.url).resolve('lucide-static/package.json')), 'icons')
const prefix = '\0icon:'

export function icons() {
  return {
    name: 'qiming-icons',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith('icon:') ? prefix + id.slice(5) : undefined),
    load(id) {
      if (!id.startsWith(prefix)) return undefined
      const svg = readFileSync(join(folder, id.slice(prefix.length) + '.svg'), 'utf8')
      const shapes = [...svg.matchAll(/<(path|circle|rect|line|polyline|polygon|ellipse)\s([^>]*?)\/?>/g)].map(([, tag, attrs]) => [
        tag,
        Object.fromEntries([...attrs.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v])),
      ])
      return `import { h } from 'vue'
const shapes = ${JSON.stringify(shapes)}
export default () => h('svg', { class: 'i', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, shapes.map(([t, a]) => h(t, a)))`
    },
  }
}
