// The answers on their way to the server. Pure of network, storage and clock: all three are handed in.
//
// An answer is written to the device first, then sent in order, numbered by client_seq. It leaves the queue only when the
// server has given its receipt, so that a reload, a dead network or a killed browser loses nothing; sending the same
// (session, client_seq) twice is harmless on the server. What the server refuses is set aside and never blocks the rest.
import { Problem } from '@/api/problem'
import type { AnswerResponse, SaveResult, Sheet } from '@/api/types'

/** One answer not yet acknowledged. */
export interface Entry {
  attempt: string
  /** the answering session it was numbered for */
  session: string
  client_seq: number
  /** from 1; 0 with section */
  slot: number
  /** no answer: the taker goes on to this section, from 1 */
  section?: number
  response: AnswerResponse
  /** when it was given, by the server's clock as this device knew it (RFC 3339) */
  client_at: string
  /** the server's number of the answer of the slot that this one comes after, as far as the device knew; absent = none */
  over?: number
  /** earlier forms of this answer that it took the place of, and that the server may have all the same: their replies were lost */
  sent?: Pick<Entry, 'client_seq' | 'response'>[]
}

/** Where the entries are kept on the device. */
export interface EntryStore {
  pending(attempt: string): Promise<Entry[]>
  put(entry: Entry): Promise<void>
  remove(attempt: string, seqs: number[]): Promise<void>
}

export type SlotState = 'none' | 'pending' | 'saved' | 'late' | 'refused'

export interface SlotAnswer {
  response: AnswerResponse
  state: SlotState
  client_seq: number
  /** the server's number of the answer, once it has it */
  seq?: number
  /** the server's receipt and time, once acknowledged */
  receipt?: string
  at?: string
  /** why it was refused */
  problem?: Problem
  /** what the server acknowledged before, while this one waits, was refused or came late */
  before?: Acknowledged
}

export type Acknowledged = Sheet['answers'][number]

/** saved: all acknowledged. saving: on the way. offline: kept here, retrying. The rest need the reader. */
export type SaveState = 'saved' | 'saving' | 'offline'
/** other_session: another device answers now. stale: a newer answer of the same slot is on the server. signed_out: sign in again. ended: the attempt takes no answers. */
export type Stop = 'other_session' | 'stale' | 'signed_out' | 'ended'

export interface QueueDeps {
  attempt: string
  store: EntryStore
  send: (session: string, entries: Entry[]) => Promise<SaveResult>
  /** now by the server's clock, ms */
  now: () => number
  /** resolves after ms, or at once when poked */
  wait: (ms: number) => Promise<void>
  changed: () => void
  /** some answers were acknowledged: the device notes that before it forgets that they waited */
  acknowledged?: () => Promise<void>
  /** every answer of the server, for its state and deadline */
  heard?: (result: SaveResult) => void
}

/** Answers sent in one request. */
export const batchSize = 20
/** Earlier forms that are kept of an answer. */
const forms = 8
/** Pauses between tries, ms; the last one repeats. */
export const pauses = [1_000, 2_000, 4_000, 8_000, 15_000]

const stops: Record<string, Stop> = {
  'attempt.other_session': 'other_session',
  'attempt.stale': 'stale',
  'attempt.closed': 'ended',
  'attempt.ended': 'ended',
  'attempt.void': 'ended',
}

/** Only what says that the answer itself cannot be taken sets it aside; all else is tried again. */
const refusals = [400, 413, 422]

export const isBlank = (r: AnswerResponse | undefined): boolean =>
  !r ||
  (!r.choices?.length && r.truth == null && !r.texts?.some((text) => text.trim() !== '') && !(r.text ?? '').trim() && !Object.keys(r.pairs ?? {}).length && !r.files?.length && (r.subs ?? []).every(isBlank))

/** Whether the answer holds what is typed: it is sent when the typing rests. */
export const isTyped = (r: AnswerResponse): boolean => r.text !== undefined || r.texts !== undefined || (r.subs ?? []).some(isTyped)

