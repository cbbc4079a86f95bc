// The live board of a quiz: rows that the server sends over an event stream, kept by member.
import { onScopeDispose, ref, shallowRef, triggerRef } from 'vue'
import { call, client } from '@/api/client'
import { serverNow } from '@/api/clock'
import type { components, operations } from '@/api/schema'

export interface BoardRow {
  member_id: string
  attempt_id?: string
  name: string
  org_id: string
  org_name: string
  /** absent, paused, or the state of the attempt */
  state: string
  answered: number
  total: number
  deadline?: string
  ended_at?: string
  contact?: 'live' | 'quiet' | 'lost'
  heard_at?: string
  takeovers?: number
  /** times that the page was left */
  away?: number
  /** seconds given by proctors */
  extended?: number
  /** the newest message for the taker */
  told?: string
  /** the message that was read last */
  read?: string
}
export interface BoardEvent {
  whole: boolean
  now: string
  rows: BoardRow[]
  gone?: string[]
  title?: string
  last?: { id: string; text: string; at: string }
}
export type Ordered = components['schemas']['ExamOrdered']
export type OrderBody = operations['post-quizzes-id-orders']['requestBody']['content']['application/json']

export const giveOrder = (id: string, body: OrderBody): Promise<Ordered> => call(client.POST('/api/v1/quizzes/{id}/orders', { params: { path: { id } }, body }))

export const runs = (row: BoardRow): boolean => row.state === 'open' || row.state === 'overdue' || row.state === 'paused'
/** What a row counts as: absent, running, paused, done. */
export const groupOf = (row: BoardRow): 'absent' | 'running' | 'paused' | 'done' => (row.state === 'absent' ? 'absent' : row.state === 'paused' ? 'paused' : runs(row) ? 'running' : 'done')
/** Rows that deserve a look: held, away, or gone on with on another device. */
export const needsLook = (row: BoardRow): boolean => runs(row) && (row.state === 'paused' || row.contact === 'lost' || row.contact === 'quiet' || (row.takeovers ?? 0) > 0)

/** Rows as a proctor reads them: who is in, who is held or lost, who has handed in, who never came; in each the board's own order. */
export function inOrder(rows: Iterable<BoardRow>): BoardRow[] {
  const parts = { running: [] as BoardRow[], paused: [] as BoardRow[], done: [] as BoardRow[], absent: [] as BoardRow[] }
  for (const row of rows) {
    const group = groupOf(row)
    parts[group === 'running' && row.contact === 'lost' ? 'paused' : group].push(row)
  }
  return [...parts.running, ...parts.paused, ...parts.done, ...parts.absent]
}

export const hasRead = (row: BoardRow): boolean => !!row.told && (row.read ?? '') >= row.told
/** For how many a message is, and how many of them have read it. Ids rise with time. */
export function readersOf(rows: Iterable<BoardRow>, message: string): { n: number; of: number } {
  const sum = { n: 0, of: 0 }
  for (const row of rows) {
    if (row.told !== message) continue
    sum.of++
    if (hasRead(row)) sum.n++
  }
  return sum
}

/** Takes an event into the rows. */
export function takeEvent(rows: Map<string, BoardRow>, event: BoardEvent): void {
  if (event.whole) rows.clear()
  for (const row of event.rows) rows.set(row.member_id, row)
  for (const member of event.gone ?? []) rows.delete(member)
}

export interface Counts {
  due: number
  absent: number
  running: number
  paused: number
  done: number
  lost: number
  look: number
}
export function countRows(rows: Iterable<BoardRow>): Counts {
  const sum: Counts = { due: 0, absent: 0, running: 0, paused: 0, done: 0, lost: 0, look: 0 }
  for (const row of rows) {
    sum.due++
    sum[groupOf(row)]++
    if (row.contact === 'lost') sum.lost++
    if (needsLook(row)) sum.look++
  }
  return sum
}

/** The rows of a window into a long list: the first and the one after the last, with some beside. */
export function windowOf(top: number, height: number, rowHeight: number, count: number, beside = 6): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top / rowHeight) - beside)
  return { from: Math.min(from, count), to: Math.min(count, Math.ceil((top + height) / rowHeight) + beside) }
}

export function useBoard(id: string) {
  const rows = shallowRef(new Map<string, BoardRow>())
  const title = ref('')
  const last = ref<BoardEvent['last']>()
  /** opening, live, waiting (the browser tries again), failed */
  const state = ref<'opening' | 'live' | 'waiting' | 'failed'>('opening')
  const now = ref(serverNow())
  let source: EventSource | undefined

  function open(): void {
    source?.close()
    state.value = rows.value.size ? 'waiting' : 'opening'
    source = new EventSource(`/api/v1/quizzes/${encodeURIComponent(id)}/board`)
    source.addEventListener('rows', (message) => {
      const event = JSON.parse((message as MessageEvent<string>).data) as BoardEvent
      takeEvent(rows.value, event)
      if (event.whole) {
        title.value = event.title ?? ''
        last.value = event.last
      }
      state.value = 'live'
      triggerRef(rows)
    })
    source.onopen = () => {
      if (rows.value.size) state.value = 'live'
    }
    source.onerror = () => (state.value = source?.readyState === EventSource.CLOSED ? 'failed' : 'waiting')
  }
  open()
  const tick = setInterval(() => (now.value = serverNow()), 1_000)
  onScopeDispose(() => {
    clearInterval(tick)
    source?.close()
  })
  return { rows, title, last, state, now, open }
}
