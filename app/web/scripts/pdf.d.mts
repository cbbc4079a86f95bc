import type { Plugin } from 'vite'
export function pdf(): Plugin
