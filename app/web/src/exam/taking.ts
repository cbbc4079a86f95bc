// An attempt while it is being answered: the sheet, the queue of answers, the server's clock, and who else is at it.
import { computed, onScopeDispose, reactive, ref, shallowRef, triggerRef, watch } from 'vue'
import { serverNow } from '@/api/clock'
import { asProblem, Problem } from '@/api/problem'
import type { AnswerResponse, ClockAnswer, SaveResult, Sheet, Submitted } from '@/api/types'
import { attachFile, getClock, getSheet, saveAnswers, submitAttempt, takeOver } from './api'
import { useChecks } from './checks'
import type { MediaLinks } from './media'
import { useLimits } from './limits'
import { useNotices } from './notices'
import { AnswerQueue, isBlank, isTyped, type SlotState, type Stop } from './queue'
import { useSections } from './sections'
import { ExamStorage } from './storage'
import { useSignals } from './signals'
import { guardTab } from './tab'

/** What the page shows. elsewhere: another device answers. othertab: another tab does. moved: it was taken from this page. held: the proctor holds it. */
export type Stage = 'loading' | 'failed' | 'elsewhere' | 'othertab' | 'moved' | 'signed_out' | 'taking' | 'held' | 'timeup' | 'submitted'

/** How often the server's clock is asked, ms: an extension shows within five seconds. */
export const pollMs = 4_000
/** A pause in typing after which the text is sent, ms. */
const typingMs = 1_500

const running = ['created', 'open']

type Standing = Pick<ClockAnswer, 'state' | 'deadline' | 'grace_end' | 'section' | 'section_deadline'>

