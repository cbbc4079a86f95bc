// Running a bulk edit from the page: progress while it goes on, what was refused, and 撤销 afterwards.
import { ref } from 'vue'
import { freshId } from '@/api/id'
import { problemText } from '@/api/problem'
import { toast, undoToast } from '@/components/toast'
import { t, te } from '@/i18n'
import { applyEdit, getEdit, undoEdit, type BulkChange, type EditBatch, type Pick, type Refused } from './careApi'

/** The reasons, each once. */
export const reasons = (refused: readonly Refused[]): string => [...new Set(refused.map((one) => (te(`errors.${one.code}`) ? t(`errors.${one.code}`) : one.code)))].join(' ')

const every = 500 // ms between two looks at the progress

export function useBulk(changed: () => void) {
  const progress = ref<{ seen: number; all: number } | null>(null)

  async function watched(id: string, act: () => Promise<EditBatch>): Promise<EditBatch> {
    const timer = setInterval(() => {
      getEdit(id).then((batch) => (progress.value = { seen: batch.seen, all: batch.all }), () => undefined) // not begun yet, or the network: the act itself says
    }, every)
    try {
      return await act()
    } finally {
      clearInterval(timer)
      progress.value = null
    }
  }

  async function run(pick: Pick, change: BulkChange, note: string): Promise<EditBatch> {
    const id = freshId()
    const batch = await watched(id, () => applyEdit(id, pick, change, note))
    changed()
    const text = t('bank.batch.changed', { n: batch.changed }) + (batch.refused_count ? ` ${t('bank.batch.refused', { n: batch.refused_count, why: reasons(batch.refused) })}` : '')
    if (batch.changed) undoToast(text, () => void takeBack(id))
    else toast({ text, tone: 'warn', seconds: 8 })
    return batch
  }

  async function takeBack(id: string): Promise<void> {
    try {
      const batch = await watched(id, () => undoEdit(id))
      const kept = batch.kept.map((one) => one.stem || one.id).slice(0, 3).join('；')
      if (batch.kept.length) toast({ text: t('bank.batch.kept', { n: batch.restored, kept: batch.kept.length, names: kept }), tone: 'warn', seconds: 0 })
      else toast({ text: t('bank.batch.undone'), tone: 'ok' })
      changed()
    } catch (cause) {
      toast({ text: problemText(cause), tone: 'red' })
    }
  }
  return { progress, run }
}
