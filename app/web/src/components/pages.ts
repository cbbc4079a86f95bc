// A list that comes in pieces, each after the cursor of the one before.
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type WatchSource } from 'vue'
import { problemText } from '@/api/problem'
import { useLoad, type Loaded } from './load'
import { toast } from './toast'

interface Piece<T> {
  items?: T[] | null
  next?: string
}
export interface Pages<T, P extends Piece<T>> {
  /** the first piece; loading it anew drops the others */
  first: Loaded<P>
  items: ComputedRef<T[]>
  /** the cursor of the next piece; '' = all are here */
  next: Ref<string>
  /** fetches the next piece; a failure is said and changes nothing */
  more: () => Promise<void>
}

/** Loads the first piece now, and again when `on` changes. */
export function usePages<T, P extends Piece<T> = Piece<T>>(get: (after?: string) => Promise<P & Piece<T>>, on?: WatchSource | WatchSource[]): Pages<T, P> {
  const first = useLoad<P>(() => get(), on)
  const further = shallowRef<T[]>([])
  const next = ref('')
  watch(first.value, (piece) => ((further.value = []), (next.value = piece?.next ?? '')), { flush: 'sync' })
  const items = computed(() => [...(first.value.value?.items ?? []), ...further.value])
  async function more(): Promise<void> {
    const asked = first.value.value
    try {
      const got = await get(next.value)
      if (asked !== first.value.value) return // something else was asked meanwhile
      further.value = [...further.value, ...(got.items ?? [])]
      next.value = got.next ?? ''
    } catch (cause) {
      toast({ text: problemText(cause), tone: 'red' })
    }
  }
  return { first, items, next, more }
}