/** The answer of an item that the server has: the last acknowledged one that came in time, where there is one. */
function acknowledged(slot: number, one: SlotAnswer | undefined): Acknowledged | undefined {
  if (!one || one.receipt === undefined || (one.state === 'late' && one.before)) return one?.before
  return { slot, response: one.response, seq: one.seq ?? 0, client_seq: one.client_seq, at: one.at ?? '', receipt: one.receipt, late: one.state === 'late' }
}
const hadAnswer = (one: SlotAnswer): boolean => !!one.before && !one.before.late && !isBlank(one.before.response)

const same = (a: AnswerResponse, b: AnswerResponse): boolean => JSON.stringify(tidy(a)) === JSON.stringify(tidy(b))
const tidy = (r: AnswerResponse): object => ({
  choices: r.choices ?? [],
  pairs: Object.entries(r.pairs ?? {}).sort(),
  unit: r.unit ?? '',
  truth: r.truth ?? null,
  texts: r.texts ?? [],
  text: r.text ?? '',
  files: r.files ?? [],
  subs: (r.subs ?? []).map(tidy),
})

/** Whether the server's answer is one that this device sent before the entry. */
const sentBefore = (theirs: Acknowledged, entry: Entry, kept: Entry[]): boolean =>
  [...(entry.sent ?? []), ...kept.filter((one) => one.slot === entry.slot && one.session === entry.session)].some((one) => one.client_seq === theirs.client_seq && one.client_seq < entry.client_seq && same(one.response, theirs.response))

export class AnswerQueue {
  readonly answers = new Map<number, SlotAnswer>()
  stop: Stop | null = null
  /** false when the device keeps nothing (private mode, full storage) */
  durable = true
  private entries: Entry[] = []
  private inFlight = 0
  private readonly tried = new Set<Entry>() // those that were sent once at least
  private failures = 0
  private draining: Promise<void> | null = null
  private chain: Promise<void> = Promise.resolve()
  private session = ''
  private lastSeq = 0
  private closed = false

  constructor(private readonly deps: QueueDeps) {}

  get state(): SaveState {
    if (this.entries.length === 0) return 'saved'
    return this.failures > 0 || this.stop ? 'offline' : 'saving'
  }
  get pending(): number {
    return this.entries.length
  }
  slot(slot: number): SlotState {
    return this.answers.get(slot)?.state ?? 'none'
  }
  /** Of how many items the server has an answer that came in time, be it not the last one. */
  get received(): number {
    return [...this.answers.values()].filter((one) => one.state === 'saved' || hadAnswer(one)).length
  }
  /** Of how many of those a later change has not arrived. */
  get behind(): number {
    return [...this.answers.values()].filter((one) => (one.state === 'pending' || one.state === 'refused') && hadAnswer(one)).length
  }
  /** the section that the taker goes on to, 0 = none waits */
  get ahead(): number {
    return Math.max(0, ...this.entries.map((entry) => entry.section ?? 0))
  }

