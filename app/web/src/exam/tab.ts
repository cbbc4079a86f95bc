// One tab of this browser answers an attempt. Tabs talk over a BroadcastChannel, because Web Locks need TLS, which a
// branch's own network may not have.
export interface TabGuard {
  /** Asks whether another tab answers this attempt. */
  taken: () => Promise<boolean>
  /** This tab answers from now on; the others stop. */
  take: () => void
  close: () => void
}

type Word = { kind: 'anybody' | 'here' | 'mine'; from: string }

/** `lost` is called when another tab takes the attempt over. */
export function guardTab(attempt: string, lost: () => void): TabGuard {
  if (typeof BroadcastChannel === 'undefined') return { taken: async () => false, take: () => undefined, close: () => undefined }
  const me = Math.random().toString(36).slice(2)
  const channel = new BroadcastChannel(`qiming-attempt-${attempt}`)
  let mine = false
  let heard: (() => void) | null = null
  const say = (kind: Word['kind']) => channel.postMessage({ kind, from: me } satisfies Word)
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.from === me) return
    if (data.kind === 'anybody' && mine) say('here')
    if (data.kind === 'here') heard?.()
    if (data.kind === 'mine' && mine) {
      mine = false
      lost()
    }
  }
  return {
    taken: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), 200)
        heard = () => {
          clearTimeout(timer)
          resolve(true)
        }
        say('anybody')
      }),
    take: () => {
      mine = true
      say('mine')
    },
    close: () => channel.close(),
  }
}
