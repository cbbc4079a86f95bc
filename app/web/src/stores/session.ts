// Who is signed in, and what they may do.
import { defineStore } from 'pinia'
import { call, client, setCsrf } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Me } from '@/api/types'
import { locales, type Locale } from '@/i18n'
import { useSettings, type Settings, type Theme } from './settings'

const remembered = 'qiming.me'

/** Nobody has signed in on this device, as far as it remembers: whether its cookie says otherwise is asked with what is asked anyway. */
function neverSignedIn(): boolean {
  try {
    return localStorage.getItem(remembered) === null
  } catch {
    return false
  }
}

/** The last Me of this device without its token, so that a running exam can be shown after a reload without a network. */
function recall(): Me | null {
  try {
    const text = localStorage.getItem(remembered)
    return text ? (JSON.parse(text) as Me) : null
  } catch {
    return null
  }
}

function remember(me: Me | null): void {
  try {
    if (me) localStorage.setItem(remembered, JSON.stringify({ ...me, csrf: '' }))
    else localStorage.removeItem(remembered)
  } catch {
    // Without storage a reload needs the network.
  }
}

export const useSession = defineStore('session', {
  state: () => ({
    me: null as Me | null,
    /** unknown until the server was asked; offline when it could not be */
    known: 'unknown' as 'unknown' | 'yes' | 'offline',
    /** nobody has set the server up yet */
    needsSetup: false,
    /** the organisation node in view on the work pages; '' = all that I may see */
    orgId: sessionStorage.getItem('qiming.org') ?? '',
    orgName: sessionStorage.getItem('qiming.org_name') ?? '',
  }),
  getters: {
    signedIn: (s) => s.me !== null,
    permissions: (s) => new Set(s.me?.permissions ?? []),
  },
  actions: {
    can(...any: string[]): boolean {
      return any.some((permission) => this.permissions.has(permission))
    },
    async load(): Promise<void> {
      if (this.known === 'yes') return
      if (this.known === 'unknown' && neverSignedIn() && !(await this.askSetup())) {
        this.known = 'yes'
        return
      }
      try {
        this.take(await call(client.GET('/api/v1/session')))
      } catch (cause) {
        if (cause instanceof Problem && cause.offline) {
          this.me = recall()
          this.known = 'offline'
          return
        }
        this.me = null
        this.known = 'yes'
        if (cause instanceof Problem && cause.status === 401) await this.askSetup()
        else throw cause
      }
    },
    /** Learns whether the server is to be set up; gives whether somebody is signed in all the same. */
    async askSetup(): Promise<boolean> {
      try {
        const state = await call(client.GET('/api/v1/setup'))
        this.needsSetup = state.needed
        return state.signed_in
      } catch {
        this.needsSetup = false
        return false
      }
    },
    take(me: Me): void {
      this.me = me
      this.known = 'yes'
      this.needsSetup = false
      setCsrf(me.csrf)
      remember(me)
      // An account that never chose keeps what the device has (长辈版 may have been pressed before signing in).
      const p = me.preferences ?? {}
      if (!p.language && !p.theme && !p.elder && !p.font_scale) return
      const chosen: Partial<Settings> = { theme: (p.theme || 'auto') as Theme }
      if (p.language && locales.includes(p.language as Locale)) chosen.language = p.language as Locale
      if (p.elder !== undefined) chosen.elder = p.elder
      if (p.font_scale) chosen.font = p.font_scale >= 1.25 ? 2 : p.font_scale > 1 ? 1 : 0
      if (Object.keys(chosen).length) void useSettings().change(chosen)
    },
    async signIn(login: string, password: string): Promise<void> {
      this.take(await call(client.POST('/api/v1/session', { body: { login, password } })))
    },
    async signOut(): Promise<void> {
      await call(client.DELETE('/api/v1/session'))
      this.drop()
    },
    /** Forgets who was signed in: after signing out, or when the server no longer knows the session. */
    drop(): void {
      this.me = null
      this.known = 'yes'
      this.viewOrg('', '')
      setCsrf('')
      remember(null)
    },
    /** Keeps settings with the account too, so that they come along to the next device. */
    async keepPreferences(): Promise<void> {
      if (!this.me || this.known !== 'yes') return
      const s = useSettings()
      const scale = [1, 1.125, 1.25][s.font] ?? 1
      const me = await call(client.PATCH('/api/v1/me/preferences', { body: { language: s.language, theme: s.theme === 'auto' ? '' : s.theme, elder: s.elder, font_scale: scale } }))
      this.me = me
      if (me.csrf) setCsrf(me.csrf)
    },
    viewOrg(id: string, name: string): void {
      this.orgId = id
      this.orgName = name
      sessionStorage.setItem('qiming.org', id)
      sessionStorage.setItem('qiming.org_name', name)
    },
  },
})
