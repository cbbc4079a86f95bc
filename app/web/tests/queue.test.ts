import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import type { AnswerResponse, SaveResult } from '@/api/types'
import { AnswerQueue, batchSize, isBlank, isTyped, pauses, type Entry } from '@/exam/queue'
import { ExamStorage } from '@/exam/storage'

const attempt = 'quiz:member:1'
const choose = (...ids: string[]): AnswerResponse => ({ choices: ids })
const empty = { session: 's1', answers: [], last_client_seq: 0 }

/** A server that keeps its promises: idempotent by (session, client_seq), one answering session, late after the end. */
class Server {
  steps: { seq: number; session: string; entry: Entry; late: boolean }[] = []
  requests = 0
  session = 's1'
  online = true
  loseReply = 0
  ended = false
  refuse: ((entry: Entry) => boolean) | null = null

  send = async (session: string, entries: Entry[]): Promise<SaveResult> => {
    this.requests++
    await Promise.resolve()
    if (!this.online) throw new Problem(0, 'network.unreachable')
    if (session !== this.session) throw new Problem(409, 'attempt.other_session')
    if (this.refuse && entries.some(this.refuse)) throw new Problem(422, 'response.too_long')
    const receipts = entries.map((entry) => {
      let step = this.steps.find((one) => one.session === session && one.entry.client_seq === entry.client_seq)
      if (!step) {
        step = { seq: this.steps.length + 1, session, entry, late: this.ended }
        this.steps.push(step)
      }
      return { client_seq: entry.client_seq, slot: entry.slot, seq: step.seq, receipt: `r${step.seq}`, at: entry.client_at, late: step.late }
    })
    if (this.loseReply > 0) {
      this.loseReply--
      throw new Problem(0, 'network.unreachable')
    }
    return { server_time: '', state: this.ended ? 'expired' : 'open', receipts }
  }
  answer(slot: number): AnswerResponse | undefined {
    return this.steps.filter((step) => step.entry.slot === slot && !step.late).at(-1)?.entry.response
  }
}

let server: Server
let store: ExamStorage
let waits: number[]
let release: (() => void)[]
let now: number

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  server = new Server()
  store = await ExamStorage.open()
  waits = []
  release = []
  now = Date.parse('2026-03-05T06:30:00Z')
})

/** A page: a queue on the device's storage. Pauses last until `poke`. */
function page(storage: ExamStorage = store): AnswerQueue {
  return new AnswerQueue({
    attempt,
    store: storage,
    send: server.send,
    now: () => now,
    wait: (ms) => {
      waits.push(ms)
      return new Promise((resolve) => release.push(resolve))
    },
    changed: () => undefined,
  })
}
const poke = () => release.splice(0).forEach((go) => go())
const until = async (met: () => boolean) => {
  for (let i = 0; i < 500; i++) {
    if (met()) return
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error('never happened')
}

describe('an answer', () => {
  it('is on the device before it is sent', async () => {
    server.online = false
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('b'))
    expect((await store.pending(attempt)).map((e) => [e.slot, e.response.choices, e.client_seq])).toEqual([[1, ['b'], 1]])
    expect(queue.slot(1)).toBe('pending')
  })

  it('is saved only with the receipt, and then leaves the device', async () => {
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('b'))
    await queue.drain()
    expect(queue.slot(1)).toBe('saved')
    expect(queue.answers.get(1)?.receipt).toBe('r1')
    expect(queue.state).toBe('saved')
    expect(await store.pending(attempt)).toEqual([])
  })

  it('goes out in the order given, numbered from one', async () => {
    const queue = page()
    await queue.adopt(empty)
    await Promise.all([queue.answer(3, choose('a')), queue.answer(1, choose('b')), queue.answer(2, choose('c')), queue.answer(3, choose('d'))])
    await queue.drain()
    expect(server.steps.map((s) => [s.entry.client_seq, s.entry.slot])).toEqual([[1, 3], [2, 1], [3, 2], [4, 3]])
    expect(server.answer(3)).toEqual(choose('d'))
  })

  it('replaces the unsent answer of the same slot just before it', async () => {
    server.online = false
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, { text: 'a' })
    await until(() => waits.length === 1)
    await queue.answer(1, { text: 'ab' })
    await queue.answer(1, { text: 'abc' })
    server.online = true
    poke()
    await queue.drain()
    expect(server.steps.map((s) => s.entry.response.text)).toEqual(['abc'])
  })

  it('typing is kept at once and sent when asked', async () => {
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, { text: 'a' }, false)
    await queue.answer(1, { text: 'ab' }, false)
    expect((await store.pending(attempt)).map((e) => e.response.text)).toEqual(['ab'])
    expect([server.requests, queue.state]).toEqual([0, 'saving'])
    await queue.drain()
    expect(server.steps.map((s) => s.entry.response.text)).toEqual(['ab'])
  })

  it('changed after a lost reply goes out under a new number', async () => {
    server.loseReply = 1
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await until(() => waits.length === 1)
    await queue.answer(1, choose('b'))
    poke()
    await queue.drain()
    expect(server.steps.map((s) => [s.entry.client_seq, s.entry.response.choices])).toEqual([[1, ['a']], [2, ['b']]])
    expect(await store.pending(attempt)).toEqual([])
  })

  it('never replaces one that is on its way', async () => {
    const queue = page()
    await queue.adopt(empty)
    void queue.answer(1, choose('a'))
    await until(() => server.requests === 1)
    await queue.answer(1, choose('b'))
    await queue.drain()
    expect(server.steps.map((s) => s.entry.response.choices)).toEqual([['a'], ['b']])
    expect(queue.answers.get(1)).toMatchObject({ state: 'saved', receipt: 'r2' })
  })

  it('travels in batches, in order', async () => {
    server.online = false
    const queue = page()
    await queue.adopt(empty)
    for (let slot = 1; slot <= batchSize + 1; slot++) await queue.answer(slot, choose('a'))
    server.online = true
    server.requests = 0
    poke()
    await queue.drain()
    expect(server.requests).toBe(2)
    expect(server.steps.map((s) => s.entry.slot)).toEqual(Array.from({ length: batchSize + 1 }, (_, i) => i + 1))
  })
})

