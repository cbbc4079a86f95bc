// The types of the API: asks the server for its OpenAPI document (from the source, or the built binary) and turns it into
// src/api/schema.d.ts. Nothing is written when the document has not changed.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')
const root = join(web, '..', '..')
const document = join(web, 'openapi.json')
const types = join(web, 'src', 'api', 'schema.d.ts')

// QIMING_OPENAPI=keep uses the document that is there, for machines without Go.
if (process.env.QIMING_OPENAPI !== 'keep' || !existsSync(document)) {
  const text = execFileSync('go', ['run', './cmd/qiming', 'openapi'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  const before = existsSync(document) ? readFileSync(document, 'utf8') : ''
  if (before === text && existsSync(types)) process.exit(0)
  writeFileSync(document, text)
}
mkdirSync(dirname(types), { recursive: true })
writeFileSync(types, astToString(await openapiTS(JSON.parse(readFileSync(document, 'utf8')))))
