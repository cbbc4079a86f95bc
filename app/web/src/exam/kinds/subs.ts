// Items inside an item (the gaps of a cloze, the questions of a material): their answers together, and each in words.
import type { AnswerResponse, Item, ReviewItem } from '@/api/types'
import { isBlank } from '../queue'
import { rangeText } from './ranges'

type RightAnswer = NonNullable<ReviewItem['right_answer']>

/** The answer to the whole when one part of it changes: one response a part, {} where there is none; nothing at all when all are blank. */
export function withSub(subs: readonly Item[], value: AnswerResponse, at: number, response: AnswerResponse): AnswerResponse {
  const all = subs.map((_, i) => (i === at ? response : (value.subs?.[i] ?? {}))).map((one) => (nothing(one) ? {} : one))
  return all.every(nothing) ? {} : { subs: all }
}

/** A unit alone is no answer, but the reader has chosen it. */
const nothing = (response: AnswerResponse): boolean => isBlank(response) && !response.unit

const textOf = (item: Item, id: string): string => item.options?.find((option) => option.id === id)?.text ?? ''

/** Whether the words of an answer to a part are its author's, which may hold formulas and pictures; what was typed is taken as it stands. */
export const isChosen = (item: Item): boolean => item.kind === 'single'

/** What was answered to one part, in a line; '' where nothing was. */
export function answerWords(item: Item | undefined, response: AnswerResponse | undefined): string {
  if (!item || !response) return ''
  if (response.choices?.length) return response.choices.map((id) => textOf(item, id)).join('；')
  if (response.texts) return response.texts.join('；')
  return response.text ? `${response.text}${response.unit ? ` ${response.unit}` : ''}` : ''
}

/** The accepted texts of a blank, from 0, as one reads them: a wildcard is an ellipsis, a number has its tolerance. */
export function acceptedWords(right: RightAnswer | undefined, at: number): string {
  const words = (right?.texts?.[at] ?? []).map((text) => text.replace(/\\\*|\*/g, (star) => (star === '*' ? '…' : '*'))).join(' / ')
  const tolerance = right?.tolerances?.[at]
  return words && tolerance ? `${words} ± ${tolerance}` : words
}

/** What was right for one part. */
export function rightWords(item: Item, right: RightAnswer | undefined): string {
  if (right?.choices) return right.choices.map((id) => textOf(item, id)).join('；')
  if (right?.texts) return right.texts.map((_, at) => acceptedWords(right, at)).join('；')
  const base = right?.units?.find((unit) => unit.factor === 1)?.name
  return (right?.ranges ?? []).map((one) => rangeText(one, base)).join('；')
}

/** The feedback of the options that were chosen in part n, from 1: the keys are "2.<option>". */
export function gapFeedback(feedback: Record<string, string> | undefined, n: number): string[] {
  return Object.entries(feedback ?? {}).filter(([key]) => key.startsWith(`${n}.`)).map(([, text]) => text)
}
