// Words of the audit trail. What the trail names and these do not know is shown as it stands.
import { t, te } from '@/i18n'

/** Acts to filter by: those that reviewers of the trail look for. */
export const auditActions = [
  'session.sign_in', 'session.sign_out', 'session.revoke', 'setup.run',
  'account.create', 'account.reset', 'account.disable', 'account.enable', 'account.unlock', 'account.change_password', 'grant.write',
  'org.create', 'org.edit', 'org.move', 'org.abolish',
  'member.create', 'member.edit', 'member.move', 'member.reveal', 'member_import.preview', 'member_import.confirm', 'member_import.undo',
  'category.create', 'category.save', 'category.delete',
  'question.create', 'question.save', 'question.status', 'question.file', 'question.delete', 'question.import', 'question.undo_import', 'question.export', 'bank.settings',
  'quiz.create', 'quiz.save', 'quiz.publish', 'quiz.close', 'quiz.reopen', 'quiz.archive', 'quiz.delete', 'quiz.release', 'quiz.cancel_release', 'override.set', 'override.delete',
  'attempt.start', 'attempt.mark', 'attempt.admit', 'attempt.void', 'result.export', 'marks.export', 'consistency.export', 'statistics.export', 'audit.read', 'audit.verify',
]

const keyOf = (name: string) => `admin.action.${name.replace('.', '_')}`
export const actionWord = (action: string): string => (te(keyOf(action)) ? t(keyOf(action)) : action)
/** "member:d8k…" by its kind. */
export function objectWord(object: string): string {
  const key = `admin.object.${object.split(':')[0]}`
  return te(key) ? t(key) : (object.split(':')[0] ?? '')
}

/** What a detail of an entry is called; a name without a word of its own is shown with its words apart. */
export const detailWord = (name: string): string => (te(`admin.detail.${name}`) ? t(`admin.detail.${name}`) : name.replaceAll('_', ' '))
/** The value of a detail, in words where it is a word of the system: a question's state, yes or no, a role. */
export function detailValue(action: string, name: string, value: string): string {
  if (action === 'question.status' && te(`bank.status.${value}`)) return t(`bank.status.${value}`)
  if (value === 'yes' || value === 'no') return t(`admin.${value}`)
  if (name !== 'grants') return value
  const role = (grant: string) => grant.split('@')[0] ?? ''
  const words = value.split(' ').filter(Boolean).map((grant) => (te(`shell.role.${role(grant)}`) ? grant.replace(role(grant), t(`shell.role.${role(grant)}`)).replace('@', ' · ').replace(/ · $/, '') : grant))
  return words.join(t('admin.comma')) || t('admin.none')
}
