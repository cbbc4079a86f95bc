// What a member's file holds (app/member): the choices, and the fields of the form in their order.
export const stages = ['applicant', 'activist', 'candidate', 'probationary', 'full'] as const
export const standings = ['normal', 'suspended', 'correcting', 'removed', 'withdrawn', 'expelled', 'transferred', 'deceased'] as const
export const sexes = ['male', 'female'] as const

export interface MemberForm {
  number: string
  name: string
  sex: string
  ethnicity: string
  native_place: string
  birth: string
  identity: string
  education: string
  category: string
  stage: string
  org_id: string
  joined: string
  full_since: string
  post: string
  phone: string
  address: string
  standing: string
  lost_since: string
  mobile: boolean
  mobile_to: string
  note: string
}

export const emptyMember = (orgId = ''): MemberForm => ({
  number: '', name: '', sex: '', ethnicity: '', native_place: '', birth: '', identity: '', education: '', category: '', stage: 'full', org_id: orgId,
  joined: '', full_since: '', post: '', phone: '', address: '', standing: 'normal', lost_since: '', mobile: false, mobile_to: '', note: '',
})

/** The form of a stored member; masked values stay masked, and the server keeps what comes back masked. */
export function memberForm(member: Record<string, unknown>): MemberForm {
  const form = emptyMember()
  for (const key of Object.keys(form) as (keyof MemberForm)[]) {
    const value = member[key]
    if (typeof value === typeof form[key]) (form as unknown as Record<string, unknown>)[key] = value
  }
  return form
}

/** Fields that a column of an import may be taken for. */
export const importFields = ['name', 'identity', 'org', 'stage', 'number', 'sex', 'ethnicity', 'native_place', 'birth', 'education', 'category', 'joined', 'full_since', 'post', 'phone', 'address', 'standing', 'lost_since', 'mobile', 'mobile_to', 'note']

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Whether an identity number is whole: 18 places and the check character of GB 11643 (ISO 7064 MOD 11-2). */
export function identityFits(text: string): boolean {
  const id = text.normalize('NFKC').trim().toUpperCase()
  if (!/^\d{17}[\dX]$/.test(id)) return false
  const sum = weights.reduce((total, weight, i) => total + weight * Number(id[i]), 0)
  return '10X98765432'[sum % 11] === id[17]
}

/** Birth and sex that an identity number tells. */
export function fromIdentity(text: string): { birth: string; sex: string } | null {
  if (!identityFits(text)) return null
  const id = text.normalize('NFKC').trim()
  return { birth: `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`, sex: Number(id[16]) % 2 ? 'male' : 'female' }
}
