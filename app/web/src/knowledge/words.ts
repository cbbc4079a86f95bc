// What articles are called and how they stand, as keys of texts and tones of tags.
import type { Kind, Standing } from './api'

export const kindKey = (kind: string): string => `knowledge.kind.${kind}`
export const standingKey = (standing: string): string => `knowledge.standing.${standing}`
export const standingTone = (standing: Standing): 'ok' | 'info' | 'red' | 'warn' => ({ in_force: 'ok', upcoming: 'info', replaced: 'red', expired: 'warn' } as const)[standing]
export const isLaw = (kind: Kind): boolean => kind === 'regulation'

/** A day as the server writes it, as an instant of that day wherever the organisation is. */
export const dayOf = (day: string | undefined): string | undefined => (day ? `${day}T12:00:00+08:00` : undefined)
