// What the specs share: accounts of the demo organisation, fresh takers, axe, and a page that must not complain.
import AxeBuilder from '@axe-core/playwright'
import { expect, request as requests, test as base, type APIRequestContext, type Page } from '@playwright/test'
import { serve } from './server'

export const password = 'Qiming-demo-2026'

/** Messages of the console that a spec provokes on purpose. */
const provoked = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of (401|409|422|423|429)/

export const test = base.extend<{ complaints: string[] }, { server: string }>({
  server: [
    async ({}, use) => {
      const { url, end } = await serve()
      await use(url)
      await end()
    },
    { scope: 'worker', timeout: 150_000 },
  ],
  baseURL: ({ server }, use) => use(server),
  // Every page of every spec: no error and no warning on its console.
  complaints: [
    async ({ context }, use) => {
      const found: string[] = []
      context.on('page', (page) => {
        page.on('pageerror', (error) => found.push(String(error)))
        page.on('console', (message) => {
          if (message.location().url.endsWith('/favicon.ico')) return // that signIn's page has none
          if (['error', 'warning'].includes(message.type()) && !provoked.test(message.text())) found.push(`${page.url()}: ${message.text()}`)
        })
      })
      await use(found)
      expect(found).toEqual([])
    },
    { auto: true },
  ],
})
export { expect }

/** Signs in as the page of signing in does (account.spec.ts tries that one), without loading it: the page is left where only its origin is known. */
export async function signIn(page: Page, login: string): Promise<void> {
  await page.goto('/healthz')
  const answer = await page.request.post('/api/v1/session', { data: { login, password } })
  expect(answer.ok(), await answer.text()).toBeTruthy()
  await page.evaluate((me) => localStorage.setItem('qiming.me', me), JSON.stringify({ ...((await answer.json()) as object), csrf: '' }))
}

/** No serious or critical finding of axe on the page as it stands; of these rules only, where some are named. */
export async function accessible(page: Page, what: string, rules: string[] = []): Promise<void> {
  await page.evaluate(() => window.scrollTo(0, 0)) // what is half under the head while one scrolls is no fault
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined))))
  const axe = new AxeBuilder({ page })
  const { violations } = await (rules.length ? axe.withRules(rules) : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])).analyze()
  const bad = violations.filter((one) => one.impact === 'serious' || one.impact === 'critical')
  expect(bad.map((one) => `${what}: ${one.id} ${one.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).slice(0, 3).join(' | ')}`)).toEqual([])
}

/** An officer of the demo organisation at the API, signed in. */
export async function officer(baseURL: string, login: string): Promise<{ api: APIRequestContext; headers: Record<string, string> }> {
  const api = await requests.newContext({ baseURL })
  const answer = await api.post('/api/v1/session', { data: { login, password } })
  expect(answer.ok(), await answer.text()).toBeTruthy()
  const { csrf } = (await answer.json()) as { csrf: string }
  return { api, headers: { 'X-CSRF-Token': csrf } }
}

interface Entry {
  question_id: string
  points: number
}

interface Made {
  id: string
  rev: number
  settings: { review: Record<string, Record<string, boolean>> }
  audience: object
}

