// The links of the files that a page shows: handed down by the page, which has them from the server.
import { inject, provide, shallowRef, toValue, type InjectionKey, type MaybeRefOrGetter } from 'vue'
import type { components } from '@/api/schema'

export type MediaLinks = Record<string, components['schemas']['MediaLink']>
export interface Media {
  links: () => MediaLinks
  /** a file that was uploaded on this page is seen at once */
  add: (id: string, link: MediaLinks[string]) => void
}
const key: InjectionKey<Media> = Symbol('media')

export function provideMedia(links: MaybeRefOrGetter<MediaLinks | undefined>): void {
  const added = shallowRef<MediaLinks>({})
  provide(key, { links: () => ({ ...toValue(links), ...added.value }), add: (id, link) => (added.value = { ...added.value, [id]: link }) })
}
export const useMedia = (): Media => inject(key, { links: () => ({}), add: () => undefined })
