// Words and tones of what happens after a result.
import type { Appeal, Certificate, Regrade, RegradePreview, VerifiedCertificate } from '@/api/types'

type Tone = 'neutral' | 'red' | 'ok' | 'warn' | 'info'

export const appealTone = (state: Appeal['state']): Tone => ({ open: 'warn', upheld: 'ok', rejected: 'info', withdrawn: 'neutral' })[state] as Tone
export const certificateTone = (state: Certificate['state'] | VerifiedCertificate['state']): Tone => ({ valid: 'ok', expired: 'warn', replaced: 'info', revoked: 'red', mistyped: 'red', unknown: 'red' })[state] as Tone
export const regradeTone = (state: Regrade['state']): Tone => ({ asked: 'warn', approved: 'info', applied: 'ok', declined: 'neutral', withdrawn: 'neutral' })[state] as Tone

/** Why what was previewed cannot be asked for; '' where it can. */
export function hindrance(totals: RegradePreview['totals']): '' | 'unfit' | 'empty_paper' | 'nothing' {
  if (totals.unfit > 0) return 'unfit'
  if (totals.empty > 0) return 'empty_paper'
  return totals.attempts === 0 ? 'nothing' : ''
}

/** How wide the title of a certificate may be set: long ones are smaller. */
export const titleSize = (title: string): 'large' | 'medium' | 'small' => (title.length <= 8 ? 'large' : title.length <= 16 ? 'medium' : 'small')
