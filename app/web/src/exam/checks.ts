// Quizzes that tell while one answers (immediate, retry): what each check of an item told.
import { computed, shallowRef, type Ref } from 'vue'
import { Problem } from '@/api/problem'
import type { Checked, Item, Sheet } from '@/api/types'
import { checkItem } from './api'
import type { AnswerQueue } from './queue'

/** Kinds that only people mark: there is nothing to check. */
const byHand = ['short', 'essay']

export function useChecks(id: string, sheet: Readonly<Ref<Sheet | undefined>>, queue: Readonly<Ref<AnswerQueue>>, flush: () => Promise<boolean>) {
  const all = shallowRef(new Map<number, Checked>())
  const list = computed(() => [...all.value.values()])

  const adopt = (checks: readonly Checked[]): void => {
    all.value = new Map(checks.map((one) => [one.slot, one]))
  }
  const checkable = (item: Item): boolean => (sheet.value?.attempt.tries ?? 0) > 0 && !byHand.includes(item.kind)
  const of = (slot: number): Checked | undefined => all.value.get(slot)
  /** The item is settled: it takes no more answers. */
  const done = (slot: number): boolean => of(slot)?.done ?? false
  /** The check tells of the answer that stands there now. */
  const fresh = (slot: number): boolean => of(slot)?.seq === queue.value.answers.get(slot)?.seq

  /** Asks how the answer to a slot went. Thrown: Problem, "attempt.unsent" while the answer waits on this device. */
  async function check(slot: number): Promise<void> {
    if (!(await flush())) throw new Problem(0, 'attempt.unsent', { n: queue.value.pending })
    const told = await checkItem(id, sheet.value?.session ?? '', slot)
    all.value = new Map(all.value).set(slot, told)
  }

  return { list, adopt, checkable, of, done, fresh, check }
}