describe('without a network', () => {
  it('says offline, keeps answering possible, and tries again with longer pauses', async () => {
    server.online = false
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    for (let i = 1; i <= pauses.length + 1; i++) {
      await until(() => waits.length === i)
      if (i === 2) await queue.answer(2, choose('b'))
      expect(queue.state).toBe('offline')
      poke()
    }
    expect(waits).toEqual([...pauses, pauses.at(-1)])
    server.online = true
    await queue.drain()
    expect(queue.state).toBe('saved')
    expect([server.answer(1), server.answer(2)]).toEqual([choose('a'), choose('b')])
  })

  it('a lost reply makes no second step', async () => {
    server.loseReply = 1
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await until(() => waits.length === 1)
    expect(queue.slot(1)).toBe('pending')
    poke()
    await queue.drain()
    expect(server.steps).toHaveLength(1)
    expect(queue.slot(1)).toBe('saved')
  })

  it('waits as long as the server asks', async () => {
    const queue = page()
    const send = server.send
    let first = true
    server.send = async (session, entries) => {
      if (first) {
        first = false
        throw new Problem(429, 'rate.exceeded', { retry_after: 30 })
      }
      return send(session, entries)
    }
    const slow = new AnswerQueue({ attempt, store, send: (s, e) => server.send(s, e), now: () => now, wait: async (ms) => void waits.push(ms), changed: () => undefined })
    queue.close()
    await slow.adopt(empty)
    await slow.answer(1, choose('a'))
    await slow.drain()
    expect(waits).toEqual([30_000])
    expect(slow.slot(1)).toBe('saved')
  })
})

describe('what the server has an answer of', () => {
  it('an item whose later change was not sent is among it, on this page and after a reload without the server', async () => {
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await queue.drain()
    expect([queue.received, queue.behind]).toEqual([1, 0])
    server.online = false
    now += 1000
    await queue.answer(1, choose('b'))
    await queue.answer(2, choose('c'))
    await until(() => waits.length === 1)
    expect([queue.slot(1), queue.received, queue.behind, queue.pending]).toEqual(['pending', 1, 1, 2])
    expect(queue.known.answers).toMatchObject([{ slot: 1, response: choose('a'), client_seq: 1, receipt: 'r1', late: false }])
    queue.close()
    const again = page()
    await again.adopt({ ...empty, ...queue.known })
    expect([again.answers.get(1)?.response, again.received, again.behind]).toEqual([choose('b'), 1, 1])
    server.online = true
    await again.drain()
    expect([again.received, again.behind, again.slot(1)]).toEqual([2, 0, 'saved'])
  })

  it('a change that was made while the first answer was on its way is behind it', async () => {
    const queue = page()
    await queue.adopt(empty)
    server.refuse = (entry) => {
      if (server.requests === 1) void queue.answer(1, choose('b'))
      return entry.response.choices?.[0] === 'b'
    }
    void queue.answer(1, choose('a'))
    await until(() => queue.slot(1) === 'refused')
    expect([queue.received, queue.behind]).toEqual([1, 1])
  })

  it('a change that came late leaves the one in time; a blank one is no answer', async () => {
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await queue.answer(2, {})
    await queue.drain()
    server.ended = true
    await queue.answer(1, choose('b'))
    await queue.drain()
    expect([queue.slot(1), queue.received, queue.behind, queue.known.answers.map((one) => one.response)]).toEqual(['late', 2, 0, [choose('a'), {}]])
    server.online = false
    await queue.answer(2, choose('c'))
    expect([queue.received, queue.behind]).toEqual([1, 0])
  })
})

