// Key points of a short answer in the editor: lists of phrases are one line of text each, "；" between them.
import type { Content, Form } from './content'
import type { Problem } from './problems'
import { shareProblems } from './shares'

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
  const out = shareProblems(form.points.map((p) => (isPoint(p) ? { name: p.text, share: p.share } : null)), 'points', 'text', { empty: 'point_empty', twice: 'point_twice' })
  pointContent(form).synonyms?.forEach((group, i) => {
    if (group.length < 2) out.push({ path: 'synonyms', key: 'synonym_alone', params: { n: i + 1 } })
  })
  return out
}
