import { expect, it } from 'vitest'
import { ref } from 'vue'
import type { Sheet } from '@/api/types'
import { useSections } from '@/exam/sections'

const at = (seconds: number) => new Date(seconds * 1000).toISOString()
const parts = [{ from: 1, to: 2 }, { from: 3, to: 2 }, { from: 3, to: 3 }] // the second has no items
const made = (sections = parts) => {
  const now = ref(0)
  return { now, s: useSections(ref({ sections } as unknown as Sheet), now) }
}

it('without limits of sections one goes to and fro', () => {
  const { s } = made()
  s.take({}, 0)
  expect([s.at.value, s.next.value, s.remaining.value, s.over.value, s.open(1), s.open(3), s.left(1)]).toEqual([0, 0, null, false, true, true, false])
})

it('opens the slots of the section that the server names, until its time is over', () => {
  const { s, now } = made()
  s.take({ section: 1, section_deadline: at(60) }, 0)
  expect([[1, 2, 3].map(s.open), s.next.value, s.remaining.value]).toEqual([[true, true, false], 3, 60_000])
  now.value = 59_999
  expect(s.over.value).toBe(false)
  now.value = 60_000
  expect(s.over.value).toBe(true)
  s.take({ section: 3 }, 0)
  expect([[1, 2, 3].map(s.open), s.left(1), s.next.value, s.over.value]).toEqual([[false, false, true], true, 0, false])
})

it('the taker who has gone on is not taken back by a server that has not heard of it', () => {
  const { s } = made()
  s.take({ section: 1, section_deadline: at(60) }, 0)
  s.pass(3)
  s.take({ section: 1, section_deadline: at(60) }, 3)
  expect([s.at.value, s.remaining.value, s.here.value]).toEqual([3, null, { section: 3, section_deadline: undefined }])
  s.take({ section: 1, section_deadline: at(60) }, 0) // nothing waits any more: the server knows
  expect(s.at.value).toBe(1)
})

it('says that the time of a section was up, and does not where its taker went on', () => {
  const { s, now } = made()
  s.take({ section: 1, section_deadline: at(60) }, 0)
  now.value = 30_000
  s.take({ section: 3 }, 0) // another page of the attempt went on
  expect(s.timeUp.value).toBe(false)

  const late = made()
  late.s.take({ section: 1, section_deadline: at(60) }, 0)
  late.now.value = 60_000
  late.s.take({ section: 3 }, 0)
  expect(late.s.timeUp.value).toBe(true)

  const open = made()
  open.s.take({ section: 1 }, 0) // this section has no clock
  open.s.take({ section: 3 }, 0)
  expect(open.s.timeUp.value).toBe(false)
})
