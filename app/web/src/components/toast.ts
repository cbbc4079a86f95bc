// Short messages at the foot of the page, and the way back for 8 seconds after an act (ui.md section 4).
import { reactive } from 'vue'
import { t } from '@/i18n'

export interface Toast {
  text: string
  tone?: 'ok' | 'red' | 'warn' | 'info'
  /** label of the button */
  action?: string
  act?: () => void
  /** how long it stays; 0 = until closed */
  seconds?: number
}

export interface ShownToast extends Toast {
  id: number
}

export const toasts = reactive<ShownToast[]>([])
let last = 0
const most = 3

/** Shows a message; gives the way to take it away early. */
export function toast(message: Toast): () => void {
  const id = ++last
  // The same words stand there once, and a way back is the last to give way.
  const again = toasts.findIndex((shown) => shown.text === message.text && !shown.action)
  if (again >= 0) toasts.splice(again, 1)
  toasts.push({ tone: 'info', ...message, id })
  if (toasts.length > most) toasts.splice(Math.max(0, toasts.findIndex((shown) => !shown.action)), 1)
  const close = () => {
    const at = toasts.findIndex((shown) => shown.id === id)
    if (at >= 0) toasts.splice(at, 1)
  }
  const seconds = message.seconds ?? (message.tone === 'red' ? 8 : 5)
  if (seconds > 0) setTimeout(close, seconds * 1000)
  return close
}

/** Says what was done and offers 撤销 for 8 seconds; gives the way to take the offer away early. */
export function undoToast(text: string, undo: () => void): () => void {
  return toast({ text, tone: 'ok', action: t('common.undo'), act: undo, seconds: 8 })
}
