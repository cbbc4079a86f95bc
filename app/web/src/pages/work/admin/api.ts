// The calls of the administrators: accounts, roles, audit, jobs.
import { call, client } from '@/api/client'
import type { Page } from '../bank/api'

export interface Grant {
  role: string
  org_id: string
  org_name?: string
}

export interface Account {
  id: string
  login: string
  name: string
  member_id?: string
  org_name?: string
  grants?: Grant[]
  disabled?: boolean
  locked?: boolean
  locked_until?: string
  must_change_password?: boolean
  last_sign_in?: string
  created_at?: string
}

export interface AccountSession {
  id: string
  device: string
  address: string
  created_at: string
  seen_at: string
  current?: boolean
}

export interface RoleRow {
  role: string
  permissions: string[]
  grantable?: boolean
}

export interface AuditEntry {
  id: string
  seq: number
  at: string
  actor_id: string
  actor_name: string
  address: string
  action: string
  object: string
  object_name: string
  outcome: 'ok' | 'refused' | 'failed'
  key?: string
  detail?: Record<string, string> | null
  hash: string
}

export interface AuditReport {
  ok: boolean
  entries: number
  broken_at?: number
  reason?: string
  head?: string
}

export interface Job {
  /** the name of the job */
  id: string
  every: number
  next_at?: string
  last_run?: string
  last_error?: string
  last_duration_ms?: number
  lease_holder?: string
  runs?: number
}

export interface NewPassword {
  login: string
  name: string
  one_time_password: string
}

export interface Provision {
  items: NewPassword[]
  skipped: { member_id: string; name: string; code: string }[]
  remaining: number
}

export const grantable = ['group_leader', 'secretary', 'clerk', 'trainer', 'evaluator', 'leader', 'mailbox', 'system_admin', 'security_admin', 'audit_admin']
export const administrators = ['system_admin', 'security_admin', 'audit_admin']
/** A grant of an administrator's role may stand for the whole installation. */
export const everywhere = '*'

export const listAccounts = (query: { q?: string; role?: string; org?: string; limit?: number; after?: string }): Promise<Page<Account>> =>
  call(client.GET('/api/v1/accounts', { params: { query } })) as Promise<Page<Account>>
export const getAccount = (id: string): Promise<Account> => call(client.GET('/api/v1/accounts/{id}', { params: { path: { id } } })) as Promise<Account>
export const createAccount = (body: { login: string; name: string; member_id?: string; grants: Grant[] }): Promise<{ account: Account; one_time_password: string }> =>
  call(client.POST('/api/v1/accounts', { body })) as Promise<{ account: Account; one_time_password: string }>
export const createForMembers = (body: { member_ids?: string[]; org_id?: string }): Promise<Provision> =>
  call(client.POST('/api/v1/accounts/for-members', { body })) as Promise<Provision>
export const resetAccount = (id: string): Promise<{ one_time_password: string }> => call(client.POST('/api/v1/accounts/{id}/reset', { params: { path: { id } } })) as Promise<{ one_time_password: string }>
export const setAccountStatus = (id: string, status: 'active' | 'disabled' | 'unlocked'): Promise<Account> =>
  call(client.POST('/api/v1/accounts/{id}/status', { params: { path: { id } }, body: { status } })) as Promise<Account>
const bare = ({ role, org_id }: Grant) => ({ role, org_id })
export const setGrants = (id: string, seen: Grant[], grants: Grant[]): Promise<Account> =>
  call(client.PUT('/api/v1/accounts/{id}/grants', { params: { path: { id } }, body: { seen: seen.map(bare), grants: grants.map(bare) } })) as Promise<Account>
export const accountSessions = async (id: string): Promise<AccountSession[]> =>
  (await (call(client.GET('/api/v1/accounts/{id}/sessions', { params: { path: { id } } })) as Promise<Page<AccountSession>>)).items ?? []
export const endSession = (id: string, sid: string): Promise<void> => call(client.DELETE('/api/v1/accounts/{id}/sessions/{sid}', { params: { path: { id, sid } } })) as Promise<void>

export const listRoles = async (): Promise<RoleRow[]> => (await (call(client.GET('/api/v1/roles')) as Promise<Page<RoleRow>>)).items ?? []
export const listAudit = (query: { actor?: string; object?: string; action?: string; from?: string; to?: string; limit?: number; after?: string }): Promise<Page<AuditEntry>> =>
  call(client.GET('/api/v1/audit', { params: { query } })) as Promise<Page<AuditEntry>>
export const verifyAudit = (): Promise<AuditReport> => call(client.POST('/api/v1/audit/verify')) as Promise<AuditReport>
export const showFilms = () => call(client.GET('/api/v1/media/films'))
export const listJobs = async (): Promise<Job[]> => (await (call(client.GET('/api/v1/jobs')) as Promise<Page<Job>>)).items ?? []
