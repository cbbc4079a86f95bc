// A Vite plugin: the API's docs page (/docs) out of our own build. Swagger UI is copied, never fetched from a CDN,
// and its start is a file of its own, because the server forbids inline scripts.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

const page = `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>启明 API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/init.js"></script>
  </body>
</html>
`
const init = `window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null, presets: [SwaggerUIBundle.presets.apis] })\n`

export function docs() {
  return {
    name: 'qiming-docs',
    apply: 'build',
    generateBundle() {
      for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
        this.emitFile({ type: 'asset', fileName: 'docs/' + name, source: readFileSync(join(folder, name)) })
      }
      this.emitFile({ type: 'asset', fileName: 'docs/index.html', source: page })
      this.emitFile({ type: 'asset', fileName: 'docs/init.js', source: init })
    },
  }
}
