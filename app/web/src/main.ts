import 'quasar/dist/quasar.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/print.css'
import { createPinia } from 'pinia'
import { Quasar } from 'quasar'
import { createApp } from 'vue'
import App from './App.vue'
import { coreAreas, i18n, loadAreas, setLocale } from './i18n'
import { router } from './router'
import { useSettings } from './stores/settings'

async function start(): Promise<void> {
  const app = createApp(App)
  app.use(createPinia())
  app.use(Quasar, {})
  app.use(i18n)
  const settings = useSettings()
  settings.apply()
  settings.follow()
  await loadAreas(coreAreas)
  await setLocale(settings.language)
  app.use(router)
  app.mount('#app')
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    const { watchForUpdates } = await import('./layout/updates')
    watchForUpdates()
  }
}

void start()