/** A published quiz of these questions, in their order, that shows everything once it is handed in, and of what is checked before. Gives its id. */
export async function quizOf(baseURL: string, title: string, questions: { content: object; points: number }[], more: object = {}, cut: (entries: Entry[]) => object[] = (entries) => [{ id: 's', title: '', shuffle: false, entries }]): Promise<string> {
  const trainer = await officer(baseURL, 'trainer')
  const reviewer = await officer(baseURL, 'reviewer')
  const post = async <T>(who: typeof trainer, path: string, data?: object): Promise<T> => {
    const answer = await who.api.post(`/api/v1${path}`, { data, headers: who.headers })
    expect(answer.ok(), await answer.text()).toBeTruthy()
    return (answer.status() === 204 ? undefined : await answer.json()) as T
  }
  const me = (await (await trainer.api.get('/api/v1/session')).json()) as { roles: { role: string; org_id: string }[] }
  const org_id = me.roles.find((one) => one.role === 'trainer')!.org_id
  const entries: Entry[] = []
  for (const { content, points } of questions) {
    const { id } = await post<Made>(trainer, '/questions', { org_id, content })
    await post(trainer, `/questions/${id}/status`, { to: 'review' })
    await post(reviewer, `/questions/${id}/status`, { to: 'published' })
    entries.push({ question_id: id, points })
  }
  const quiz = await post<Made>(trainer, '/quizzes', { title, org_id })
  const all = { responses: true, correctness: true, marks: true, feedback: true, explanation: true, right_answer: true, total: true }
  const settings = { ...quiz.settings, limit: 1200, review: { ...quiz.settings.review, during: all, after: all, open: all }, ...more }
  const saved = await trainer.api.put(`/api/v1/quizzes/${quiz.id}`, { data: { title, settings, audience: quiz.audience, sections: cut(entries) }, headers: { ...trainer.headers, 'If-Match': `"${quiz.rev}"` } })
  expect(saved.ok(), await saved.text()).toBeTruthy()
  await post(trainer, `/quizzes/${quiz.id}/publish`)
  await Promise.all([trainer.api.dispose(), reviewer.api.dispose()])
  return quiz.id
}

export interface Rehearsal {
  quiz_id: string
  logins: string[]
}

/** A quiz of its own, open for one hour of answering, and members who may take it. */
export const freshQuiz = (baseURL: string, items = 6, takers = 1): Promise<Rehearsal> => rehearsal(baseURL, { takers, items })

/** The quiz of the demo organisation that is open now, and members who have not begun it. */
export async function openQuiz(baseURL: string, takers: number): Promise<Rehearsal> {
  const { api } = await officer(baseURL, 'member')
  const { items } = (await (await api.get('/api/v1/exams')).json()) as { items: { quiz_id: string; title: string }[] }
  await api.dispose()
  // By its name: other specs publish quizzes that are open too.
  return rehearsal(baseURL, { takers, quiz_id: items.find((one) => one.title === '党章党规应知应会测试')!.quiz_id })
}

/** Members who may take a quiz, or a fresh quiz with members. */
export async function rehearsal(baseURL: string, data: object): Promise<Rehearsal> {
  const { api, headers } = await officer(baseURL, 'system')
  const answer = await api.post('/api/v1/demo/rehearsal', { data, headers })
  expect(answer.ok(), await answer.text()).toBeTruthy()
  const made = (await answer.json()) as Rehearsal
  await api.dispose()
  return made
}

/** Answers the item in view: the nth option, or some text. */
export async function answerItem(page: Page, nth = 0): Promise<void> {
  const options = page.locator('.item .opt')
  if (await options.count()) await options.nth(nth).click()
  else for (const field of await page.locator('.item input, .item textarea').all()) await field.fill(`1${nth}`)
}

export const saveState = (page: Page) => page.getByTestId('save-state')

/** The attempt's answers as the server has them. */
export async function stored(page: Page): Promise<{ slot: number; client_seq: number }[]> {
  const id = decodeURIComponent(new URL(page.url()).pathname.split('/')[2] ?? '')
  const answer = await page.request.get(`/api/v1/attempts/${encodeURIComponent(id)}?view=1`)
  expect(answer.ok()).toBeTruthy()
  return ((await answer.json()) as { answers: { slot: number; client_seq: number }[] }).answers
}

/** Moves to an item by the answer card. */
export async function toItem(page: Page, n: number): Promise<void> {
  const open = page.getByRole('button', { name: /^答题卡/ })
  if (await open.isVisible().catch(() => false)) await open.click()
  await page.getByRole('button', { name: new RegExp(`^第 ${n} 题，`) }).click()
  await expect(page.locator('.now')).toHaveText(String(n))
}

export async function startExam(page: Page, quiz: string): Promise<void> {
  await page.goto(`/exams/${quiz}`)
  await page.getByRole('button', { name: /开始考试|继续答题/ }).click()
  await page.waitForURL(/\/attempts\//)
  await expect(page.locator('.stem')).toBeVisible()
}
