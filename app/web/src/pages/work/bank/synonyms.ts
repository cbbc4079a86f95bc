// Lists of equal words: what is typed or pasted, a group a line, and the calls.
import { call, client } from '@/api/client'
import type { components } from '@/api/schema'

export type Synonyms = components['schemas']['SynonymShown']
export type Verdict = components['schemas']['ThesaurusVerdict']

/** Words of a line: = stands between them, or a tab where they were copied from a table, or 、；; and | in lists of others. */
export const wordsOf = (line: string): string[] =>
  line
    .split(/[=＝\t、；;|｜]/)
    .map((one) => one.trim())
    .filter(Boolean)
export const groupsOf = (text: string): string[][] =>
  text
    .split(/\r?\n/)
    .map(wordsOf)
    .filter((group) => group.length)
export const lineOf = (words: readonly string[] | null | undefined): string => (words ?? []).join(' = ')

export const listSynonyms = async (org?: string): Promise<Synonyms[]> => (await call(client.GET('/api/v1/synonyms', { params: { query: { org } } }))).items ?? []
export const addSynonyms = async (groups: string[][], dry: boolean, org_id?: string): Promise<Verdict[]> => (await call(client.POST('/api/v1/synonyms', { body: { groups, dry, org_id } }))).items ?? []
export const changeSynonyms = (id: string, rev: number, words: string[], org_id?: string) => call(client.PUT('/api/v1/synonyms/{id}', { params: { path: { id } }, body: { rev, words, org_id } }))
export const removeSynonyms = (id: string, rev: number, org?: string) => call(client.DELETE('/api/v1/synonyms/{id}', { params: { path: { id }, query: { rev, org } } }))
