// Limits of an exam on what is noticed beside the answers: in words, and what an attempt reached of them.
import { computed, ref } from 'vue'
import { call, client } from '@/api/client'
import type { ClockAnswer } from '@/api/types'
import { duration } from '@/format/time'

export type Reached = NonNullable<ClockAnswer['limits']>[number]
type Say = (key: string, named?: Record<string, unknown>) => string

/** "leaving the exam page 3 times" */
export const limitWords = (limit: { signal: string; from: number }, t: Say): string => t(`exam.limits.what.${limit.signal}`, { n: limit.signal === 'away_seconds' ? duration(limit.from) : limit.from })

/** The last warning of each signal: "3 times" says what "2 times" said. */
export const latest = <T extends { signal: string }>(list: readonly T[]): T[] => list.filter((one, at) => !list.some((other, n) => n > at && other.signal === one.signal))

/** The warnings and the end that the server decided on. A warning is shown until it is put away; the server is told until it knows. */
export function useLimits(attempt: string) {
  const list = ref<Reached[]>([])
  const away = ref<Set<number>>(new Set())
  const open = computed(() => list.value.filter((one) => one.act === 'warn' && !one.seen && !away.value.has(one.seq)))
  const warnings = computed(() => latest(open.value))
  const handIn = computed(() => list.value.find((one) => one.act === 'hand_in'))
  const tell = (seq: number) => call(client.POST('/api/v1/attempts/{id}/warnings/{seq}/seen', { params: { path: { id: attempt, seq } } })).catch(() => undefined)

  function take(next: Reached[] | undefined): void {
    list.value = next ?? []
    for (const one of list.value) if (!one.seen && away.value.has(one.seq)) void tell(one.seq)
  }
  function dismiss(one: Reached): void {
    const told = open.value.filter((other) => other.signal === one.signal && other.seq <= one.seq)
    away.value = new Set([...away.value, ...told.map((other) => other.seq)])
    for (const other of told) void tell(other.seq)
  }
  return { warnings, handIn, take, dismiss }
}