  /**
   * Takes over a sheet of the server: its answers, then those of this device that the server does not have.
   * Entries whose number the server would not take (another session, or a number it has seen) get new numbers; one that
   * is older than the server's answer of its slot (another device or tab answered since) is dropped, because the newer
   * answer counts. What the device had seen of the server, or sent itself, never makes an entry older: an answer may have
   * been long on its way when it was changed. Gives how many were dropped.
   */
  async adopt(sheet: Pick<Sheet, 'session' | 'answers' | 'last_client_seq'>): Promise<number> {
    let kept: Entry[] = []
    try {
      kept = (await this.deps.store.pending(this.deps.attempt)).sort((a, b) => a.client_seq - b.client_seq)
    } catch {
      this.durable = false
      kept = [...this.entries]
    }
    const session = sheet.session ?? this.session
    this.stop = null
    this.closed = false
    this.failures = 0
    this.answers.clear()
    for (const a of sheet.answers) this.answers.set(a.slot, { response: a.response, state: 'saved', client_seq: a.client_seq, seq: a.seq, receipt: a.receipt, at: a.at })
    this.lastSeq = Math.max(sheet.last_client_seq, 0)
    let dropped = 0
    const mine: Entry[] = []
    for (const entry of kept) {
      const theirs = sheet.answers.find((a) => a.slot === entry.slot)
      const seen = theirs && entry.over !== undefined && theirs.seq <= entry.over
      const superseded = theirs && !seen && entry.session === session && theirs.client_seq > entry.client_seq
      const later = theirs && !seen && entry.session !== session && !sentBefore(theirs, entry, kept) && Date.parse(theirs.at) > Date.parse(entry.client_at)
      if (theirs && (same(theirs.response, entry.response) || superseded || later)) {
        if (!same(theirs.response, entry.response) && !superseded && !isBlank(theirs.response)) dropped++ // a blank one may only be withheld
        await this.forget([entry.client_seq])
      } else mine.push(theirs ? { ...entry, over: theirs.seq } : entry) // from here on the device knows theirs
    }
    this.session = session
    const seen = this.lastSeq
    // New numbers lie above all old ones, so that none overwrites an entry still kept under its old number.
    this.lastSeq = Math.max(this.lastSeq, ...mine.map((e) => e.client_seq))
    this.entries = []
    this.tried.clear()
    for (const entry of mine) {
      let next = entry
      if (entry.session !== session || entry.client_seq <= seen) {
        next = { ...entry, session, client_seq: ++this.lastSeq }
        delete next.sent // numbers of the old session
        await this.keep(next)
        await this.forget([entry.client_seq])
      } else if (entry.over !== undefined) await this.keep(entry)
      this.entries.push(next)
      this.expect(next)
    }
    this.entries.sort((a, b) => a.client_seq - b.client_seq)
    this.deps.changed()
    void this.drain()
    return dropped
  }

  /** The answers as the server has them, for a sheet that is shown without it. */
  get known(): { answers: Sheet['answers']; last_client_seq: number } {
    const answers = [...this.answers].flatMap(([slot, one]) => acknowledged(slot, one) ?? [])
    return { answers, last_client_seq: this.lastSeq }
  }

  /** Notes an answer: on the device first, then on its way (or only kept, while somebody types). Never rejects. */
  answer(slot: number, response: AnswerResponse, send = true): Promise<void> {
    return this.note({ slot, response }, send)
  }

  /** Notes that the taker goes on to a section, after the answers that wait. Never rejects. */
  goOn(section: number): Promise<void> {
    return this.note({ slot: 0, section, response: {} }, true)
  }

  private note(what: Pick<Entry, 'slot' | 'section' | 'response'>, send: boolean): Promise<void> {
    const over = acknowledged(what.slot, this.answers.get(what.slot))?.seq
    const entry: Entry = { attempt: this.deps.attempt, session: this.session, client_seq: ++this.lastSeq, ...what, client_at: new Date(this.deps.now()).toISOString(), ...(over ? { over } : {}) }
    const tail = this.entries.at(-1)
    // The waiting answer of the same slot just before is replaced: typing makes one step, not one per key. The number is
    // new all the same, because the server may have the old one and its reply was lost.
    const replaced = tail && tail.slot > 0 && tail.slot === entry.slot && this.entries.length > this.inFlight ? this.entries.pop() : undefined
    if (replaced) {
      const sent = [...(replaced.sent ?? []), ...(this.tried.has(replaced) ? [{ client_seq: replaced.client_seq, response: replaced.response }] : [])].slice(-forms)
      if (sent.length > 0) entry.sent = sent
      this.tried.delete(replaced)
    }
    this.entries.push(entry)
    this.expect(entry)
    this.deps.changed()
    this.chain = this.chain.then(() => this.keep(entry)).then(() => (replaced ? this.forget([replaced.client_seq]) : undefined))
    return this.chain.then(() => {
      if (send) void this.drain()
    })
  }

  private expect(entry: Entry): void {
    if (entry.slot > 0) this.answers.set(entry.slot, { response: entry.response, state: 'pending', client_seq: entry.client_seq, before: acknowledged(entry.slot, this.answers.get(entry.slot)) })
  }

