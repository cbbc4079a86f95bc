// The uploads in parts of this browser (tus 1.0). They go on while the reader looks at other pages; after a reload the server
// tells what is unfinished, and the same file, chosen again, goes on where it was.
import type { Upload } from 'tus-js-client'
import { reactive, shallowReactive } from 'vue'
import { call, client, writeHeaders } from '@/api/client'
import { asProblem, Problem, problemOf, unreachable } from '@/api/problem'
import type { components } from '@/api/schema'
import { markOf, nextPart, Rate } from './rate'

export type Incoming = components['schemas']['MediaIncoming']
/** waiting: the network or the server is away, and it goes on by itself; joining: all is sent, and is made one file */
export type TransferState = 'sending' | 'paused' | 'waiting' | 'joining' | 'kept' | 'failed'

export interface Transfer {
  key: number
  id: string // of the server; '' until it is known
  name: string
  size: number
  sent: number
  /** bytes per second; 0 = not known */
  rate: number
  state: TransferState
  problem?: Problem
  fileId?: string
  orgId: string
}

/** What is under way or just over, the newest first. */
export const transfers = reactive<Transfer[]>([])

interface Engine {
  upload?: Upload
  rate: Rate
  timer?: ReturnType<typeof setTimeout>
}
const engines = shallowReactive(new Map<number, Engine>())
let last = 0
const firstPart = 1024 * 1024
const delays = [0, 1_000, 3_000, 5_000]
/** When an upload whose network is away is tried again by itself, ms. */
const retryAfter = 10_000

/** Begins to send a file; `from` is an upload of the server that it goes on with. */
export function send(file: File, orgId: string, from?: Incoming): Transfer {
  transfers.unshift({ key: ++last, id: from?.id ?? '', name: file.name, size: file.size, sent: from?.offset ?? 0, rate: 0, state: 'sending', orgId })
  const transfer = transfers[0]! // the reactive one
  engines.set(transfer.key, { rate: new Rate() })
  void open(transfer, file, from)
  return transfer
}

async function open(transfer: Transfer, file: File, from?: Incoming): Promise<void> {
  const engine = engines.get(transfer.key)!
  try {
    const tus = await import('tus-js-client')
    let begun = Date.now()
    let renew = false
    const upload = new tus.Upload(file, {
      endpoint: '/api/v1/uploads',
      uploadUrl: from ? `/api/v1/uploads/${from.id}` : null,
      chunkSize: firstPart,
      retryDelays: delays,
      storeFingerprintForResuming: false,
      metadata: { filename: file.name, org_id: transfer.orgId, mark: markOf(file) },
      onBeforeRequest: async (request) => {
        for (const [name, value] of Object.entries(await writeHeaders(renew))) request.setHeader(name, value)
        renew = false
        begun = Date.now()
      },
      onAfterResponse: (request, response) => {
        const location = response.getHeader('Location')
        if (request.getMethod() === 'POST' && location) transfer.id = location.split('/').pop() ?? ''
      },
      onShouldRetry: (error) => {
        const problem = problemFrom(error)
        renew = problem.code === 'request.csrf'
        return renew || passing(problem)
      },
      onProgress: (sent) => {
        transfer.sent = sent
        engine.rate.add(sent, Date.now())
        transfer.rate = engine.rate.perSecond
        if (transfer.state === 'waiting') transfer.state = 'sending'
      },
      onChunkComplete: (size) => {
        upload.options.chunkSize = nextPart(size, Date.now() - begun)
        transfer.problem = undefined
      },
      onSuccess: () => void join(transfer),
      onError: (error) => fail(transfer, problemFrom(error)),
    })
    engine.upload = upload
    if (transfer.state === 'sending') upload.start()
  } catch (cause) {
    fail(transfer, asProblem(cause))
  }
}

/** A refusal of the protocol as every other is told. */
function problemFrom(error: unknown): Problem {
  const response = (error as { originalResponse?: { getStatus(): number; getBody(): string } | null }).originalResponse
  if (!response || response.getStatus() === 0) return unreachable()
  let body: unknown = null
  try {
    body = JSON.parse(response.getBody())
  } catch {
    // No problem document: a proxy between.
  }
  return problemOf(response.getStatus(), body)
}

/** What passes by itself: the network, a server that starts anew or whose disk is full, a part that another request sent. */
const passing = (problem: Problem): boolean => problem.status === 0 || problem.status >= 500 || [423, 429, 460].includes(problem.status) || problem.code === 'upload.offset'

/** What the file itself is refused for: going on would not help, unlike with a quota that somebody makes room in. */
const neverTaken = (problem: Problem): boolean => problem.status === 422 && problem.code.startsWith('media.') && problem.code !== 'media.quota'

