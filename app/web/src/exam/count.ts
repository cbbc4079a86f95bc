import type { ExamCard } from '@/api/types'

/** How many items one will answer: a number, or from–to where papers differ. */
export const itemCount = (exam: Pick<ExamCard, 'items' | 'items_most'>): string => (exam.items_most ? `${exam.items}–${exam.items_most}` : String(exam.items))
