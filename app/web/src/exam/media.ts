// The links of the files that a page shows: handed down by the page, which has them from the server.
import { inject, provide, reactive, shallowRef, toValue, type InjectionKey, type MaybeRefOrGetter } from 'vue'
import type { components } from '@/api/schema'

export type MediaLinks = Record<string, components['schemas']['MediaLink']>
export interface Media {
  links: () => MediaLinks
  /** a file that was uploaded on this page is seen at once */
  add: (id: string, link: MediaLinks[string]) => void
  /** pictures that did not come: the network, the place that keeps them, or a link that is over */
  failed: Set<string>
  fail: (id: string) => void
  /** tries all of them again, with new links */
  retry: () => Promise<void>
}
const key: InjectionKey<Media> = Symbol('media')
/** Links are asked for by themselves once in so long, ms: a link that is over is the page's to mend, not the reader's. */
const pause = 30_000

/** `renew` makes the page ask for its links anew. */
export function provideMedia(links: MaybeRefOrGetter<MediaLinks | undefined>, renew?: () => Promise<unknown>): Media {
  const added = shallowRef<MediaLinks>({})
  const failed = reactive(new Set<string>())
  let asked = -Infinity
  async function retry(): Promise<void> {
    asked = Date.now()
    try {
      await renew?.()
      const known = toValue(links) ?? {}
      added.value = Object.fromEntries(Object.entries(added.value).filter(([id]) => !(id in known)))
    } catch {
      // The old links are tried again.
    }
    failed.clear()
  }
  const media: Media = {
    links: () => ({ ...toValue(links), ...added.value }),
    add: (id, link) => (added.value = { ...added.value, [id]: link }),
    failed,
    fail(id) {
      failed.add(id)
      if (renew && Date.now() - asked > pause) void retry()
    },
    retry,
  }
  provide(key, media)
  return media
}
const none: Media = { links: () => ({}), add: () => undefined, failed: new Set(), fail: () => undefined, retry: async () => undefined }
export const useMedia = (): Media => inject(key, none)
