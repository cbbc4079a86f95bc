// Words that are being written, kept in this tab until they are sent: the session may end meanwhile, or the page be left.
import { ref, watch, type Ref } from 'vue'
import { useSession } from '@/stores/session'

function read(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function write(key: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(key, text)
    else sessionStorage.removeItem(key)
  } catch {
    // Without storage they last as long as the page.
  }
}

/** The words of a field; '' forgets them. `place` names the field. Each account has words of its own. */
export function useKept(place: () => string): Ref<string> {
  const account = useSession().me?.account_id ?? '' // once: it is gone when the session ends
  const key = () => `qm.words.${account}.${place()}`
  const text = ref(read(key()))
  watch(place, () => (text.value = read(key())))
  watch(text, (now) => write(key(), now), { flush: 'sync' })
  return text
}
