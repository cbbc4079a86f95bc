// Loading again: in sight with its errors, or behind what is shown.
import { afterEach, expect, test } from 'vitest'
import { createApp, type App } from 'vue'
import { useLoad, type Loaded } from '@/components/load'

let app: App | undefined
afterEach(() => app?.unmount())
const turn = () => new Promise((done) => setTimeout(done))

function loaded(get: () => Promise<number>): Loaded<number> {
  let load!: Loaded<number>
  app = createApp({ setup: () => ((load = useLoad(get)), () => null) })
  app.mount(document.createElement('div'))
  return load
}

test('what is renewed in vain stays as it was', async () => {
  let n = 0
  let works = true
  const load = loaded(async () => {
    if (!works) throw new Error('offline')
    return ++n
  })
  await turn()
  expect([load.value.value, load.loading.value]).toEqual([1, false])

  works = false
  const failing = load.renew()
  expect(load.loading.value).toBe(false) // no skeleton over what is read
  await expect(failing).rejects.toThrow('offline')
  expect([load.value.value, load.error.value]).toEqual([1, undefined])

  await load.reload() // asked for in sight: the page says that it failed
  expect([load.value.value, (load.error.value as Error).message]).toEqual([1, 'offline'])

  works = true
  await load.renew()
  expect([load.value.value, load.error.value]).toEqual([2, undefined])
})

test('a renewal that takes the place of a load ends its waiting', async () => {
  const gates: ((n: number) => void)[] = []
  const load = loaded(() => new Promise<number>((done) => gates.push(done)))
  const renewal = load.renew()
  gates[1]!(2)
  await renewal
  gates[0]!(1) // too late
  await turn()
  expect([load.value.value, load.loading.value]).toEqual([2, false])
})
