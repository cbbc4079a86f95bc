// An article as a form: everything is there, and what is empty or of another kind is left out when it is sent.
import type { Content } from './api'

export type Kind = Content['kind']
export type Role = NonNullable<Content['audience']['roles']>[number]

export interface Form {
  kind: Kind
  title: string
  summary: string
  body: string
  category_id: string
  tags: string[]
  aliases: string[]
  source: { label: string; url: string; official: boolean }
  audience: { public: boolean; members: boolean; orgs: string[]; roles: Role[] }
  cover: string
  attachments: { id: string; name: string }[]
  confirm: boolean
  comments: boolean
  law: { number: string; issuer: string; issued: string; effective: string; expires: string; replaces: string[] }
}

/** Limits of the server, in characters. */
export const limits = { title: 200, summary: 500, body: 100_000, attachments: 20 }

/** Offices that an audience may name: the administrators see no business data. */
export const readerRoles: Role[] = ['group_leader', 'secretary', 'clerk', 'trainer', 'evaluator', 'leader', 'mailbox']

export const emptyForm = (kind: Kind = 'article'): Form => ({
  kind,
  title: '',
  summary: '',
  body: '',
  category_id: '',
  tags: [],
  aliases: [],
  source: { label: '', url: '', official: false },
  // Within the organisation unless the author says otherwise.
  audience: { public: false, members: true, orgs: [], roles: [] },
  cover: '',
  attachments: [],
  confirm: false,
  comments: false,
  law: { number: '', issuer: '', issued: '', effective: '', expires: '', replaces: [] },
})

export function formOf(c: Content): Form {
  const empty = emptyForm(c.kind)
  return {
    ...empty,
    title: c.title,
    summary: c.summary ?? '',
    body: c.body,
    category_id: c.category_id ?? '',
    tags: [...(c.tags ?? [])],
    aliases: [...(c.aliases ?? [])],
    source: { label: c.source.label ?? '', url: c.source.url ?? '', official: c.source.official ?? false },
    audience: { public: c.audience.public ?? false, members: c.audience.members ?? false, orgs: [...(c.audience.orgs ?? [])], roles: [...(c.audience.roles ?? [])] },
    cover: c.cover ?? '',
    attachments: (c.attachments ?? []).map((one) => ({ ...one })),
    confirm: c.confirm ?? false,
    comments: c.comments ?? false,
    law: { ...empty.law, ...c.law, replaces: [...(c.law?.replaces ?? [])] },
  }
}

/** Fills a form in place: those who hold a part of it go on holding it. */
export function fillForm(form: Form, from: Form): void {
  const { source, audience, law, ...rest } = JSON.parse(JSON.stringify(from)) as Form
  Object.assign(form, rest)
  Object.assign(form.source, source)
  Object.assign(form.audience, audience)
  Object.assign(form.law, law)
}

export function contentOf(f: Form): Content {
  const some = <T>(list: T[]): T[] | undefined => (list.length ? [...list] : undefined)
  const { public: all, members, orgs, roles } = f.audience
  return {
    kind: f.kind,
    title: f.title,
    summary: f.summary || undefined,
    body: f.body,
    category_id: f.category_id || undefined,
    tags: some(f.tags),
    aliases: f.kind === 'term' ? some(f.aliases) : undefined,
    source: { label: f.source.label || undefined, url: f.source.url || undefined, official: f.source.official || undefined },
    audience: all ? { public: true } : members ? { members: true } : { orgs: some(orgs), roles: some(roles) },
    cover: f.cover || undefined,
    attachments: some(f.attachments.map((one) => ({ ...one }))),
    confirm: f.confirm || undefined,
    comments: f.comments || undefined,
    law:
      f.kind === 'regulation'
        ? { number: f.law.number || undefined, issuer: f.law.issuer || undefined, issued: f.law.issued || undefined, effective: f.law.effective || undefined, expires: f.law.expires || undefined, replaces: some(f.law.replaces) }
        : undefined,
  }
}

export type Reach = 'public' | 'members' | 'some'
/** Whom an audience names: everybody, every member, or only some organisations and offices. */
export const reachOf = (a: Form['audience']): Reach => (a.public ? 'public' : a.members ? 'members' : 'some')
/** The choice changes; organisations and offices that were named stay, for who changes their mind. */
export function setReach(a: Form['audience'], reach: Reach): void {
  a.public = reach === 'public'
  a.members = reach === 'members'
}
/** Nobody could read it. */
export const isNobody = (a: Form['audience']): boolean => !a.public && !a.members && !a.orgs.length && !a.roles.length

/** Whether something was written that is worth keeping. */
export const isBegun = (f: Form): boolean => [f.title, f.body, f.summary].some((text) => text.trim() !== '') || f.attachments.length > 0
