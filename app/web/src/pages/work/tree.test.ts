import { describe, expect, it } from 'vitest'
import { pathNames, search, subtree, treeOf, visible } from './tree'

const rows = [
  { id: 'b1', parent_id: 'g1', name: '第一党支部', order: 1 },
  { id: 'root', parent_id: '', name: '机关党委' },
  { id: 'g2', parent_id: 'root', name: '第二党总支', order: 2 },
  { id: 'g1', parent_id: 'root', name: '第一党总支', order: 1 },
  { id: 'b2', parent_id: 'g2', name: '离退休党支部', order: 1 },
]

describe('a tree of a flat list', () => {
  it('stands in order, whatever the order of the list', () => {
    const names = visible(treeOf(rows), () => true).map((n) => '　'.repeat(n.depth) + n.row.name)
    expect(names).toEqual(['机关党委', '　第一党总支', '　　第一党支部', '　第二党总支', '　　离退休党支部'])
  })
  it('hides what is below a closed node', () => {
    expect(visible(treeOf(rows), (id) => id === 'root').map((n) => n.row.id)).toEqual(['root', 'g1', 'g2'])
  })
  it('shows a scope that begins in the middle', () => {
    expect(treeOf(rows.filter((r) => r.id !== 'root')).map((n) => n.row.id)).toEqual(['g1', 'g2'])
  })
  it('gives a subtree and the path to a row', () => {
    expect(subtree(treeOf(rows), 'g1')).toEqual(['g1', 'b1'])
    expect(pathNames(rows, 'b2')).toEqual(['机关党委', '第二党总支', '离退休党支部'])
  })
  it('does not hang on a row that is its own ancestor', () => {
    expect(pathNames([{ id: 'a', parent_id: 'b', name: '甲' }, { id: 'b', parent_id: 'a', name: '乙' }], 'a')).toEqual(['乙', '甲'])
  })
  it('finds rows and keeps those above them', () => {
    expect(search(rows, '离退休').map((r) => r.id)).toEqual(['root', 'g2', 'b2'])
    expect(search(rows, ' ')).toHaveLength(5)
  })
})
