// Is the page wide enough for the PC layout?
import { onScopeDispose, ref, type Ref } from 'vue'

export function useMedia(query: string): Ref<boolean> {
  const list = window.matchMedia(query)
  const matches = ref(list.matches)
  // A sheet of paper is as wide as a phone: whoever prints gets the page that stands on the screen, not another layout
  // that begins anew.
  const printing = window.matchMedia('print')
  const follow = (event: MediaQueryListEvent) => {
    if (!printing.matches) matches.value = event.matches
  }
  list.addEventListener('change', follow)
  onScopeDispose(() => list.removeEventListener('change', follow))
  return matches
}

/** At least 1024 px: left menu, tables, drawers at the side. */
export const useWide = (): Ref<boolean> => useMedia('(min-width: 1024px)')