describe('after a reload', () => {
  it('sends what was kept, under the same numbers', async () => {
    server.online = false
    const before = page()
    await before.adopt(empty)
    await before.answer(1, choose('a'))
    await before.answer(2, choose('b'))
    before.close()
    server.online = true
    const after = page(await ExamStorage.open())
    await after.adopt(empty)
    expect(after.answers.get(2)?.response).toEqual(choose('b'))
    await after.drain()
    expect(server.steps.map((s) => s.entry.client_seq)).toEqual([1, 2])
    expect(await store.pending(attempt)).toEqual([])
    await after.answer(3, choose('c'))
    await after.drain()
    expect(server.steps.at(-1)?.entry.client_seq).toBe(3)
  })

  it('drops what the server had received before the browser was killed', async () => {
    server.loseReply = 1
    const before = page()
    await before.adopt(empty)
    await before.answer(1, choose('a'))
    await until(() => waits.length === 1)
    before.close()
    const after = page()
    const dropped = await after.adopt({ session: 's1', last_client_seq: 1, answers: [{ slot: 1, response: choose('a'), seq: 1, client_seq: 1, at: new Date(now).toISOString(), receipt: 'r1' }] })
    await after.drain()
    expect(dropped).toBe(0)
    expect(after.slot(1)).toBe('saved')
    expect(server.requests).toBe(1)
  })

  /** The page opened again, where the server has the earlier answer since later than the change was given, sends the change. */
  async function newer(session: string): Promise<void> {
    server.session = session
    const after = page()
    const arrived = new Date(now + 20_000).toISOString()
    const dropped = await after.adopt({ session, last_client_seq: session === 's1' ? 1 : 0, answers: [{ slot: 1, response: choose('a'), seq: 1, client_seq: 1, at: arrived, receipt: 'r1' }] })
    await after.drain()
    expect(dropped).toBe(0)
    expect(server.answer(1)).toEqual(choose('b'))
  }

  // An answer may be long on its way. Its change was given before the server had it, and is the newer one all the same.
  for (const [name, session] of [['in the same session', 's1'], ['after taking over again', 's3']] as const) {
    it(`a change that was given while the answer was on its way is sent, ${name}`, async () => {
      server.loseReply = 1
      const before = page()
      await before.adopt(empty)
      await before.answer(1, choose('a'))
      await until(() => waits.length === 1)
      now += 10_000
      await before.answer(1, choose('b'), false)
      before.close()
      await newer(session)
    })

    it(`so is one that waited when the answer was acknowledged, ${name}`, async () => {
      const before = page()
      await before.adopt(empty)
      const sent = before.answer(1, choose('a'))
      await sent
      now += 10_000
      await before.answer(1, choose('b'), false)
      await until(() => before.answers.get(1)?.before !== undefined)
      before.close()
      await store.put({ ...(await store.pending(attempt)).at(-1)! }) // what was kept is on the device
      expect((await store.pending(attempt)).map((one) => one.response)).toEqual([choose('b')])
      await newer(session)
    })
  }

  it('numbers on from the server when the device kept nothing', async () => {
    const queue = page()
    await queue.adopt({ session: 's1', last_client_seq: 41, answers: [] })
    await queue.answer(1, choose('a'))
    await queue.drain()
    expect(server.steps[0]?.entry.client_seq).toBe(42)
  })
})

