// Levels of criteria in the editor: what is kept, shown to takers, compared, and refused.
import { describe, expect, it } from 'vitest'
import { compare } from './compare'
import { emptyForm, previewOf, type Form } from './content'
import { validate } from './problems'
import { addLevel, beginLevels, rubricContent, type LevelForm } from './rubric'

const level = (title: string, share: number, more: Partial<LevelForm> = {}): LevelForm => ({ title, share, note: '', comment: '', ...more })
function essay(...levels: LevelForm[]): Form {
  const form = emptyForm('essay')
  form.stem = '谈谈体会。'
  form.rubric = [{ name: '观点', note: '', share: 1, levels }]
  return form
}
const keys = (form: Form) => validate(form).map((p) => `${p.path} ${p.key}`)

describe('levels', () => {
  it.each([
    ['none', [], []],
    ['two', [level('好', 1), level('差', 0)], []],
    ['a blank one is left out', [level('好', 1), level('差', 0.5), level(' ', 0)], []],
    ['one', [level('好', 1)], ['rubric[0].levels levels_few']],
    ['the first below all', [level('好', 0.9), level('差', 0)], ['rubric[0].levels[0].share level_first']],
    ['above all', [level('好', 1.1), level('差', 0)], ['rubric[0].levels[0].share share_or_none']],
    ['as much as the one before', [level('好', 1), level('中', 0.5), level('差', 0.5)], ['rubric[0].levels[2].share level_order']],
    ['below nothing', [level('好', 1), level('差', -0.1)], ['rubric[0].levels[1].share share_or_none']],
    ['no number', [level('好', 1), level('差', NaN)], ['rubric[0].levels[1].share share_or_none']],
    ['no title', [level('好', 1), level('', 0.5)], ['rubric[0].levels[1].title level_empty']],
    ['one title twice', [level('好', 1), level(' 好', 0.5)], ['rubric[0].levels[1].title level_twice']],
  ])('%s', (_, levels, want) => expect(keys(essay(...levels))).toEqual(want))

  it('begin in equal steps, and one more goes below the last', () => {
    const levels = beginLevels(['优', '良', '中', '差'])
    expect(levels.map((one) => one.share)).toEqual([1, 0.67, 0.33, 0])
    levels.pop()
    addLevel(levels)
    expect(levels.at(-1)!.share).toBe(0.16)
    expect(keys(essay(...levels.map((one, i) => ({ ...one, title: String(i) }))))).toEqual([])
  })

  it('show takers no comments, and are compared word by word', () => {
    const form = essay(level('好', 1, { note: ' 切题 ', comment: '很好' }), level('差', 0.25))
    expect(rubricContent(form).rubric![0]!.levels).toEqual([{ title: '好', share: 1, note: '切题', comment: '很好' }, { title: '差', share: 0.25 }])
    expect(previewOf(form).rubric![0]!.levels).toEqual([{ title: '好', share: 1, note: '切题' }, { title: '差', share: 0.25 }])
    const words = { right: '对', wrong: '错', yes: '是' }
    const before = { kind: 'essay' as const, stem: '题', ...rubricContent(form) }
    form.rubric[0]!.levels[1]!.share = 0.5
    const changed = compare(before, { kind: 'essay', stem: '题', ...rubricContent(form) }, words).filter((part) => !part.same)
    expect(changed.map((part) => part.key)).toEqual(['rubric'])
    expect(changed[0]!.pieces.filter((piece) => piece.in !== 'both').map((piece) => piece.text)).toEqual(['25', '50'])
  })
})
