// Whether the places hold on which a question rests.
import { t } from '@/i18n'
import type { Cited, Passage } from './api'

export const samePlace = (a: Passage, b: Passage): boolean => a.article_id === b.article_id && (a.anchor ?? '') === (b.anchor ?? '')

/** What is wrong with a place; "" = nothing. */
export function placeState(one: Passage, cited: readonly Cited[]): string {
  const article = cited.find((c) => c.id === one.article_id)
  if (!article) return t('bank.passages.gone')
  const titles = article.replaced_by.map((next) => next.title).join('，')
  if (article.standing === 'replaced') return titles ? t('bank.passages.replaced', { titles }) : t('bank.passages.replaced_bare')
  if (article.standing === 'expired') return t('bank.passages.expired')
  return one.anchor && !article.anchors.includes(one.anchor) ? t('bank.passages.no_heading') : ''
}
