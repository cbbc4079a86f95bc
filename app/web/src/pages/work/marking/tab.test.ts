import { effectScope } from 'vue'
import { beforeEach, expect, test } from 'vitest'
import { useTab } from './tab'

const hide = () => window.dispatchEvent(new Event('pagehide'))
beforeEach(() => sessionStorage.clear())

test('a reload keeps the name, a second window and a later visit have their own', () => {
  const before = effectScope()
  const name = before.run(useTab)!
  expect(sessionStorage.length).toBe(0) // a duplicated window finds nothing
  hide()
  const reloaded = effectScope()
  expect(reloaded.run(useTab)).toBe(name)
  expect(sessionStorage.length).toBe(0)
  before.stop()
  reloaded.stop()
  hide()
  expect(effectScope().run(useTab)).not.toBe(name)
})
