// Routes and menu of the work areas (trainer, evaluator, administrator). Children of the shell.
// meta.can: any of these permissions opens the route; meta.areas: text areas to load; meta.title: key of the page title.
import type { RouteRecordRaw } from 'vue-router'
import Building from 'icon:landmark'
import ClipboardCheck from 'icon:clipboard-check'
import FileQuestion from 'icon:file-question-mark'
import FileText from 'icon:file-text'
import FolderOpen from 'icon:folder-open'
import KeyRound from 'icon:key-round'
import Library from 'icon:library'
import MessageSquareText from 'icon:message-square-text'
import Search from 'icon:search'
import ScrollText from 'icon:scroll-text'
import ShieldCheck from 'icon:shield-check'
import Timer from 'icon:timer'
import Users from 'icon:users'
import type { MenuGroup } from '@/layout/menu'

const grading = ['attempt:grade', 'result:read', 'statistics:read', 'attempt:release']

export const workRoutes: RouteRecordRaw[] = [
  // Trainer: the bank. A question opens in a drawer beside the list (?open=ID).
  { path: 'work/bank/new', name: 'question-new', component: () => import('./bank/QuestionEditor.vue'), meta: { can: ['question:write'], areas: ['work', 'bank', 'exam', 'knowledge'], title: 'bank.edit.title_new', up: '/work/bank' } },
  { path: 'work/bank/import', name: 'question-import', component: () => import('./bank/QuestionImport.vue'), meta: { can: ['question:import'], areas: ['work', 'bank', 'exam'], title: 'bank.import.title', up: '/work/bank' } },
  { path: 'work/bank/imports', name: 'question-imports', component: () => import('./bank/ImportHistory.vue'), meta: { can: ['question:import'], areas: ['work', 'bank'], title: 'bank.history.title', up: '/work/bank' } },
  { path: 'work/bank/synonyms', name: 'synonyms', component: () => import('./bank/SynonymsPage.vue'), meta: { can: ['question:read'], areas: ['work', 'bank'], title: 'bank.words.title', up: '/work/bank' } },
  { path: 'work/bank/flags', name: 'question-flags', component: () => import('./bank/FlagList.vue'), meta: { can: ['question:read'], areas: ['work', 'stats', 'exam'], title: 'stats.flags.title', up: '/work/bank' } },
  { path: 'work/bank/:id/edit', name: 'question-edit', props: true, component: () => import('./bank/QuestionEditor.vue'), meta: { can: ['question:write'], areas: ['work', 'bank', 'exam', 'knowledge'], title: 'bank.edit.title', up: '/work/bank' } },
  { path: 'work/bank', name: 'bank', component: () => import('./bank/BankPage.vue'), meta: { can: ['question:read'], areas: ['work', 'bank', 'exam', 'quiz', 'stats'], title: 'bank.title' } },
  // Trainer: quizzes.
  { path: 'work/quizzes', name: 'quizzes', component: () => import('./quiz/QuizList.vue'), meta: { can: ['quiz:read'], areas: ['work', 'quiz'], title: 'quiz.title' } },
  { path: 'work/quizzes/:id', name: 'quiz', props: true, component: () => import('./quiz/QuizEditor.vue'), meta: { can: ['quiz:read'], areas: ['work', 'quiz', 'bank', 'exam', 'outcome', 'evidence'], title: 'quiz.edit.title', up: '/work/quizzes' } },
  { path: 'work/quizzes/:id/print', name: 'paper-print', props: true, component: () => import('./paper/PaperPrint.vue'), meta: { can: ['quiz:write'], areas: ['work', 'quiz', 'exam', 'paper'], title: 'paper.print.title', up: '/work/quizzes' } },
  // Proctor.
  { path: 'work/quizzes/:id/board', name: 'board', props: true, component: () => import('./board/LiveBoard.vue'), meta: { can: ['attempt:watch'], areas: ['work', 'board'], title: 'board.title', up: '/work/quizzes' } },
  // Evaluator.
  { path: 'work/marking', name: 'marking', component: () => import('./marking/MarkingList.vue'), meta: { can: grading, areas: ['work', 'marking'], title: 'marking.title' } },
  { path: 'work/marking/:id', name: 'marking-quiz', props: true, component: () => import('./marking/QuizResults.vue'), meta: { can: grading, areas: ['work', 'marking', 'exam', 'outcome', 'stats', 'evidence', 'evaluators'], title: 'marking.quiz.title', up: '/work/marking' } },
  { path: 'work/marking/:id/queue/:question', name: 'marking-queue', props: true, component: () => import('./marking/MarkingQueue.vue'), meta: { can: ['attempt:grade'], areas: ['work', 'marking', 'exam'], title: 'marking.queue.title', up: '/work/marking' } },
  { path: 'work/marking/:id/sheets/:attempt', name: 'answer-sheet', props: true, component: () => import('./marking/AnswerSheet.vue'), meta: { can: ['result:read'], areas: ['work', 'marking', 'exam', 'outcome', 'evidence'], title: 'marking.sheet.title', up: '/work/marking' } },
  { path: 'work/marking/:id/paper', name: 'paper-results', props: true, component: () => import('./marking/PaperResults.vue'), meta: { can: ['attempt:grade'], areas: ['work', 'marking'], title: 'marking.paper.title', up: '/work/marking' } },
  { path: 'work/appeals', name: 'appeals', component: () => import('./marking/AppealsPage.vue'), meta: { can: ['appeal:decide'], areas: ['work', 'marking', 'exam', 'outcome'], title: 'outcome.appeals.title' } },
  // Articles: the desk of those who write and review. One article opens in a drawer beside the list (?open=ID); the editor of a
  // new one is that of the id "new".
  { path: 'work/knowledge/comments', name: 'comment-review', component: () => import('./knowledge/CommentsPage.vue'), meta: { can: ['article:review'], areas: ['work', 'knowledge', 'discuss'], title: 'discuss.review.title', up: '/work/knowledge' } },
  { path: 'work/knowledge/reports', name: 'reports', component: () => import('./knowledge/ReportsPage.vue'), meta: { can: ['article:review'], areas: ['work', 'knowledge', 'discuss'], title: 'discuss.reports.title', up: '/work/knowledge' } },
  { path: 'work/knowledge/confirmations', name: 'confirmations', component: () => import('./knowledge/AskedPage.vue'), meta: { can: ['article:desk'], areas: ['work', 'knowledge'], title: 'knowledge.confirmed.title', up: '/work/knowledge' } },
  { path: 'work/knowledge/:id/confirmations', name: 'article-confirmations', props: true, component: () => import('./knowledge/ConfirmationsPage.vue'), meta: { can: ['article:desk'], areas: ['work', 'knowledge'], title: 'knowledge.confirmed.title', up: '/work/knowledge/confirmations' } },
  { path: 'work/knowledge/shares', name: 'shares', component: () => import('./knowledge/InboxPage.vue'), meta: { can: ['article:desk'], areas: ['work', 'knowledge'], title: 'knowledge.share.inbox', up: '/work/knowledge' } },
  { path: 'work/knowledge/takedowns', name: 'takedowns', component: () => import('./knowledge/TakedownList.vue'), meta: { can: ['article:desk'], areas: ['work', 'knowledge'], title: 'knowledge.takedowns.title', up: '/work/knowledge' } },
  { path: 'work/knowledge/missed', name: 'searches-missed', component: () => import('./knowledge/MissedList.vue'), meta: { can: ['article:desk'], areas: ['work', 'knowledge'], title: 'knowledge.missed.title', up: '/work/knowledge' } },
  { path: 'work/knowledge/words', name: 'wordlist', component: () => import('./knowledge/WordsPage.vue'), meta: { can: ['article:desk'], areas: ['work', 'knowledge'], title: 'knowledge.words.title', up: '/work/knowledge' } },
  { path: 'work/knowledge/:id/edit', name: 'article-edit', props: true, component: () => import('./knowledge/ArticleEditor.vue'), meta: { can: ['article:write'], areas: ['work', 'bank', 'knowledge', 'media'], title: 'knowledge.edit.title', up: '/work/knowledge' } },
  { path: 'work/knowledge', name: 'articles', component: () => import('./knowledge/DeskPage.vue'), meta: { can: ['article:desk'], areas: ['work', 'bank', 'knowledge', 'media'], title: 'knowledge.desk.title' } },
  // Material for articles and courses. One file opens in a drawer beside the list (?open=ID).
  { path: 'work/media', name: 'material', component: () => import('./media/MaterialPage.vue'), meta: { can: ['media:upload'], areas: ['work', 'media'], title: 'media.title' } },
  // Organisation and members.
  { path: 'work/orgs', name: 'orgs', component: () => import('./org/OrgTree.vue'), meta: { can: ['org:read'], areas: ['work', 'org'], title: 'org.title' } },
  { path: 'work/members/import', name: 'member-import', component: () => import('./org/MemberImport.vue'), meta: { can: ['member:import'], areas: ['work', 'org', 'bank'], title: 'org.import.title', up: '/work/members' } },
  { path: 'work/members', name: 'members', component: () => import('./org/MemberList.vue'), meta: { can: ['member:read'], areas: ['work', 'org'], title: 'org.members.title' } },
  // Administrators.
  { path: 'work/accounts', name: 'accounts', component: () => import('./admin/AccountList.vue'), meta: { can: ['account:read'], areas: ['work', 'admin', 'org'], title: 'admin.accounts.title' } },
  { path: 'work/roles', name: 'roles', component: () => import('./admin/RoleMatrix.vue'), meta: { can: ['role:read'], areas: ['work', 'admin'], title: 'admin.roles.title' } },
  { path: 'work/audit', name: 'audit', component: () => import('./admin/AuditLog.vue'), meta: { can: ['audit:read'], areas: ['work', 'admin', 'bank'], title: 'admin.audit.title' } },
  { path: 'work/search', name: 'search-indexes', component: () => import('./admin/SearchIndexes.vue'), meta: { can: ['job:read'], areas: ['work', 'admin'], title: 'admin.indexes.title' } },
  { path: 'work/jobs', name: 'jobs', component: () => import('./admin/JobList.vue'), meta: { can: ['job:read'], areas: ['work', 'admin'], title: 'admin.jobs.title' } },
]

