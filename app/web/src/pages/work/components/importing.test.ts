import { describe, expect, it } from 'vitest'
import { chosenOf, differs, flatProblems, messageOnly, missing, overrides, problemsCsv, rowsOf, twice, unitOf, unreadable, type Column, type RowProblem } from './importing'

const columns: Column[] = [
  { index: 0, heading: '题目', field: 'stem' },
  { index: 1, heading: '正确答案', field: 'answer' },
  { index: 2, heading: '备注', field: '' },
]
const problem = (row: number, part: Partial<RowProblem> = {}): RowProblem => ({ row, column: '答案', code: 'answer.missing', message: `第 ${row} 行：缺少正确答案。`, ...part })

describe('the columns of a file', () => {
  it('start as they were guessed', () => {
    expect(chosenOf(columns)).toEqual({ 0: 'stem', 1: 'answer', 2: '' })
    expect(differs(columns, chosenOf(columns))).toBe(false)
  })
  it('send only what was changed, by number', () => {
    const chosen = { ...chosenOf(columns), 0: '', 2: 'stem' }
    expect(differs(columns, chosen)).toBe(true)
    expect(overrides(columns, chosen, { '#9': 'source' })).toEqual({ '#1': '', '#3': 'stem', '#9': 'source' })
    expect(overrides(columns, chosen, { 正确答案: 'answer' }, true)).toEqual({ 题目: '', 备注: 'stem', 正确答案: 'answer' })
  })
  it('name a field claimed twice; leaving several out is fine', () => {
    expect(twice({ 0: 'stem', 1: 'stem', 2: '' })).toEqual(['stem'])
    expect(twice({ 0: '', 1: '', 2: 'stem' })).toEqual([])
  })
  it('name what no column is', () => {
    const required = [['stem', 'stem_options'], ['answer']]
    expect(missing({ 0: 'stem_options' }, required)).toEqual(['answer'])
    expect(missing({ 0: 'kind' }, required)).toEqual(['stem', 'answer'])
  })
})

describe('the problems of a file', () => {
  it('stand in the order of the file, with every problem of a row', () => {
    const list = flatProblems([problem(12, { also: [problem(12, { code: 'stem.missing' })] }), problem(3), problem(0, { message: '工作表“说明”没有题目列名，已跳过。' })])
    expect(list.map((p) => `${p.row} ${p.code}`)).toEqual(['0 answer.missing', '3 answer.missing', '12 answer.missing', '12 stem.missing'])
  })
  it('are told without the place, which has columns of its own', () => {
    expect(messageOnly(problem(12))).toBe('缺少正确答案。')
    expect(messageOnly(problem(2, { sheet: '单选', message: '工作表“单选”第 2 行：缺少题干。' }))).toBe('缺少题干。')
    expect(messageOnly(problem(2, { message: 'Row 2: The stem is missing.' }))).toBe('The stem is missing.')
    expect(messageOnly(problem(2, { message: 'Paragraph 2: The stem is missing.' }))).toBe('The stem is missing.')
    expect(messageOnly(problem(2, { message: '第 2 段：缺少题干。' }))).toBe('缺少题干。')
    expect(['docx', 'qti', 'xlsx', undefined].map(unitOf)).toEqual(['paragraph', 'question', 'row', 'row'])
    expect(messageOnly(problem(0, { message: '文件是空的。' }))).toBe('文件是空的。')
  })
  it('are counted by rows, not one by one', () => {
    expect(rowsOf([problem(2), problem(2, { code: 'stem.missing' }), problem(3), problem(3, { sheet: '判断' }), problem(0)])).toBe(3)
  })
  it('of the file as a whole keep it from being read only when no row was', () => {
    const whole = problem(0, { message: '文件是空的。' })
    expect(unreadable({ rows: 0, problems: [whole] })).toBe(whole)
    expect(unreadable({ rows: 2, problems: [whole] })).toBeUndefined()
    expect(unreadable({ rows: 0, problems: [] })).toBeUndefined()
  })
  it('become a list that a spreadsheet reads and no formula', () => {
    expect(problemsCsv(['行', '表', '列', '问题'], [problem(2, { column: '=A1', message: '第 2 行：有“,”和"引号"。' })])).toBe('\ufeff行,表,列,问题\r\n2,,\'=A1,"有“,”和""引号""。"\r\n')
  })
})
