// The service worker: keeps the shell for use without a network. A new version waits until the reader agrees,
// and never asks while an exam is being answered.
import { registerSW } from 'virtual:pwa-register'
import { toast } from '@/components/toast'
import { t } from '@/i18n'
import { router } from '@/router'

export function watchForUpdates(): void {
  const update = registerSW({
    onNeedRefresh() {
      const offer = () => toast({ text: t('shell.update.ready'), action: t('shell.update.now'), act: () => void update(true), seconds: 0 })
      if (router.currentRoute.value.name !== 'attempt') return offer()
      const stop = router.afterEach((to) => {
        if (to.name === 'attempt') return
        stop()
        offer()
      })
    },
  })
}