function fail(transfer: Transfer, problem: Problem): void {
  transfer.problem = problem
  transfer.rate = 0
  engines.get(transfer.key)?.rate.clear()
  if (transfer.state !== 'sending' && transfer.state !== 'waiting') return
  transfer.state = passing(problem) ? 'waiting' : 'failed'
  if (transfer.state === 'waiting') later(transfer, () => restart(transfer), retryAfter)
  else if (transfer.id && neverTaken(problem)) void drop(transfer.id).catch(() => undefined) // the server lets it go after its week
}

function later(transfer: Transfer, act: () => void, ms: number): void {
  const engine = engines.get(transfer.key)
  if (!engine) return
  clearTimeout(engine.timer)
  engine.timer = setTimeout(act, ms)
}

function restart(transfer: Transfer): void {
  if (transfer.state === 'waiting') engines.get(transfer.key)?.upload?.start()
}
if (typeof window !== 'undefined') window.addEventListener('online', () => transfers.forEach(restart))

export function pause(transfer: Transfer): void {
  transfer.state = 'paused'
  transfer.rate = 0
  const engine = engines.get(transfer.key)
  clearTimeout(engine?.timer)
  engine?.rate.clear()
  void engine?.upload?.abort()
}

export function goOn(transfer: Transfer): void {
  transfer.problem = undefined
  if (transfer.sent === transfer.size && transfer.id) {
    void finish(transfer)
    return
  }
  transfer.state = 'sending'
  engines.get(transfer.key)?.upload?.start()
}

/** Gives a transfer up; what the server has of it is removed. */
export async function cancel(transfer: Transfer): Promise<void> {
  const engine = engines.get(transfer.key)
  clearTimeout(engine?.timer)
  await engine?.upload?.abort()
  if (transfer.id && transfer.state !== 'kept') await drop(transfer.id)
  dismiss(transfer)
}

/** Removes what the server has of an upload. One that is gone already is well gone. */
export async function drop(id: string): Promise<void> {
  try {
    await call(client.DELETE('/api/v1/uploads/{id}', { params: { path: { id } } }))
  } catch (cause) {
    if (![404, 410].includes(asProblem(cause).status)) throw cause
  }
}

/** Takes a transfer that is over off the list. */
export function dismiss(transfer: Transfer): void {
  engines.delete(transfer.key)
  const at = transfers.findIndex((one) => one.key === transfer.key)
  if (at >= 0) transfers.splice(at, 1)
}

/** Asks again for room for what was refused for want of it. */
async function finish(transfer: Transfer): Promise<void> {
  transfer.state = 'joining'
  try {
    await call(client.POST('/api/v1/uploads/{id}/finish', { params: { path: { id: transfer.id } } }))
  } catch (cause) {
    if (asProblem(cause).code !== 'upload.not_whole') {
      transfer.problem = asProblem(cause)
      transfer.state = 'failed'
      return
    }
  }
  await join(transfer)
}

/** Waits until the server has made one file of the parts. */
async function join(transfer: Transfer): Promise<void> {
  transfer.state = 'joining'
  transfer.sent = transfer.size
  transfer.rate = 0
  try {
    const upload = await call(client.GET('/api/v1/uploads/{id}', { params: { path: { id: transfer.id } } }))
    if (upload.state === 'kept') {
      transfer.fileId = upload.file_id
      transfer.state = 'kept'
    } else if (upload.state === 'refused') {
      transfer.problem = new Problem(422, upload.refusal ?? '', upload.params ?? {})
      transfer.state = 'failed'
    } else {
      later(transfer, () => void join(transfer), 1_000)
    }
  } catch (cause) {
    const problem = asProblem(cause)
    if (!passing(problem)) {
      transfer.problem = problem
      transfer.state = 'failed'
    } else {
      later(transfer, () => void join(transfer), retryAfter)
    }
  }
}

/** The unfinished uploads of this account that no transfer of this page goes on with. */
export async function unfinished(): Promise<Incoming[]> {
  const { items } = await call(client.GET('/api/v1/uploads'))
  return items.filter((upload) => !transfers.some((one) => one.id === upload.id))
}

/** Whether a chosen file is the one that an unfinished upload began with. */
export const isSame = (upload: Incoming, file: File): boolean => upload.length === file.size && (!upload.mark || upload.mark === markOf(file))

/** Seconds that are left at the rate of now; undefined = not known. */
export const remains = (transfer: Transfer): number | undefined => (transfer.rate > 0 ? Math.ceil((transfer.size - transfer.sent) / transfer.rate) : undefined)
