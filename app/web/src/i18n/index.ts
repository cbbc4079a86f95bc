// Texts by area: src/i18n/<locale>/<area>.json. The core areas come with the page; a route names the others in
// `meta.areas`, and the router loads them before it shows the page. Keys are `<area>.<key>`.
import { createI18n, type LocaleMessages, type VueMessageType } from 'vue-i18n'

export type Locale = 'zh-CN' | 'en'
export const locales: Locale[] = ['zh-CN', 'en']
type Messages = LocaleMessages<VueMessageType>[string]

const files = import.meta.glob<Messages>(['./zh-CN/*.json', './en/*.json'], { import: 'default' })

/** Areas that every page needs. */
export const coreAreas = ['shell', 'common', 'errors', 'time', 'account']

/** Which form of "one | more" a count takes: only 1 the first. A count given as text comes with its number, as the third argument of t. */
export const pluralRules = { en: (n: number, forms: number): number => (forms > 1 && n !== 1 ? 1 : 0) }

export const i18n = createI18n<false>({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: false,
  missingWarn: false,
  fallbackWarn: false,
  pluralRules,
  messages: { 'zh-CN': {}, en: {} },
})

const loaded = new Set<string>()
const wanted = new Set<string>(coreAreas)
/** the language that is being changed to: what is asked for meanwhile is loaded in it too */
let coming: Locale | undefined

async function loadOne(locale: Locale, area: string): Promise<void> {
  const id = `${locale}/${area}`
  if (loaded.has(id)) return
  const file = files[`./${id}.json`]
  if (!file) return
  i18n.global.mergeLocaleMessage(locale, { [area]: await file() })
  loaded.add(id)
}

export const locale = (): Locale => i18n.global.locale.value as Locale

/** Makes the texts of the areas ready in the language in use. */
export async function loadAreas(areas: readonly string[]): Promise<void> {
  for (const area of areas) wanted.add(area)
  const languages = [...new Set([locale(), coming ?? locale()])]
  await Promise.all(areas.flatMap((area) => languages.map((one) => loadOne(one, area))))
}

/** Changes the language, after its texts have come. */
export async function setLocale(next: Locale): Promise<void> {
  coming = next
  for (let known = -1; known < wanted.size; ) {
    known = wanted.size
    await Promise.all([...wanted].map((area) => loadOne(next, area)))
  }
  if (coming !== next) return // changed again meanwhile
  coming = undefined
  i18n.global.locale.value = next
  document.documentElement.lang = next
}

export const t = (key: string, params: Record<string, unknown> = {}): string => i18n.global.t(key, params)
export const te = (key: string): boolean => i18n.global.te(key)
