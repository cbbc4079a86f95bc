// The calls of the organisation tree and the members.
import { call, client, ifMatch } from '@/api/client'
import type { Page } from '../bank/api'
import type { MemberForm, stages } from './fields'

export const orgKinds = ['committee', 'general_branch', 'branch', 'group'] as const
export type OrgKind = (typeof orgKinds)[number]

export interface Org {
  id: string
  rev: number
  parent_id: string
  kind: OrgKind
  name: string
  short_name?: string
  code?: string
  order?: number
  unit?: string
  contact?: string
  phone?: string
  founded?: string
  abolished?: string
  /** false for the nodes above, shown for orientation only */
  in_scope?: boolean
  members?: number
}

/** What people fill in of a node; the parent only when it is made. */
export interface OrgEdit {
  name: string
  short_name: string
  code: string
  kind: OrgKind
  parent_id: string
  unit: string
  contact: string
  phone: string
  founded: string
  order: number
}

export interface Member {
  id: string
  rev: number
  org_id: string
  org_path?: string[]
  org_name?: string
  name: string
  number?: string
  sex?: string
  stage: string
  standing?: string
  identity?: string
  phone?: string
  joined?: string
  birth?: string
  post?: string
  extra_time?: number
  extra_reason?: string
}

export interface SavedMember {
  member: Member
  warnings: { path: string; key: string; params?: Record<string, unknown> }[] | null
}

/** Kinds that may stand below a kind; '' is the root. */
export const below: Record<string, OrgKind[]> = {
  '': ['committee', 'general_branch', 'branch'],
  committee: ['committee', 'general_branch', 'branch'],
  general_branch: ['branch'],
  branch: ['group'],
  group: [],
}

let cached: Promise<Org[]> | undefined
/** The organisations that I may see, flat. One request serves the pages of a visit; `fresh` asks again. */
export function listOrgs(fresh = false): Promise<Org[]> {
  if (!cached || fresh) {
    const mine = (call(client.GET('/api/v1/orgs', { params: { query: { counts: true } } })) as Promise<Page<Org>>).then((page) => page.items ?? [])
    cached = mine
    mine.catch(() => {
      if (cached === mine) cached = undefined
    })
  }
  return cached
}
export const createOrg = (edit: OrgEdit): Promise<Org> => call(client.POST('/api/v1/orgs', { body: edit })) as Promise<Org>
export const saveOrg = (id: string, rev: number, edit: OrgEdit): Promise<Org> =>
  call(client.PUT('/api/v1/orgs/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(rev) } }, body: edit })) as Promise<Org>
export const moveOrg = (id: string, rev: number, parentId: string): Promise<Org> =>
  call(client.POST('/api/v1/orgs/{id}/move', { params: { path: { id }, header: { 'If-Match': ifMatch(rev) } }, body: { parent_id: parentId } })) as Promise<Org>
export const abolishOrg = (id: string): Promise<Org> => call(client.POST('/api/v1/orgs/{id}/abolish', { params: { path: { id } } })) as Promise<Org>

export const listMembers = (query: { org?: string; q?: string; stage?: (typeof stages)[number]; limit?: number; after?: string }): Promise<Page<Member>> =>
  call(client.GET('/api/v1/members', { params: { query } })) as Promise<Page<Member>>
export const getMember = (id: string): Promise<Member> => call(client.GET('/api/v1/members/{id}', { params: { path: { id } } })) as Promise<Member>
export const createMember = (edit: MemberForm): Promise<SavedMember> => call(client.POST('/api/v1/members', { body: edit })) as Promise<SavedMember>
export const saveMember = (id: string, rev: number, edit: MemberForm): Promise<SavedMember> =>
  call(client.PUT('/api/v1/members/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(rev) } }, body: edit })) as Promise<SavedMember>
export const revealIdentity = (id: string, reason: string): Promise<{ identity: string; phone?: string; address?: string }> =>
  call(client.POST('/api/v1/members/{id}/identity', { params: { path: { id } }, body: { reason } })) as Promise<{ identity: string; phone?: string; address?: string }>
