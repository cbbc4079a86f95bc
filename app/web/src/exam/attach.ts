// How an answer gets its files: handed down by the exam page; a preview has none, and nothing is uploaded there.
import { inject, provide, type InjectionKey } from 'vue'

/** Uploads a file and adds it to the answer of the item in view. Throws a Problem. */
export type Attach = (file: File) => Promise<unknown>
const key: InjectionKey<Attach> = Symbol('attach')

export const provideAttach = (attach: Attach): void => provide(key, attach)
export const useAttach = (): Attach | undefined => inject(key, undefined)
