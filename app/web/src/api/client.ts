// The one way to the server: typed from the OpenAPI document, with the CSRF header on writes, the server's clock
// read from every response, and refusals thrown as Problem.
import createClient, { type Middleware } from 'openapi-fetch'
import { noteServerTime } from './clock'
import { Problem, problemOf, unreachable } from './problem'
import type { paths } from './schema'

let csrf = ''
let onSignedOut: (problem: Problem) => void = () => undefined

/** The token of the session, from Me; sent with each write. */
export function setCsrf(token: string): void {
  csrf = token
}

/** Called when the server says that nobody is signed in (any more). */
export function whenSignedOut(act: (problem: Problem) => void): void {
  onSignedOut = act
}

const sentAt = new WeakMap<Request, number>()

/** A page that was opened without a network has no token yet: it is asked for before the first write. */
async function renewCsrf(): Promise<void> {
  const response = await fetch('/api/v1/session', { credentials: 'same-origin' }).catch(() => null)
  if (response?.ok) csrf = ((await response.json()) as { csrf: string }).csrf
}
/** The language of the screen: messages about the rows of a file come in it. */
const language = () => document.documentElement.lang
const open = /\/api\/v1\/(session|setup)$/

const common: Middleware = {
  async onRequest({ request }) {
    const writes = request.method !== 'GET' && request.method !== 'HEAD'
    if (writes && !csrf && !open.test(request.url)) await renewCsrf()
    if (writes && csrf) request.headers.set('X-CSRF-Token', csrf)
    request.headers.set('Accept-Language', language())
    sentAt.set(request, Date.now())
    return request
  },
  onResponse({ request, response }) {
    noteServerTime(Number(response.headers.get('X-Server-Time')), sentAt.get(request) ?? Date.now(), Date.now())
    return undefined
  },
  onError() {
    return unreachable()
  },
}

/** The headers of a write that goes another way than through `client`. `anew`: the token was refused, another is asked for. */
export async function writeHeaders(anew = false): Promise<Record<string, string>> {
  if (anew || !csrf) await renewCsrf()
  return { 'X-CSRF-Token': csrf, 'Accept-Language': language() }
}

export const client = createClient<paths>({ baseUrl: '', credentials: 'same-origin' })
client.use(common)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Awaits a call of `client` and gives its data, or throws a Problem. */
export async function call<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending
  if (response.ok) return data as T
  const problem = problemOf(response.status, error)
  if (response.status === 401) onSignedOut(problem)
  if (problem.code === 'request.csrf') csrf = ''
  throw problem
}

/** The response beside the data, for headers such as ETag. */
export async function callWith<T>(pending: Promise<Answer<T>>): Promise<{ data: T; response: Response }> {
  const answer = await pending
  return { data: await call(Promise.resolve(answer)), response: answer.response }
}

/** The value of If-Match for a document's revision. */
export const ifMatch = (rev: number | string): string => `"${rev}"`

export interface Download {
  blob: Blob
  name: string
  headers: Headers
}

/** Fetches a file of the API (exports), with its name. */
export async function download(path: string): Promise<Download> {
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', headers: { 'Accept-Language': language() } })
  } catch {
    throw unreachable()
  }
  if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null))
  const header = response.headers.get('Content-Disposition') ?? ''
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1]
  const plain = /filename="?([^";]+)"?/i.exec(header)?.[1]
  return { blob: await response.blob(), name: encoded ? decodeURIComponent(encoded) : (plain ?? path.split('/').pop() ?? 'file'), headers: response.headers }
}

/** Uploads a form (multipart), with progress 0..1 and a way to give up. */
export function upload<T>(path: string, form: FormData, progress?: (share: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('X-CSRF-Token', csrf)
    request.setRequestHeader('Accept-Language', language())
    request.responseType = 'json'
    request.upload.onprogress = (event) => progress?.(event.lengthComputable ? event.loaded / event.total : 0)
    request.onload = () => (request.status < 300 ? resolve(request.response as T) : reject(problemOf(request.status, request.response)))
    request.onerror = () => reject(unreachable())
    request.onabort = () => reject(new Problem(0, 'network.cancelled'))
    signal?.addEventListener('abort', () => request.abort())
    request.send(form)
  })
}

/** Hands a file to the reader. Inside WeChat nothing is saved, so every page that uses this also shows the content in the page. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
