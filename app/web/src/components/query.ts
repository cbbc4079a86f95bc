// Filters that live in the address: reload, share and Back always work.
import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'
import { asProblem } from '@/api/problem'

const one = (value: unknown): string => (Array.isArray(value) ? String(value[0] ?? '') : typeof value === 'string' ? value : '')

/** One filter of the address, '' when absent. */
export function useQuery(key: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => one(route.query[key]),
    set: (next) => {
      const query: LocationQueryRaw = { ...route.query }
      if (next === '') delete query[key]
      else query[key] = next
      void router.replace({ query })
    },
  })
}

/** All the filters named, absent ones left out: ready for a query of the API. */
export function useQueries(keys: readonly string[]): ComputedRef<Record<string, string>> {
  const route = useRoute()
  return computed(() => Object.fromEntries(keys.map((key) => [key, one(route.query[key])]).filter(([, value]) => value !== '')) as Record<string, string>)
}

/** Which filters of the address a request was refused for, and the way to drop them. */
export function useRefused(cause: () => unknown): { keys: ComputedRef<string[]>; drop: () => Promise<unknown> } {
  const route = useRoute()
  const router = useRouter()
  const keys = computed(() => {
    const { status, fields } = asProblem(cause())
    return status === 422 ? [...new Set(fields.map((field) => field.path))].filter((path) => path in route.query) : []
  })
  return { keys, drop: () => router.replace({ query: Object.fromEntries(Object.entries(route.query).filter(([key]) => !keys.value.includes(key))) }) }
}

/** The id of the drawer in the address (?key=ID). Opening makes a history entry, so Back closes the drawer. */
export function useDrawer(key: string): { id: ComputedRef<string>; open: (id: string) => void; close: () => void } {
  const route = useRoute()
  const router = useRouter()
  const id = computed(() => one(route.query[key]))
  return {
    id,
    open: (next) => void router.push({ query: { ...route.query, [key]: next } }),
    close: () => {
      const query = { ...route.query }
      delete query[key]
      const before = (window.history.state?.back ?? '') as string
      const target = router.resolve({ query }).fullPath
      if (before === target) router.back()
      else void router.replace({ query })
    },
  }
}
