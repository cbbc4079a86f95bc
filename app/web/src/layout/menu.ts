// The entries of the tabs and of the left menu.
import type { Component } from 'vue'
import BookOpen from 'icon:book-open'
import ClipboardList from 'icon:clipboard-list'
import House from 'icon:house'
import LayoutGrid from 'icon:layout-grid'
import UserRound from 'icon:user-round'

export interface MenuEntry {
  /** key of the label */
  label: string
  to: string
  icon: Component
  /** any of these permissions shows the entry; none = everybody */
  can?: string[]
  /** other paths under which the entry counts as current */
  also?: string[]
}

export interface MenuGroup {
  /** key of the heading */
  label: string
  entries: MenuEntry[]
}

export const home: MenuEntry = { label: 'shell.tab.home', to: '/', icon: House }
export const learn: MenuEntry = { label: 'shell.tab.learn', to: '/learn', icon: BookOpen, also: ['/knowledge'] }
export const exams: MenuEntry = { label: 'shell.tab.exams', to: '/exams', icon: ClipboardList, also: ['/attempts'] }
export const services: MenuEntry = { label: 'shell.tab.services', to: '/services', icon: LayoutGrid }
export const mine: MenuEntry = { label: 'shell.tab.me', to: '/me', icon: UserRound }

export const tabs = [home, learn, exams, services, mine]
/** Elder mode has four main entries; learning is reached from the first page. */
export const elderTabs = [home, exams, services, mine]

export function isCurrent(entry: MenuEntry, path: string): boolean {
  if (entry.to === '/') return path === '/'
  return [entry.to, ...(entry.also ?? [])].some((start) => path === start || path.startsWith(start + '/'))
}
