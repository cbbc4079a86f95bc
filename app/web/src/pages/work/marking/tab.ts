// The name by which the server knows a tab of the queue: answers are claimed by it. A reload keeps it; a second window, a
// duplicated one and a later visit have their own.
import { onScopeDispose } from 'vue'
import { freshId } from '@/api/id'

const key = 'qiming.queue_tab'

export function useTab(): string {
  const name = sessionStorage.getItem(key) ?? freshId()
  const forget = () => sessionStorage.removeItem(key) // a duplicated window copies what is stored
  const keep = () => sessionStorage.setItem(key, name)
  forget()
  window.addEventListener('pagehide', keep)
  window.addEventListener('pageshow', forget)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', keep)
    window.removeEventListener('pageshow', forget)
  })
  return name
}