export const workMenu: MenuGroup[] = [
  {
    label: 'shell.group.work',
    entries: [
      { label: 'shell.work.bank', to: '/work/bank', icon: FileQuestion, can: ['question:read'] },
      { label: 'shell.work.quizzes', to: '/work/quizzes', icon: FileText, can: ['quiz:read'] },
      { label: 'shell.work.marking', to: '/work/marking', icon: ClipboardCheck, can: grading },
      { label: 'shell.work.appeals', to: '/work/appeals', icon: MessageSquareText, can: ['appeal:decide'] },
      { label: 'shell.work.orgs', to: '/work/orgs', icon: Building, can: ['org:write'] },
      { label: 'shell.work.members', to: '/work/members', icon: Users, can: ['member:read'] },
    ],
  },
  {
    label: 'shell.group.knowledge',
    entries: [
      { label: 'shell.work.knowledge', to: '/work/knowledge', icon: Library, can: ['article:desk'] },
      { label: 'shell.work.material', to: '/work/media', icon: FolderOpen, can: ['media:upload'] },
    ],
  },
  {
    label: 'shell.group.admin',
    entries: [
      { label: 'shell.work.accounts', to: '/work/accounts', icon: KeyRound, can: ['account:read'] },
      { label: 'shell.work.roles', to: '/work/roles', icon: ShieldCheck, can: ['role:read'] },
      { label: 'shell.work.audit', to: '/work/audit', icon: ScrollText, can: ['audit:read'] },
      { label: 'shell.work.indexes', to: '/work/search', icon: Search, can: ['job:read'] },
      { label: 'shell.work.jobs', to: '/work/jobs', icon: Timer, can: ['job:read'] },
    ],
  },
]
