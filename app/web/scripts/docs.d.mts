import type { Plugin } from 'vite'
export function docs(): Plugin
