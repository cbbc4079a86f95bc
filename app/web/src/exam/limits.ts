// Limits of an exam on what is noticed beside the answers: in words, and what an attempt reached of them.
import { computed, ref } from 'vue'
import { call, client } from '@/api/client'
import type { ClockAnswer } from '@/api/types'
import { duration } from '@/format/time'

export type Reached = NonNullable<ClockAnswer['limits']>[number]
type Say = (key: string, named?: Record<string, unknown>) => string

/** "leaving the exam page 3 times" */
export const limitWords = (limit: { signal: string; from: number }, t: Say): string => t(`exam.limits.what.${limit.signal}`, { n: limit.signal === 'away_seconds' ? duration(limit.from) : limit.from })

/** The warnings and the end that the server decided on. A warning is shown until it is put away; the server is told until it knows. */
export function useLimits(attempt: string) {
  const list = ref<Reached[]>([])
  const away = ref<Set<number>>(new Set())
  const warnings = computed(() => list.value.filter((one) => one.act === 'warn' && !one.seen && !away.value.has(one.seq)))
  const handIn = computed(() => list.value.find((one) => one.act === 'hand_in'))
  const tell = (seq: number) => call(client.POST('/api/v1/attempts/{id}/warnings/{seq}/seen', { params: { path: { id: attempt, seq } } })).catch(() => undefined)

  function take(next: Reached[] | undefined): void {
    list.value = next ?? []
    for (const one of list.value) if (!one.seen && away.value.has(one.seq)) void tell(one.seq)
  }
  function dismiss(one: Reached): void {
    away.value = new Set([...away.value, one.seq])
    void tell(one.seq)
  }
  return { warnings, handIn, take, dismiss }
}