describe('another device', () => {
  it('stops this one, which keeps its answer', async () => {
    const queue = page()
    await queue.adopt(empty)
    server.session = 's2'
    await queue.answer(1, choose('a'))
    await queue.drain()
    expect(queue.stop).toBe('other_session')
    expect(queue.slot(1)).toBe('pending')
    expect(await store.pending(attempt)).toHaveLength(1)
  })

  it('taking over again sends what was kept under new numbers', async () => {
    const queue = page()
    await queue.adopt(empty)
    server.session = 's2'
    await queue.answer(1, choose('a'))
    await queue.answer(2, choose('b'))
    await queue.drain()
    server.session = 's3'
    server.online = false
    const dropped = await queue.adopt({ session: 's3', last_client_seq: 1, answers: [] })
    await until(() => waits.length === 1)
    expect((await store.pending(attempt)).map((e) => [e.session, e.client_seq, e.slot])).toEqual([['s3', 3, 1], ['s3', 4, 2]])
    server.online = true
    poke()
    await queue.drain()
    expect(dropped).toBe(0)
    expect(server.steps.map((s) => [s.session, s.entry.client_seq, s.entry.slot])).toEqual([['s3', 3, 1], ['s3', 4, 2]])
    expect(await store.pending(attempt)).toEqual([])
  })

  it('its newer answer stands; an older one that waited here is dropped and counted', async () => {
    const queue = page()
    await queue.adopt(empty)
    server.session = 's2'
    await queue.answer(1, choose('a'))
    await queue.answer(2, choose('b'))
    await queue.drain()
    server.session = 's3'
    const later = new Date(now + 1).toISOString()
    const earlier = new Date(now - 1).toISOString()
    const dropped = await queue.adopt({
      session: 's3',
      last_client_seq: 2,
      answers: [
        { slot: 1, response: choose('z'), seq: 1, client_seq: 1, at: later, receipt: 'x' },
        { slot: 2, response: choose('y'), seq: 2, client_seq: 2, at: earlier, receipt: 'y' },
      ],
    })
    await queue.drain()
    expect(dropped).toBe(1)
    expect(queue.answers.get(1)?.response).toEqual(choose('z'))
    expect(server.steps.map((s) => [s.entry.slot, s.entry.response.choices])).toEqual([[2, ['b']]])
  })
})

describe('the server says', () => {
  it('stale: a tab left behind stops and keeps its answer', async () => {
    const queue = new AnswerQueue({ attempt, store, send: async () => Promise.reject(new Problem(409, 'attempt.stale')), now: () => now, wait: async () => undefined, changed: () => undefined })
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await queue.drain()
    expect(queue.stop).toBe('stale')
    expect(await store.pending(attempt)).toHaveLength(1)
  })

  it('stale: with the newer sheet the tab numbers on and its newer answer stands', async () => {
    const queue = page()
    await queue.adopt(empty)
    server.online = false
    await queue.answer(1, choose('a'))
    await queue.answer(2, choose('b'))
    await until(() => waits.length === 1)
    queue.close()
    server.online = true
    const again = page()
    const earlier = new Date(now - 1000).toISOString()
    // The other tab used the numbers 1 and 2 for slots 2 and 3.
    await again.adopt({ session: 's1', last_client_seq: 2, answers: [
      { slot: 2, response: choose('y'), seq: 1, client_seq: 1, at: earlier, receipt: 'x' },
      { slot: 3, response: choose('z'), seq: 2, client_seq: 2, at: earlier, receipt: 'y' },
    ] })
    await again.drain()
    expect(server.steps.map((s) => [s.entry.client_seq, s.entry.slot, s.entry.response.choices])).toEqual([[3, 1, ['a']], [4, 2, ['b']]])
  })

  it('nobody is signed in: stops, and goes on after signing in', async () => {
    let signedIn = false
    const queue = new AnswerQueue({ attempt, store, send: async (s, e) => (signedIn ? server.send(s, e) : Promise.reject(new Problem(401, 'session.absent'))), now: () => now, wait: async () => undefined, changed: () => undefined })
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await queue.drain()
    expect([queue.stop, queue.state]).toEqual(['signed_out', 'offline'])
    signedIn = true
    await queue.adopt(empty)
    await queue.drain()
    expect(queue.slot(1)).toBe('saved')
  })

  it.each([403, 408, 409, 500, 503])('%d, which is not about the answer: it is kept and tried again', async (status) => {
    let tries = 0
    const queue = new AnswerQueue({ attempt, store, send: async (s, e) => (++tries < 3 ? Promise.reject(new Problem(status, 'whatever')) : server.send(s, e)), now: () => now, wait: async (ms) => void waits.push(ms), changed: () => undefined })
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await queue.drain()
    expect(waits).toHaveLength(2)
    expect(queue.slot(1)).toBe('saved')
  })

  it('late: the answer was kept with its time and does not count', async () => {
    const queue = page()
    await queue.adopt(empty)
    server.ended = true
    await queue.answer(1, choose('a'))
    await queue.drain()
    expect(queue.slot(1)).toBe('late')
    expect(queue.pending).toBe(0)
    expect(server.answer(1)).toBeUndefined()
  })

  it('refused: one bad answer is set aside and the others go on', async () => {
    server.online = false
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await queue.answer(2, { text: 'far too long' })
    await queue.answer(3, choose('c'))
    server.refuse = (entry) => entry.slot === 2
    server.online = true
    await until(() => waits.length > 0)
    poke()
    await queue.drain()
    expect([1, 2, 3].map((slot) => queue.slot(slot))).toEqual(['saved', 'refused', 'saved'])
    expect(queue.state).toBe('saved')
  })
})

