// Copies text, with the old way where the new one is not allowed (no TLS, WeChat), and says whether it worked.
import { t } from '@/i18n'
import { toast } from './toast'

export async function copyText(text: string): Promise<void> {
  toast((await copied(text)) ? { text: t('common.copied'), tone: 'ok' } : { text: t('common.copy_failed'), tone: 'warn' })
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.append(area)
    area.select()
    try {
      return document.execCommand('copy')
    } catch {
      return false
    } finally {
      area.remove()
    }
  }
}
