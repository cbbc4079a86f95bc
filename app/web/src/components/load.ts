// Loading one thing for a page: loading, value or problem, and the way to try again.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'

export interface Loaded<T> {
  value: ShallowRef<T | undefined>
  loading: Ref<boolean>
  error: ShallowRef<unknown>
  reload: () => Promise<void>
  /** fetches anew behind what is shown; a failure is thrown and changes nothing */
  renew: () => Promise<void>
}

/** Loads now, and again when `on` changes; answers that come too late are dropped. */
export function useLoad<T>(get: () => Promise<T>, on?: WatchSource | WatchSource[]): Loaded<T> {
  const value = shallowRef<T>()
  const error = shallowRef<unknown>()
  const loading = ref(true)
  let turn = 0
  const reload = async () => {
    const mine = ++turn
    loading.value = true
    error.value = undefined
    try {
      const got = await get()
      if (mine === turn) value.value = got
    } catch (cause) {
      if (mine === turn) error.value = cause
    } finally {
      if (mine === turn) loading.value = false
    }
  }
  const renew = async () => {
    const mine = ++turn
    try {
      const got = await get()
      if (mine === turn) [value.value, error.value] = [got, undefined]
    } finally {
      if (mine === turn) loading.value = false // of a load whose place it took
    }
  }
  if (on) watch(on, () => void reload())
  onScopeDispose(() => (turn = -1))
  void reload()
  return { value, loading, error, reload, renew }
}
