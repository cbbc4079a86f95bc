// A Vite plugin: what PDF needs beside its library, out of our own build: the encodings of Chinese fonts and the standard fonts.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

export function pdf() {
  return {
    name: 'qiming-pdf',
    apply: 'build',
    generateBundle() {
      for (const kind of ['cmaps', 'standard_fonts']) {
        for (const name of readdirSync(join(folder, kind))) {
          this.emitFile({ type: 'asset', fileName: `pdf/${kind}/${name}`, source: readFileSync(join(folder, kind, name)) })
        }
      }
    },
  }
}
