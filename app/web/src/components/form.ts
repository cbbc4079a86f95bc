// What every form does with a refusal: texts beside the fields, one above them for the rest, focus on the first error.
import { nextTick, reactive, ref, type InjectionKey, type Ref } from 'vue'
import { asProblem, fieldTexts, problemText } from '@/api/problem'
import { t } from '@/i18n'

/** What the field inside a FormField refuses to take, said there in the place of the form's error. */
export const refusal: InjectionKey<Ref<string>> = Symbol('refusal')

/** How many signs of a text count, as the server counts them: without blanks at its ends. */
export const signsOf = (text: string): number => [...text.trim()].length

/** What is wrong with a text that has to be there, of so many signs at most; '' where nothing is. */
export function textFault(text: string, most: number): string {
  const n = signsOf(text)
  return n === 0 ? t('common.required') : n > most ? t('common.too_many_signs', { n: most, over: n - most }) : ''
}

export interface Form {
  /** error text by field path */
  errors: Record<string, string>
  /** what is wrong with the whole */
  failure: Ref<string>
  busy: Ref<boolean>
  /** Runs the act once; gives true when it went through. */
  send: (act: () => Promise<unknown>) => Promise<boolean>
  /** Sets the texts of a check made here; true when there are none. */
  check: (problems: Record<string, string | false | undefined>) => boolean
}

/** `root` is the element that holds the fields. */
export function useForm(root?: Ref<HTMLElement | null>): Form {
  const errors = reactive<Record<string, string>>({})
  const failure = ref('')
  const busy = ref(false)
  const clear = () => {
    for (const key of Object.keys(errors)) delete errors[key]
    failure.value = ''
  }
  const focusFirst = async () => {
    await nextTick()
    const scope: ParentNode = root?.value ?? document
    const first = scope.querySelector<HTMLElement>('[aria-invalid="true"]')
    first?.focus()
    first?.closest('.field')?.scrollIntoView?.({ block: 'nearest' }) // its text too, which stands below
  }
  return {
    errors,
    failure,
    busy,
    check(problems) {
      clear()
      for (const [path, text] of Object.entries(problems)) if (text) errors[path] = text
      // What a number field refused is seen before the value that took its place is sent.
      const fine = Object.keys(errors).length === 0 && !root?.value?.querySelector('[data-refused]')
      if (!fine) void focusFirst()
      return fine
    },
    async send(act) {
      if (busy.value) return false
      busy.value = true
      clear()
      try {
        await act()
        return true
      } catch (cause) {
        Object.assign(errors, fieldTexts(cause))
        if (Object.keys(errors).length === 0 || asProblem(cause).status !== 422) failure.value = problemText(cause)
        void focusFirst()
        return false
      } finally {
        busy.value = false
      }
    },
  }
}
