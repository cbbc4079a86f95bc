// Formulas of a question that no reader would see as formulas: KaTeX cannot read them, or they are not closed.
import { richParts } from '@/exam/rich'
import { subsOf, type Form } from './content'
import type { Problem } from './problems'

/** The texts of a question that may hold formulas, by the paths of their fields. */
function textsOf(form: Form, under = ''): [path: string, text: string][] {
  const kinds = ['single', 'multiple', 'ordering']
  return [
    [`${under}stem`, form.stem],
    ...(kinds.includes(form.kind) ? form.options.flatMap((one, i): [string, string][] => [[`${under}options[${i}].text`, one.text], [`${under}options[${i}].feedback`, one.feedback ?? '']]) : []),
    ...(form.kind === 'matching' ? form.pairs.flatMap((one, i): [string, string][] => [[`${under}pairs[${i}].left`, one.left], [`${under}pairs[${i}].right`, one.right]]) : []),
    ...(form.kind === 'short' || form.kind === 'essay' ? [[`${under}model`, form.model] as [string, string]] : []),
    ...subsOf(form).flatMap((sub, i) => textsOf(sub.form, `${under}subs[${i}].content.`)),
    [`${under}explanation`, form.explanation],
    [`${under}feedback`, form.feedback],
  ]
}

const short = (tex: string): string => (tex.length > 40 ? `${tex.slice(0, 39)}…` : tex)

export async function formulaProblems(form: Form): Promise<Problem[]> {
  const texts = textsOf(form).filter(([, text]) => /\\[()[\]]|\$\$/.test(text))
  if (!texts.length) return []
  const { default: katex } = await import('katex')
  return texts.flatMap(([path, text]): Problem[] => {
    for (const part of richParts(text)) {
      if ('text' in part && /\\[()[\]]|\$\$/.test(part.text)) return [{ path, key: 'formula_open', params: { tex: short(part.text.trim()) } }]
      if (!('tex' in part)) continue
      try {
        katex.renderToString(part.tex, { displayMode: part.display, throwOnError: true, maxExpand: 200, strict: 'ignore' })
      } catch {
        return [{ path, key: 'formula', params: { tex: short(part.tex) } }]
      }
    }
    return []
  })
}