describe('going on to the next section', () => {
  it('comes after the answers that wait, is no answer, and is never replaced', async () => {
    server.online = false
    const queue = page()
    await queue.adopt(empty)
    await queue.answer(1, choose('a'))
    await queue.goOn(2)
    await queue.answer(3, choose('b'))
    await queue.goOn(3)
    await queue.goOn(4)
    expect([queue.ahead, queue.pending, queue.answers.size, queue.slot(0)]).toEqual([4, 5, 2, 'none'])
    server.online = true
    await until(() => waits.length > 0)
    poke()
    await queue.drain()
    expect(server.steps.map((step) => [step.entry.slot, step.entry.section ?? 0])).toEqual([[1, 0], [0, 2], [3, 0], [0, 3], [0, 4]])
    expect([queue.ahead, queue.answers.get(3)?.seq, queue.known.answers.map((one) => one.slot)]).toEqual([0, 3, [1, 3]])
  })

  it('survives a reload before the server has heard of it', async () => {
    server.online = false
    const queue = page()
    await queue.adopt(empty)
    await queue.goOn(2)
    queue.close()
    const again = page()
    await again.adopt(empty)
    expect([again.ahead, again.answers.size]).toEqual([2, 0])
  })
})

it('a device that keeps nothing still sends', async () => {
  const broken = { pending: async () => Promise.reject(new Error('no storage')), put: async () => Promise.reject(new Error('full')), remove: async () => Promise.reject(new Error('full')) }
  const queue = new AnswerQueue({ attempt, store: broken, send: server.send, now: () => now, wait: async () => undefined, changed: () => undefined })
  await queue.adopt(empty)
  await queue.answer(1, choose('a'))
  await queue.drain()
  expect([queue.durable, queue.slot(1)]).toEqual([false, 'saved'])
})

it('knows an answer that says nothing', () => {
  expect([undefined, {}, { choices: [] }, { texts: ['', ' '] }, { text: ' ' }].map((r) => isBlank(r))).toEqual([true, true, true, true, true])
  expect([{ truth: false }, { choices: ['a'] }, { texts: ['', 'x'] }, { text: 'x' }, { text: '', files: ['f'] }].map((r) => isBlank(r))).toEqual([false, false, false, false, false])
  expect([{ subs: [] }, { subs: [{}, { texts: [''] }] }, { subs: [{}, { choices: ['a'] }] }, { subs: [{ subs: [{ text: 'x' }] }] }].map((r) => isBlank(r))).toEqual([true, true, false, false])
})

it('what is typed, also in a gap, is sent when the typing rests', () => {
  expect([{ text: '' }, { texts: ['x'] }, { subs: [{}, { texts: ['x'] }] }, { choices: ['a'] }, { subs: [{ choices: ['a'] }, {}] }].map(isTyped)).toEqual([true, true, true, false, false])
})

it('answers that differ in one gap are not the same', async () => {
  const mine = { subs: [{ choices: ['a'] }, {}] }
  const entry: Entry = { attempt, session: 's1', client_seq: 2, slot: 1, response: mine, client_at: new Date(now + 1000).toISOString() }
  for (const [response, dropped] of [[{ subs: [{ choices: ['a'] }, {}] }, true], [{ subs: [{ choices: ['b'] }, {}] }, false]] as const) {
    await store.put(entry)
    server.online = false
    const q = page()
    await q.adopt({ ...empty, answers: [{ slot: 1, response: { subs: response.subs.map((one) => ({ ...one })) as AnswerResponse[] }, client_seq: 1, receipt: 'r', at: new Date(now).toISOString() }] as never })
    expect(q.pending).toBe(dropped ? 0 : 1)
    q.close()
    await store.remove(attempt, [2])
  }
})
