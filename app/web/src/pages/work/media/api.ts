// The material of an organisation.
import { call, client } from '@/api/client'
import type { components } from '@/api/schema'

export type Material = components['schemas']['ShelfItem']
type Class = 'image' | 'audio' | 'video' | 'document'

const of = (id: string, orgId: string) => ({ params: { path: { id }, query: { org_id: orgId || undefined } } })

export const listMaterial = (query: { org_id?: string; class?: string; q?: string; after?: string }) => call(client.GET('/api/v1/material', { params: { query: { ...query, class: (query.class || undefined) as Class | undefined, limit: 50 } } }))
export const showMaterial = (id: string, orgId: string) => call(client.GET('/api/v1/material/{id}', of(id, orgId)))
export const renameMaterial = (id: string, orgId: string, name: string) => call(client.PATCH('/api/v1/material/{id}', { ...of(id, orgId), body: { name } }))
export const removeMaterial = (id: string, orgId: string) => call(client.DELETE('/api/v1/material/{id}', of(id, orgId)))
export const convertMaterial = (id: string, orgId: string) => call(client.POST('/api/v1/material/{id}/film', of(id, orgId)))
export const removeSubtitles = (id: string, orgId: string, lang: string) => call(client.DELETE('/api/v1/material/{id}/subtitles/{lang}', { params: { path: { id, lang }, query: { org_id: orgId || undefined } } }))
export const materialUsage = (orgId: string) => call(client.GET('/api/v1/media/usage', { params: { query: { org_id: orgId || undefined } } }))
