// How a viewer gets at a file, and what belongs to it.
import type { components } from '@/api/schema'

export type MediaLink = components['schemas']['MediaLink']

/** The name of a language (BCP 47) in the language of the page. */
export function languageName(lang: string, locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: 'language' }).of(lang) ?? lang
  } catch {
    return lang
  }
}
