// The calls of papers: laid out for A4, and as Word files.
import { call, client, download, saveFile } from '@/api/client'
import type { components } from '@/api/schema'

export type PrintedPaper = components['schemas']['PaperShown']
export type PrintedItem = components['schemas']['PrintingItem']
export type PrintedKey = components['schemas']['PrintingKey']
export type Keys = '' | 'beneath' | 'end'

export const getPaper = (id: string, label: string, keyed: boolean): Promise<PrintedPaper> => {
  const params = { params: { path: { id }, query: { label } } }
  return keyed ? call(client.GET('/api/v1/quizzes/{id}/paper-key', params)) : call(client.GET('/api/v1/quizzes/{id}/paper', params))
}

/** Fetches the Word file of a paper and hands it to the reader. */
export async function saveWord(id: string, label: string, keys: Keys, sheet: boolean): Promise<void> {
  const query = new URLSearchParams({ label, ...(keys ? { keys } : {}), ...(sheet ? { sheet: 'true' } : {}) })
  const file = await download(`/api/v1/quizzes/${encodeURIComponent(id)}/${keys ? 'paper-key' : 'paper'}.docx?${query}`)
  saveFile(file.blob, file.name)
}
