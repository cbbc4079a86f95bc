// What one tab of the marking queue holds of a question: answers in hand for ten minutes, renewed while one works.
import { computed, onScopeDispose, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { claimAnswers, giveBack, type Claimed, type QueueAnswer } from './api'
import { useTab } from './tab'

const batch = 20

/** Claims of the tab, given back when it leaves, once what is under way has arrived. */
export function useClaim(of: () => { quiz: string; question: string; round: number }, underway: () => Promise<void>) {
  const { t } = useI18n()
  const tab = useTab()
  /** when the claim runs out; '' = nothing was claimed */
  const until = ref('')
  /** answers that other tabs of the evaluator hold */
  const elsewhere = ref(0)
  const others = ref<Claimed['others']>([])
  /** answers that other evaluators hold, and who */
  const away = computed(() => others.value.reduce((sum, one) => sum + one.answers, 0))
  const holders = computed(() => others.value.map((one) => t('marking.queue.holds', { name: one.name, n: one.answers })).join(t('marking.queue.and')))
  /** Renews what the tab holds and adds free answers; take = what other tabs of the evaluator hold comes here. */
  async function claim(take?: boolean): Promise<QueueAnswer[]> {
    const { quiz, question, round } = of()
    const held = await claimAnswers(quiz, question, { most: batch, round: round || undefined, tab, take })
    until.value = held.until
    elsewhere.value = held.elsewhere
    others.value = held.others
    return held.items
  }
  onScopeDispose(() => {
    const { quiz, question } = of()
    if (until.value) void underway().then(() => giveBack(quiz, question, tab)).catch(() => undefined) // the lease ends by itself
  })
  return { tab, until, elsewhere, away, holders, claim }
}
