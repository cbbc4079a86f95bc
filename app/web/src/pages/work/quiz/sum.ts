// What a paper has, in words of the area `quiz`.
import { itemCount } from '@/exam/count'
import { marks } from '@/format/numbers'
import { totals, type Section } from './model'

/** 12 题，100 分 */
export function sumWords(sections: readonly Section[], t: (key: string, params: Record<string, unknown>, plural: number) => string): string {
  const sum = totals(sections)
  return t('quiz.sum', { items: itemCount(sum), points: marks(sum.points) }, sum.items_most ?? sum.items)
}
