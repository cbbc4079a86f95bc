/** The tone of a comment's state. */
export const commentTone = (state: string): 'ok' | 'warn' | 'red' | 'neutral' => (state === 'passed' ? 'ok' : state === 'waiting' ? 'warn' : state === 'refused' || state === 'hidden' ? 'red' : 'neutral')
