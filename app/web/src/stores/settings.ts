// How the reader wants the page: language, theme, font size, elder mode. Kept on the device, and with the account when signed in.
import { defineStore } from 'pinia'
import { Dark } from 'quasar'
import { setLocale, type Locale } from '@/i18n'

export type Theme = 'auto' | 'light' | 'dark'
export interface Settings {
  language: Locale
  theme: Theme
  elder: boolean
  /** 0 standard, 1 large, 2 largest */
  font: 0 | 1 | 2
}

const key = 'qiming.settings'
const defaults: Settings = { language: 'zh-CN', theme: 'auto', elder: false, font: 0 }

function read(): Settings {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Settings>) }
  } catch {
    return { ...defaults }
  }
}

const systemDark = () => window.matchMedia('(prefers-color-scheme: dark)')

export const useSettings = defineStore('settings', {
  state: read,
  getters: {
    dark: (s) => s.theme === 'dark' || (s.theme === 'auto' && systemDark().matches),
  },
  actions: {
    /** Puts the settings onto the page. */
    apply(): void {
      const root = document.documentElement
      root.dataset.theme = this.dark ? 'dark' : 'light'
      root.dataset.font = String(this.font)
      if (this.elder) root.dataset.elder = ''
      else delete root.dataset.elder
      Dark.set(this.dark)
      document.querySelector('meta[name=theme-color]')?.setAttribute('content', this.dark ? '#121317' : '#b3181e')
    },
    follow(): void {
      systemDark().addEventListener('change', () => this.apply())
    },
    async change(part: Partial<Settings>): Promise<void> {
      if (part.language) await setLocale(part.language)
      this.$patch(part)
      this.apply()
      try {
        localStorage.setItem(key, JSON.stringify(this.$state))
      } catch {
        // A browser without storage keeps the choice until the page is closed.
      }
    },
  },
})
