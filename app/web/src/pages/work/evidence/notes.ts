// How a decision on signs of integrity looks.
export const decisions = ['no_concern', 'follow_up', 'talk_held'] as const

export const noteTone = (decision: string | undefined): 'ok' | 'warn' | 'info' => (decision === 'no_concern' ? 'ok' : decision === 'follow_up' ? 'warn' : 'info')
