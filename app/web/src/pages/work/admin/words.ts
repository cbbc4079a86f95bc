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
  'quiz.create', 'quiz.save', 'quiz.publish', 'quiz.close', 'quiz.reopen', 'quiz.archive', 'quiz.delete', 'quiz.release', 'override.set', 'override.delete',
  'attempt.start', 'attempt.mark', 'attempt.admit', 'attempt.void', 'result.export', 'audit.read', 'audit.verify',
]

const keyOf = (name: string) => `admin.action.${name.replace('.', '_')}`
export const actionWord = (action: string): string => (te(keyOf(action)) ? t(keyOf(action)) : action)
/** "member:d8k…" by its kind. */
export function objectWord(object: string): string {
  const key = `admin.object.${object.split(':')[0]}`
  return te(key) ? t(key) : (object.split(':')[0] ?? '')
}
