// Messages of the proctor's: shown until they are read, and the proctor is told so.
import { computed, ref } from 'vue'
import { call, client } from '@/api/client'
import type { ClockAnswer } from '@/api/types'

export type Notice = NonNullable<ClockAnswer['notices']>[number]

export function useNotices(attempt: string) {
  const list = ref<Notice[]>([])
  const key = `notice:${attempt}`
  const read = ref(sessionStorage.getItem(key) ?? '')
  /** those not read on this device, oldest first: ids rise with time */
  const unread = computed(() => list.value.filter((one) => one.id > read.value))

  function take(next: Notice[]): void {
    if (next.length !== list.value.length || next.at(-1)?.id !== list.value.at(-1)?.id) list.value = next
  }
  /** Puts a message and those before it away. Telling the server is best effort: it is told again by the next one. */
  function dismiss(one: Notice): void {
    read.value = one.id
    sessionStorage.setItem(key, one.id)
    void call(client.POST('/api/v1/attempts/{id}/notices/{notice}/read', { params: { path: { id: attempt, notice: one.id } } })).catch(() => undefined)
  }
  return { unread, take, dismiss }
}
