// Words and tones that the bank's pages share.
import type { Kind, Status } from './content'

export type Tone = 'neutral' | 'red' | 'ok' | 'warn' | 'info'

export const statusTone = (status: Status): Tone => ({ draft: 'neutral', review: 'info', published: 'ok', retired: 'warn' })[status] as Tone
export const kindKey = (kind: Kind): string => `bank.kind.${kind}`
export const statusKey = (status: Status): string => `bank.status.${status}`
