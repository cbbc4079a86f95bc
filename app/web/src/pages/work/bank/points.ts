// Key points of a short answer in the editor: lists of phrases are one line of text each, "；" between them.
import { slack, type Content, type Form } from './content'
import type { Problem } from './problems'

export const maxPoints = 20
export interface Point {
  text: string
  also: string
  required: string
  forbidden: string
  share: number
}
type KeyPoint = NonNullable<Content['points']>[number]

export const phrases = (line: string): string[] => [...new Set(line.split(/[;；\n]/).map((one) => one.trim()).filter(Boolean))]
const line = (list?: string[]): string => (list ?? []).join('；')
/** A row that says something. */
export const isPoint = (p: Point): boolean => Boolean(p.text.trim() || p.also.trim() || p.required.trim() || p.forbidden.trim() || p.share)

export const pointsOf = (list?: KeyPoint[]): Point[] =>
  (list ?? []).map((p) => ({ text: p.text, also: line(p.also), required: line(p.required), forbidden: line(p.forbidden), share: p.share }))

export function pointContent(form: Form): Pick<Content, 'points' | 'synonyms'> {
  const points = form.points.filter(isPoint).map((p): KeyPoint => {
    const [also, required, forbidden] = [phrases(p.also), phrases(p.required), phrases(p.forbidden)]
    return { text: p.text.trim(), share: p.share, ...(also.length ? { also } : {}), ...(required.length ? { required } : {}), ...(forbidden.length ? { forbidden } : {}) }
  })
  const synonyms = form.synonyms.split('\n').map((one) => [...new Set(one.split(/[=＝]/).map((text) => text.trim()).filter(Boolean))]).filter((group) => group.length)
  return { ...(points.length ? { points } : {}), ...(synonyms.length ? { synonyms } : {}) }
}

export const synonymText = (groups?: string[][]): string => (groups ?? []).map((group) => group.join('=')).join('\n')

export function pointProblems(form: Form): Problem[] {
  const out: Problem[] = []
  const seen = new Set<string>()
  let sum = 0
  form.points.forEach((p, i) => {
    if (!isPoint(p)) return
    const text = p.text.trim()
    if (!text) out.push({ path: `points[${i}].text`, key: 'point_empty' })
    else if (seen.has(text)) out.push({ path: `points[${i}].text`, key: 'point_twice' })
    seen.add(text)
    if (!(p.share > 0 && p.share <= 1)) out.push({ path: `points[${i}].share`, key: 'partial_share' })
    sum += p.share
  })
  if (!out.length && seen.size && Math.abs(sum - 1) > slack) out.push({ path: 'points', key: 'rubric_sum', params: { sum: Math.round(sum * 1e4) / 100 } })
  pointContent(form).synonyms?.forEach((group, i) => {
    if (group.length < 2) out.push({ path: 'synonyms', key: 'synonym_alone', params: { n: i + 1 } })
  })
  return out
}
