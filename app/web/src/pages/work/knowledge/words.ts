// The desk's words: states, steps and fields as keys of texts and tones of tags.
import type { Status } from './api'

export const statusKey = (status: string): string => `knowledge.status.${status}`
export const statusTone = (status: Status): 'neutral' | 'warn' | 'info' | 'ok' | 'red' => ({ draft: 'neutral', review: 'warn', scheduled: 'info', published: 'ok', withdrawn: 'red' } as const)[status]

/** The field that a path of the server names: attachments[2].name is the third of its kind. */
export function fieldOf(path: string): { key: string; n: number } {
  const found = /^([a-z_.]+?)(?:\[(\d+)\](?:\.\w+)?)?$/.exec(path)
  return { key: (found?.[1] ?? path).replaceAll('.', '_'), n: Number(found?.[2] ?? 0) + 1 }
}
