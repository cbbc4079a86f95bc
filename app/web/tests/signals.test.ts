import { describe, expect, it } from 'vitest'
import { Notes } from '@/exam/signals'

describe('what the exam page notices', () => {
  it('counts leaving from one second on, once however many events tell of it', () => {
    const notes = new Notes()
    notes.left(1_000)
    notes.back(1_999)
    expect(notes.totals).toEqual({ away: 0, seconds: 0, pastes: 0, touched: 0 })
    notes.left(5_000)
    notes.left(5_100) // blur, then hidden
    notes.back(6_000)
    notes.back(6_100) // visible, then focus
    notes.back(9_000)
    expect(notes.totals).toEqual({ away: 1, seconds: 1, pastes: 0, touched: 0 })
    notes.left(10_000)
    notes.back(75_000)
    notes.pasted()
    expect(notes.totals).toEqual({ away: 2, seconds: 66, pastes: 1, touched: 0 })
  })

  it('counts items whose answer somebody moved something for, each once', () => {
    const notes = new Notes()
    notes.answered(1) // out of nothing
    notes.moved()
    notes.moved()
    notes.answered(2)
    notes.answered(3) // nothing since
    notes.moved()
    notes.answered(2) // again
    notes.moved()
    notes.answered(3)
    expect(notes.totals.touched).toBe(2)
  })
})