export function useTaking(id: string) {
  const stage = ref<Stage>('loading')
  const failure = shallowRef<unknown>()
  const other = reactive({ device: '', last_at: '' })
  const sheet = shallowRef<Sheet>()
  const at = ref(1)
  const flags = ref<Set<number>>(new Set())
  /** whether this device knows all flags: they stay on the device that set them */
  const flagsWhole = ref(true)
  const now = ref(serverNow())
  const deadline = ref<string>()
  const graceEnd = ref<string>()
  const state = ref('created')
  /** how it ended: handed in by its taker, or by the clock */
  const ending = ref('')
  const result = shallowRef<Submitted>()
  /** the newest extension: the new end */
  /** the end that the taker is told of: it was moved while the page stood open; "none" = there is no end any more */
  const extended = ref('')
  const shortened = ref(false)
  /** answers that waited here and gave way to newer ones of another device */
  const dropped = ref(0)
  const reachable = ref(true)
  /** while the proctor holds the attempt: since when, and why */
  const held = shallowRef<Sheet['attempt']['held']>()
  /** why the proctor took the attempt in */
  const collected = ref<string>()
  const notices = useNotices(id)
  const limits = useLimits(id)

  let storage: ExamStorage | null = null
  let poking: (() => void)[] = []
  let typing: ReturnType<typeof setTimeout> | undefined
  let left = false
  let fromDevice = false
  let staleTurns = 0
  let askedAtEnd = 0

  const queue = shallowRef(
    new AnswerQueue({
      attempt: id,
      store: {
        pending: async (attempt) => (await store()).pending(attempt),
        put: async (entry) => (await store()).put(entry),
        remove: async (attempt, seqs) => (await store()).remove(attempt, seqs),
      },
      send: (session, entries) => saveAnswers(id, session, entries),
      now: serverNow,
      wait: (ms) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, ms)
          poking.push(() => {
            clearTimeout(timer)
            resolve()
          })
        }),
      changed: () => {
        triggerRef(queue)
        whenStopped(queue.value.stop)
      },
      acknowledged: keep,
      heard: hear,
    }),
  )

  const sections = useSections(sheet, now)
  const checks = useChecks(id, sheet, queue, flush)
  /** of files that were attached on this page */
  const attached = shallowRef<MediaLinks>({})
  /** files on their way */
  const uploading = ref(0)
  const media = computed<MediaLinks>(() => Object.assign({}, ...checks.list.value.map((one) => one.media ?? {}), attached.value, sheet.value?.media) as MediaLinks) // those of the sheet hold longest

  async function store(): Promise<ExamStorage> {
    storage ??= await ExamStorage.open()
    return storage
  }

  // What waits here goes first: where a limit hands in, it counts.
  const signals = useSignals(id, { taking: () => stage.value === 'taking', first: () => flush(), told: poll })

  const tab = guardTab(id, () => {
    if (stage.value === 'taking') stage.value = 'othertab'
    queue.value.close()
  })

  function poke(): void {
    const all = poking
    poking = []
    for (const go of all) go()
    void queue.value.drain()
  }

  // ---- the sheet

  async function open(force = false): Promise<void> {
    stage.value = 'loading'
    failure.value = undefined
    if (!force && (await tab.taken())) {
      stage.value = 'othertab'
      return
    }
    try {
      await show(await getSheet(id))
    } catch (cause) {
      await notOpened(asProblem(cause))
    }
  }

  async function notOpened(problem: Problem): Promise<void> {
    if (problem.code === 'attempt.other_session') {
      other.device = String(problem.params.device ?? '')
      other.last_at = String(problem.params.last_at ?? '')
      stage.value = 'elsewhere'
      return
    }
    // Without a network the sheet of this device is shown, and the answers wait here.
    const kept = problem.offline || problem.status >= 500 ? await (await store().catch(() => null))?.attempt(id).catch(() => undefined) : undefined
    if (kept) {
      reachable.value = false
      fromDevice = true
      await show(kept.sheet)
      return
    }
    failure.value = problem
    stage.value = problem.status === 401 ? 'signed_out' : 'failed'
  }

  /** A sheet that came from the device is replaced by the server's once that answers again. */
  async function refresh(): Promise<void> {
    try {
      const next = await getSheet(id)
      fromDevice = false
      await show(next)
    } catch (cause) {
      const problem = asProblem(cause)
      if (problem.code === 'attempt.other_session') await notOpened(problem)
    }
  }

  async function show(next: Sheet): Promise<void> {
    if (left) return
    const first = sheet.value === undefined
    const kept = await (await store().catch(() => null))?.attempt(id).catch(() => undefined)
    // An attempt that has ended comes without its items; the page then counts by what it kept.
    if (next.items.length === 0 && (kept ?? sheet.value)) next = { ...next, items: kept?.sheet.items ?? sheet.value?.items ?? [] }
    sheet.value = next
    if (at.value === 1 && kept) at.value = Math.min(kept.at, next.items.length)
    checks.adopt(next.checks)
    if (kept) flags.value = new Set(kept.flags)
    // Answers without a memory of the attempt were given elsewhere.
    flagsWhole.value &&= kept ? kept.flags_whole !== false : !first || next.answers.length === 0
    ending.value = next.attempt.ending ?? ''
    collected.value = next.attempt.collected
    limits.take(next.attempt.limits)
    tab.take()
    dropped.value = await queue.value.adopt(next)
    take(next.attempt, false)
    await keep()
    stage.value = running.includes(next.attempt.state) || next.attempt.state === 'overdue' ? 'taking' : next.attempt.ending === 'submitted' ? 'submitted' : 'timeup'
    if (stage.value === 'taking' && next.attempt.state === 'overdue') stage.value = 'timeup'
    hold(next.attempt.held)
    staleTurns = 0
  }

  /** Asks for links anew: those of long or untimed attempts end. */
  async function renewMedia(): Promise<void> {
    const next = await getSheet(id)
    if (sheet.value) sheet.value = { ...sheet.value, media: next.media }
  }

  async function takeAttemptOver(): Promise<void> {
    try {
      const next = await takeOver(id)
      flagsWhole.value = false
      await show(next)
    } catch (cause) {
      await notOpened(asProblem(cause))
    }
  }

  async function keep(): Promise<void> {
    if (!sheet.value) return
    try {
      await (await store()).keepAttempt({ id, sheet: { ...sheet.value, attempt: { ...sheet.value.attempt, ...sections.here.value }, checks: checks.list.value, ...queue.value.known }, flags: [...flags.value], flags_whole: flagsWhole.value, at: at.value, kept_at: Date.now() })
    } catch {
      queue.value.durable = false
    }
  }

  // ---- the clock

  function hear(saved: SaveResult): void {
    reachable.value = true
    take({ ...saved, grace_end: saved.grace_end ?? graceEnd.value }, true)
  }

  function take(next: Standing, tell: boolean): void {
    const before = deadline.value
    if (tell && next.deadline !== before && stage.value !== 'loading') {
      // A page that was opened while the attempt was held knows of no end before.
      const sooner = !!next.deadline && (before ? Date.parse(next.deadline) < Date.parse(before) : !held.value)
      // Whoever goes on to the next section early gives time away, and knows it.
      if (!sooner || !next.section) extended.value = next.deadline ?? 'none'
      shortened.value = sooner
    }
    deadline.value = next.deadline
    graceEnd.value = next.grace_end
    state.value = next.state
    sections.take(next, queue.value.ahead)
    if (['taking', 'held'].includes(stage.value) && !running.includes(next.state)) timeIsUp()
    // An extension may come when the page already said that time is up.
    if (stage.value === 'timeup' && running.includes(next.state)) stage.value = 'taking'
  }

  /** The proctor holds the attempt, or lets it go on. What is typed stays and waits. */
  function hold(now: Sheet['attempt']['held']): void {
    held.value = now
    if (now && stage.value === 'taking') stage.value = 'held'
    if (!now && stage.value === 'held') stage.value = running.includes(state.value) ? 'taking' : 'timeup'
  }

  function timeIsUp(): void {
    clearTimeout(typing)
    stage.value = ending.value === 'submitted' ? 'submitted' : 'timeup'
    poke()
  }

  async function poll(): Promise<void> {
    if (left || !navigator.onLine || !['taking', 'held', 'timeup', 'moved'].includes(stage.value)) return
    try {
      const clock = await getClock(id)
      reachable.value = true
      now.value = serverNow()
      if (stage.value === 'moved') return
      ending.value = clock.ending ?? ''
      collected.value = clock.collected
      limits.take(clock.limits)
      notices.take(clock.notices ?? [])
      // A held attempt has no end of its own: the one that the page knows stays until the new one is told.
      take(clock.held ? { ...clock, deadline: deadline.value, grace_end: graceEnd.value } : clock, true)
      hold(clock.held)
      if (fromDevice) await refresh()
      if (!clock.active_session && stage.value === 'taking') stage.value = 'moved'
      else if (queue.value.pending > 0) poke()
    } catch (cause) {
      const problem = asProblem(cause)
      reachable.value = !problem.offline
      if (problem.status === 401) stage.value = 'signed_out'
    }
  }

  function whenStopped(stop: Stop | null): void {
    if (!stop || left) return
    if (stop === 'other_session' && stage.value === 'taking') stage.value = 'moved'
    if (stop === 'signed_out' && stage.value === 'taking') stage.value = 'signed_out'
    if (stop === 'stale' && staleTurns++ < 3) void open(true)
    if (stop === 'ended' && stage.value === 'taking') void open(true)
  }

  const timer = setInterval(() => {
    now.value = serverNow()
    if (stage.value === 'taking' && (over.value || sections.over.value) && now.value - askedAtEnd > 1_000) {
      askedAtEnd = now.value
      void flush().then(poll).then(passUnreached)
    }
  }, 250)
  const polling = setInterval(() => void poll(), pollMs)

  /** Time goes on where the server cannot be reached to say so. */
  function passUnreached(): void {
    if (sections.over.value && sections.next.value && !reachable.value) sections.pass(sections.next.value)
  }
  watch(sections.at, () => {
    if (!sections.open(at.value)) at.value = sections.part.value?.from ?? 1
  })

  // ---- answers

  const slots = computed(() => sheet.value?.items ?? [])
  const current = computed(() => slots.value[at.value - 1])
  const answerOf = (slot: number): AnswerResponse => queue.value.answers.get(slot)?.response ?? {}
  const stateOf = (slot: number): SlotState => queue.value.slot(slot)
  const isAnswered = (slot: number): boolean => !isBlank(queue.value.answers.get(slot)?.response)

  const remaining = computed(() => (deadline.value ? Math.max(0, Date.parse(deadline.value) - now.value) : null))
  const over = computed(() => remaining.value === 0)
  const answered = computed(() => slots.value.filter((one) => isAnswered(one.slot)).length)
  const unanswered = computed(() => slots.value.filter((one) => !isAnswered(one.slot)).map((one) => one.slot))
  const saveState = computed(() => (queue.value.state === 'saving' && !reachable.value ? 'offline' : queue.value.state))

  /** Notes an answer; says whether it is still taken. */
  function answer(slot: number, response: AnswerResponse): boolean {
    if (stage.value !== 'taking' || over.value || sections.over.value || !sections.open(slot) || checks.done(slot)) return false
    const types = isTyped(response)
    signals.answered(slot)
    void queue.value.answer(slot, response, !types)
    if (types) {
      clearTimeout(typing)
      typing = setTimeout(() => void queue.value.drain(), typingMs)
    }
    return true
  }

  function go(slot: number): void {
    if (slot < 1 || slot > slots.value.length || slot === at.value || !sections.open(slot)) return
    at.value = slot
    void queue.value.drain()
    void keep()
  }

  function flag(slot: number): void {
    const next = new Set(flags.value)
    if (!next.delete(slot)) next.add(slot)
    flags.value = next
    void keep()
  }

  /** Goes on to the next section, and never back. */
  async function nextSection(): Promise<void> {
    if (stage.value !== 'taking' || !sections.next.value) return
    clearTimeout(typing)
    void queue.value.goOn(sections.next.value)
    sections.pass(sections.next.value)
    await keep()
  }

  /** Uploads a file and adds it to the answer of a slot. Thrown: Problem. */
  async function attach(slot: number, file: File): Promise<void> {
    uploading.value++
    try {
      const got = await attachFile(id, sheet.value?.session ?? '', slot, file)
      attached.value = { ...attached.value, [got.id]: got.link }
      const response = answerOf(slot)
      const files = [...(response.files ?? []).filter((one) => one !== got.id), got.id]
      if (!answer(slot, { ...response, files })) throw new Problem(409, 'attempt.ended')
    } finally {
      uploading.value--
    }
  }

  /** Sends what waits, for at most a few seconds. */
  async function flush(ms = 5_000): Promise<boolean> {
    clearTimeout(typing)
    poke()
    await Promise.race([queue.value.drain(), new Promise((resolve) => setTimeout(resolve, ms))])
    return queue.value.pending === 0
  }

  /** Hands in. Refused while answers wait here, because the server would not count them. */
  async function submit(): Promise<void> {
    if (uploading.value > 0) throw new Problem(0, 'attempt.uploading')
    if (!(await flush())) throw new Problem(0, 'attempt.unsent', { n: queue.value.pending })
    await signals.tell()
    try {
      result.value = await submitAttempt(id, sheet.value?.session ?? '')
    } catch (cause) {
      const problem = asProblem(cause)
      if (problem.code === 'attempt.other_session') stage.value = 'moved'
      throw problem
    }
    state.value = result.value.state
    stage.value = 'submitted'
    await (await store().catch(() => null))?.finish(id, Date.now()).catch(() => undefined)
  }

  // ---- the page's life

  const wake = () => {
    if (document.visibilityState === 'hidden') {
      clearTimeout(typing)
      void queue.value.drain()
    } else {
      poke()
      void poll()
    }
  }
  const online = () => {
    poke()
    void poll()
  }
  const offline = () => (reachable.value = false)
  window.addEventListener('online', online)
  window.addEventListener('offline', offline)
  document.addEventListener('visibilitychange', wake)

  onScopeDispose(() => {
    left = true
    clearInterval(timer)
    clearInterval(polling)
    clearTimeout(typing)
    void queue.value.drain()
    queue.value.close()
    tab.close()
    window.removeEventListener('online', online)
    window.removeEventListener('offline', offline)
    document.removeEventListener('visibilitychange', wake)
  })

  void open()

  return reactive({
    stage, failure, other, sheet, at, flags, flagsWhole, now, deadline, graceEnd, state, result, extended, shortened, dropped, queue, slots, current, remaining, over,
    answered, unanswered, saveState, reachable, sections, checks, media, held, collected, notices, limits, answerOf, stateOf, isAnswered, answer, go, flag, flush, nextSection, attach, submit, open, renewMedia, takeOver: takeAttemptOver,
  })
}

export type Taking = ReturnType<typeof useTaking>
