// A paper that is taken section by section: which one is being answered, until when, what comes next. The server
// decides; where it cannot be reached, going on and the clock of this device do until it answers.
import { computed, ref, type Ref } from 'vue'
import type { ClockAnswer, Sheet } from '@/api/types'

/** How far the clock of this device may be behind the server's when that ends a section, ms. */
const clockSlack = 2_000

export type Here = Pick<ClockAnswer, 'section' | 'section_deadline'>

export function useSections(sheet: Readonly<Ref<Sheet | undefined>>, now: Readonly<Ref<number>>) {
  /** from 1; 0 = the taker goes to and fro */
  const at = ref(0)
  const deadline = ref<string>()
  /** the section before this one ended by its clock, not by the taker's going on */
  const timeUp = ref(false)

  const parts = computed(() => sheet.value?.sections ?? [])
  const part = computed(() => (at.value ? parts.value[at.value - 1] : undefined))
  /** the section after this one that has items, 0 = none */
  const next = computed(() => (at.value ? parts.value.findIndex((one, i) => i >= at.value && one.from <= one.to) + 1 : 0))
  const remaining = computed(() => (deadline.value ? Math.max(0, Date.parse(deadline.value) - now.value) : null))
  const over = computed(() => remaining.value === 0)
  /** whether a slot may be turned to */
  const open = (slot: number): boolean => !part.value || (slot >= part.value.from && slot <= part.value.to)
  const left = (slot: number): boolean => !!part.value && slot < part.value.from

  function turn(section: number): void {
    if (at.value && section > at.value) timeUp.value = remaining.value !== null && remaining.value < clockSlack
    at.value = section
  }
  /** What the server says; ahead = the section that the taker has gone on to, which it does not know yet (0 = none). */
  function take(here: Here, ahead: number): void {
    const waits = !!here.section && ahead > here.section
    turn(waits ? ahead : (here.section ?? 0))
    deadline.value = waits ? undefined : here.section_deadline
  }
  /** The taker, or the clock of this device, goes on; until when, only the server knows. */
  function pass(section: number): void {
    turn(section)
    deadline.value = undefined
  }
  const here = computed<Here>(() => (at.value ? { section: at.value, section_deadline: deadline.value } : {}))

  return { at, part, next, remaining, over, timeUp, open, left, take, pass, here }
}
