// Comments that an evaluator uses again and again (常用评语): the calls, and how one goes into a text.
import { call, client, ifMatch } from '@/api/client'
import type { components } from '@/api/schema'

export type Snippets = components['schemas']['ExamSnippets']

export const maxSnippets = 50
export const maxSnippet = 200
/** how many have a key: Shift with a digit */
export const keyed = 9

export const getSnippets = (): Promise<Snippets> => call(client.GET('/api/v1/me/snippets'))
/** Puts a list in the place of one's own; `rev` is the revision that was seen, 0 where there was none. */
export const setSnippets = (rev: number, texts: string[]): Promise<Snippets> => call(client.PUT('/api/v1/me/snippets', { params: { header: rev ? { 'If-Match': ifMatch(rev) } : {} }, body: { texts } }))

/** A text with a snippet between start and end, and where the cursor stands then. After a word without a stop comes one. */
export function inserted(text: string, start: number, end: number, snippet: string): { text: string; at: number } {
  const before = text.slice(0, start)
  const stop = /[\p{L}\p{N}]$/u.test(before) ? (/\p{Script=Han}/u.test(before + snippet) ? '；' : '; ') : ''
  return { text: before + stop + snippet + text.slice(end), at: start + stop.length + snippet.length }
}

/** Puts a snippet into a field where its cursor stands; false where the field does not hold so much. */
export function insertInto(field: HTMLTextAreaElement, snippet: string): boolean {
  const now = inserted(field.value, field.selectionStart, field.selectionEnd, snippet)
  if (field.maxLength >= 0 && now.text.length > field.maxLength) return false
  field.value = now.text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  field.setSelectionRange(now.at, now.at)
  return true
}
