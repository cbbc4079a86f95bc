// A server for each worker: the real binary with the demo organisation and data of its own, so that specs beside each other
// share nothing. It ends with its worker, and its data with it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const patience = 120_000 // milliseconds until it serves

/** Starts a server on a free port; gives its address and what ends it. QIMING_E2E_LOG=1 shows what it says. */
export async function serve(): Promise<{ url: string; end: () => Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), 'qiming-e2e-'))
  const server = spawn('../../bin/qiming', ['serve', '--demo', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const end = async () => {
    server.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let text = ''
      let serves = false
      const late = setTimeout(() => reject(new Error(`the server does not serve after ${patience / 1000} s: ${text}`)), patience)
      server.once('error', reject)
      server.once('exit', (code) => reject(new Error(`the server ended (${code}): ${text}`)))
      server.stderr.on('data', (chunk: Buffer) => {
        if (process.env.QIMING_E2E_LOG) process.stderr.write(chunk)
        if (serves) return // what it says is not kept
        text += chunk.toString()
        const found = /"msg":"serving","address":"([^"]+)"/.exec(text)
        if (!found) return
        serves = true
        clearTimeout(late)
        resolve(`http://${found[1]}`)
      })
    })
    return { url, end }
  } catch (cause) {
    await end()
    throw cause
  }
}
