// A list of named parts that are an item together: key points, criteria. Pure functions.
import type { Problem } from './problems'

/** three times 33.33 % are all */
export const slack = 1e-3

export const sumOf = (list: { share: number }[]): number => list.reduce((all, one) => all + one.share, 0)
/** What a new line takes: what is left. */
export const leftOf = (list: { share: number }[]): number => Math.max(0, Math.round(1e4 * (1 - sumOf(list))) / 1e4)

/** What stands in the way: each part has a name of its own, is worth something, and all of them are the whole. Rows without a name
 * and without a share that say nothing else are passed over by the caller: they come as null. */
export function shareProblems(list: ({ name: string; share: number } | null)[], path: string, field: string, words: { empty: string; twice: string }): Problem[] {
  const out: Problem[] = []
  const seen = new Set<string>()
  let sum = 0
  list.forEach((one, i) => {
    if (!one) return
    const name = one.name.trim()
    if (!name) out.push({ path: `${path}[${i}].${field}`, key: words.empty })
    else if (seen.has(name)) out.push({ path: `${path}[${i}].${field}`, key: words.twice })
    seen.add(name)
    if (!(one.share > 0 && one.share <= 1)) out.push({ path: `${path}[${i}].share`, key: 'partial_share' })
    sum += one.share
  })
  if (!out.length && seen.size && Math.abs(sum - 1) > slack) out.push({ path, key: 'rubric_sum', params: { sum: Math.round(sum * 1e4) / 100 } })
  return out
}
