// Every page by its address. Guards: signed in or not, the forced change of password, permission.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { whenSignedOut } from '@/api/client'
import { loadAreas, t } from '@/i18n'
import { workRoutes } from '@/pages/work/routes'
import { useSession } from '@/stores/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** open to those who are not signed in */
    open?: boolean
    /** a page of the product that those who are not signed in see too, as far as it is public */
    public?: boolean
    /** any of these permissions opens the page */
    can?: string[]
    /** text areas to load first */
    areas?: string[]
    /** key of the page title */
    title?: string
    /** where the back arrow of a phone leads */
    up?: string
    /** a page that leads itself: no tabs on a phone */
    bare?: boolean
    /** dense PC type size */
    dense?: boolean
  }
}

const member: RouteRecordRaw[] = [
  { path: '', name: 'home', component: () => import('@/pages/home/HomePage.vue'), meta: { areas: ['home'], title: 'shell.tab.home' } },
  { path: 'learn', name: 'learn', component: () => import('@/pages/learn/LearnPage.vue'), meta: { areas: ['learn', 'knowledge', 'exam', 'search'], title: 'shell.tab.learn' } },
  { path: 'search', name: 'search', component: () => import('@/pages/search/SearchPage.vue'), meta: { public: true, areas: ['search', 'knowledge'], title: 'search.title', up: '/learn' } },
  { path: 'knowledge', name: 'knowledge', component: () => import('@/pages/knowledge/KnowledgePage.vue'), meta: { public: true, areas: ['knowledge', 'search'], title: 'knowledge.title' } },
  { path: 'knowledge/:id/files/:file', name: 'knowledge-document', props: true, component: () => import('@/pages/knowledge/DocumentPage.vue'), meta: { public: true, areas: ['knowledge', 'media'], title: 'knowledge.title', up: '/knowledge' } },
  { path: 'knowledge/:id', name: 'knowledge-article', props: true, component: () => import('@/pages/knowledge/ArticlePage.vue'), meta: { public: true, areas: ['knowledge', 'media', 'discuss'], title: 'knowledge.title', up: '/knowledge' } },
  { path: 'exams', name: 'exams', component: () => import('@/pages/exams/ExamsPage.vue'), meta: { areas: ['exam'], title: 'shell.tab.exams' } },
  { path: 'exams/:id', name: 'exam', props: true, component: () => import('@/pages/exams/ExamPage.vue'), meta: { areas: ['exam'], title: 'exam.instructions.title', up: '/exams' } },
  { path: 'attempts/:id/result', name: 'result', props: true, component: () => import('@/pages/exams/ResultPage.vue'), meta: { areas: ['exam', 'outcome'], title: 'exam.result.title', up: '/exams' } },
  { path: 'attempts/:id/receipts', name: 'receipts', props: true, component: () => import('@/pages/exams/ReceiptsPage.vue'), meta: { areas: ['exam'], title: 'exam.receipts.title', up: '/me/receipts' } },
  { path: 'services', name: 'services', component: () => import('@/pages/services/ServicesPage.vue'), meta: { areas: ['services'], title: 'shell.tab.services' } },
  { path: 'services/org', name: 'org', component: () => import('@/pages/services/OrgPage.vue'), meta: { areas: ['services'], title: 'services.org.title', up: '/services' } },
  { path: 'services/help', name: 'help', component: () => import('@/pages/services/HelpPage.vue'), meta: { areas: ['help'], title: 'help.title', up: '/services' } },
  { path: 'me', name: 'me', component: () => import('@/pages/me/MePage.vue'), meta: { areas: ['me'], title: 'shell.tab.me' } },
  { path: 'me/profile', name: 'profile', component: () => import('@/pages/me/ProfilePage.vue'), meta: { areas: ['me'], title: 'me.profile.title', up: '/me' } },
  { path: 'me/settings', name: 'settings', component: () => import('@/pages/me/SettingsPage.vue'), meta: { areas: ['me'], title: 'me.settings.title', up: '/me' } },
  { path: 'me/devices', name: 'devices', component: () => import('@/pages/me/DevicesPage.vue'), meta: { areas: ['me'], title: 'me.devices.title', up: '/me' } },
  { path: 'me/password', name: 'password', component: () => import('@/pages/me/PasswordPage.vue'), meta: { areas: ['me'], title: 'me.password.title', up: '/me' } },
  { path: 'me/certificates', name: 'certificates', component: () => import('@/pages/me/CertificatesPage.vue'), meta: { areas: ['me', 'exam', 'outcome'], title: 'outcome.cert.title', up: '/me' } },
  { path: 'me/certificates/:id', name: 'certificate', props: true, component: () => import('@/pages/me/CertificatePage.vue'), meta: { areas: ['me', 'exam', 'outcome'], title: 'outcome.cert.title', up: '/me/certificates' } },
  { path: 'me/knowledge', name: 'kept', component: () => import('@/pages/me/KeptPage.vue'), meta: { areas: ['me', 'knowledge'], title: 'me.kept.title', up: '/me' } },
  { path: 'me/comments', name: 'my-comments', component: () => import('@/pages/me/MyCommentsPage.vue'), meta: { areas: ['me', 'discuss'], title: 'discuss.own.title', up: '/me' } },
  { path: 'me/receipts', name: 'my-receipts', component: () => import('@/pages/me/MyReceiptsPage.vue'), meta: { areas: ['me', 'exam'], title: 'me.receipts.title', up: '/me' } },
]

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('@/pages/account/SignInPage.vue'), meta: { open: true, title: 'account.sign_in.title' } },
    { path: '/verify/:serial?', name: 'verify', props: true, component: () => import('@/pages/verify/VerifyPage.vue'), meta: { open: true, areas: ['outcome'], title: 'outcome.verify.title' } },
    { path: '/setup', name: 'setup', component: () => import('@/pages/account/SetupPage.vue'), meta: { open: true, title: 'account.setup.title' } },
    { path: '/change-password', name: 'change-password', component: () => import('@/pages/account/ChangePasswordPage.vue'), meta: { title: 'account.change.title' } },
    { path: '/attempts/:id', name: 'attempt', props: true, component: () => import('@/pages/exams/AttemptPage.vue'), meta: { areas: ['exam'], title: 'exam.take.title' } },
    {
      path: '/',
      component: () => import('@/layout/ShellLayout.vue'),
      children: [
        ...member,
        ...workRoutes,
        { path: ':rest(.*)*', name: 'absent', component: () => import('@/pages/AbsentPage.vue'), meta: { title: 'shell.absent.title' } },
      ],
    },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (session.known !== 'yes') await session.load().catch(() => undefined)
  if (to.meta.open) {
    if (to.name === 'sign-in' && session.signedIn && session.known === 'yes') return typeof to.query.next === 'string' ? to.query.next : '/'
    return true
  }
  if (!session.signedIn) return to.meta.public || { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (session.me?.must_change_password && to.name !== 'change-password') return { name: 'change-password', query: { next: to.fullPath } }
  if (to.meta.can && !session.can(...to.meta.can)) return { name: 'absent', params: { rest: to.path.slice(1).split('/') }, replace: true }
  return true
})

router.beforeResolve(async (to) => {
  await loadAreas(to.matched.flatMap((record) => record.meta.areas ?? []))
})

router.afterEach((to) => {
  document.title = to.meta.title ? `${t(to.meta.title)} · ${t('shell.name')}` : t('shell.name')
})

// A chunk that is gone (a new version was installed) is fetched anew by loading the page once.
router.onError((cause, to) => {
  if (!/dynamically imported module|Importing a module script failed/i.test(String(cause)) || !navigator.onLine) return
  if (sessionStorage.getItem('qiming.reloaded') === to.fullPath) return
  sessionStorage.setItem('qiming.reloaded', to.fullPath)
  location.assign(to.fullPath)
})

whenSignedOut(() => {
  const session = useSession()
  const here = router.currentRoute.value
  if (!session.signedIn || here.meta.open || here.name === 'attempt') return
  session.drop()
  void router.push({ name: 'sign-in', query: { next: here.fullPath, ended: '1' } })
})