  /** Sends what waits; resolves when nothing is left to send or the reader is needed. */
  drain(): Promise<void> {
    this.draining ??= this.run().finally(() => {
      this.draining = null
      this.deps.changed()
    })
    return this.draining
  }

  /** Stops for good: the page is left. What was not sent stays on the device. */
  close(): void {
    this.closed = true
  }

  private async run(): Promise<void> {
    let single = false
    while (!this.closed && !this.stop) {
      await this.chain
      if (this.entries.length === 0) return
      const batch = this.entries.slice(0, single ? 1 : batchSize)
      this.inFlight = batch.length
      for (const entry of batch) this.tried.add(entry)
      this.deps.changed()
      try {
        const result = await this.deps.send(this.session, batch)
        this.inFlight = 0
        this.failures = 0
        await this.acknowledge(batch, result)
        this.deps.heard?.(result)
        if (this.entries.length === 0) single = false
      } catch (cause) {
        this.inFlight = 0
        const problem = cause instanceof Problem ? cause : new Problem(0, 'network.unreachable')
        const stop = problem.status === 401 ? 'signed_out' : (stops[problem.code] ?? (problem.status === 404 || problem.status === 410 ? 'ended' : null))
        if (stop) {
          this.stop = stop
        } else if (refusals.includes(problem.status) || problem.code === 'attempt.too_many_saves') {
          // Something in the batch is refused: find it one by one, set it aside, go on.
          if (batch.length > 1) single = true
          else await this.refuse(batch[0]!, problem)
        } else {
          const pause = pauses[Math.min(this.failures, pauses.length - 1)]!
          this.failures++
          this.deps.changed()
          await this.deps.wait(Math.max(pause, Number(problem.params.retry_after ?? 0) * 1000))
        }
      }
      this.deps.changed()
    }
  }

  private async acknowledge(batch: Entry[], result: SaveResult): Promise<void> {
    const got = new Map(result.receipts.map((receipt) => [receipt.client_seq, receipt]))
    const done: number[] = []
    for (const entry of batch) {
      const receipt = got.get(entry.client_seq)
      if (!receipt) continue
      done.push(entry.client_seq)
      const answer = this.answers.get(entry.slot)
      if (!answer) continue
      const token = { seq: receipt.seq, receipt: receipt.receipt, at: receipt.at }
      if (answer.client_seq === entry.client_seq) this.answers.set(entry.slot, { ...answer, ...token, state: receipt.late ? 'late' : 'saved', before: receipt.late ? answer.before : undefined })
      else if (!receipt.late) this.answers.set(entry.slot, { ...answer, before: { ...token, slot: entry.slot, response: entry.response, client_seq: entry.client_seq, late: false } })
      for (const next of this.entries) {
        if (next.slot !== entry.slot || next.client_seq <= entry.client_seq || receipt.late) continue
        next.over = receipt.seq // it was changed while this one was on its way
        await this.keep(next)
      }
    }
    if (done.length === 0) throw new Problem(502, 'answers.no_receipt')
    this.entries = this.entries.filter((entry) => !done.includes(entry.client_seq))
    for (const entry of batch) this.tried.delete(entry)
    await this.deps.acknowledged?.()
    await this.forget(done)
  }

  private async refuse(entry: Entry, problem: Problem): Promise<void> {
    this.entries = this.entries.filter((one) => one.client_seq !== entry.client_seq)
    this.tried.delete(entry)
    const answer = this.answers.get(entry.slot)
    if (answer && answer.client_seq === entry.client_seq) this.answers.set(entry.slot, { ...answer, state: 'refused', problem })
    await this.forget([entry.client_seq])
  }

  private async keep(entry: Entry): Promise<void> {
    try {
      await this.deps.store.put(entry)
    } catch {
      this.durable = false
    }
  }

  private async forget(seqs: number[]): Promise<void> {
    try {
      await this.deps.store.remove(this.deps.attempt, seqs)
    } catch {
      this.durable = false
    }
  }
}
