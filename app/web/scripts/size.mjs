// The budget of the exam path (ui.md section 5): what a phone must load before the first question, compressed, and every route
// chunk by itself. Read from the Vite manifest of the last build; fails when over.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist')
const path = join(dist, '.vite', 'manifest.json')
if (!existsSync(path)) {
  console.log('size: no build in dist, run "npm run build" first')
  process.exit(process.env.CI ? 1 : 0)
}
const manifest = JSON.parse(readFileSync(path, 'utf8'))
const budget = { examPath: 250_000, route: 60_000 }
// Libraries that are no route, but fetched beside one. KaTeX whole, where a formula stands.
// ECharts, tree-shaken to bars, points and SVG: fetched when a chart comes into view, never kept by the service worker.
// pdf.js: fetched where somebody opens a PDF, and never before; its worker comes as a file of its own.
// hls.js: fetched where a video is a stream that the browser does not play by itself.
const libraries = { 'src/media/hls.ts': 115_000, 'src/pdf/pdfjs.ts': 130_000, 'src/exam/MathText.vue': 90_000, 'src/pages/work/charts/echarts.ts': 185_000 }

const weigh = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length

/** Files that come with a chunk: itself, what it imports, their styles. */
function files(key, seen = new Set(), out = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return out
  seen.add(key)
  out.add(chunk.file)
  for (const css of chunk.css ?? []) out.add(css)
  for (const next of chunk.imports ?? []) files(next, seen, out)
  return out
}
const sum = (set) => [...set].reduce((total, file) => total + weigh(file), 0)
const kb = (n) => `${(n / 1000).toFixed(1)} kB`

const entry = files('index.html')
const messages = ['shell', 'common', 'errors', 'time', 'account', 'exam'].map((area) => `src/i18n/zh-CN/${area}.json`)
const exam = new Set(entry)
for (const key of ['src/pages/exams/AttemptPage.vue', ...messages]) {
  if (!manifest[key]) throw new Error(`size: ${key} is not in the manifest`)
  for (const file of files(key)) exam.add(file)
}
exam.add('index.html')

let failed = false
const report = (name, size, limit) => {
  const over = size > limit
  failed ||= over
  console.log(`${over ? 'OVER ' : 'ok   '} ${kb(size).padStart(9)} of ${kb(limit).padStart(9)}  ${name}`)
}
console.log(`entry ${kb(sum(entry))} in ${entry.size} files`)
report('exam path, first load', sum(exam), budget.examPath)
const routes = Object.entries(manifest).filter(([key, chunk]) => chunk.isDynamicEntry && key.startsWith('src/'))
const sizes = routes.map(([key]) => [key, sum(new Set([...files(key)].filter((file) => !entry.has(file))))]).sort((a, b) => b[1] - a[1])
for (const [key, size] of sizes.slice(0, 8)) report(key, size, libraries[key] ?? budget.route)
for (const [key, size] of sizes.slice(8)) if (size > (libraries[key] ?? budget.route)) report(key, size, libraries[key] ?? budget.route)
process.exit(failed ? 1 : 0)
