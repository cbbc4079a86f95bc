// Asks before what cannot be undone, in the page's own dialog (WeChat may block native ones).
import { shallowRef } from 'vue'

export interface Question {
  title: string
  body?: string
  /** points under the body */
  points?: string[]
  /** label of the act: a verb */
  ok: string
  cancel?: string
  danger?: boolean
  /** the answer to be led to is to leave things as they are */
  stay?: boolean
}

interface Asked extends Question {
  answer: (yes: boolean) => void
}

export const asked = shallowRef<Asked | null>(null)

/** Resolves with true when the reader agrees, false for anything else. */
export function confirm(question: Question): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (yes) => {
        asked.value = null
        resolve(yes)
      },
    }
  })
}
