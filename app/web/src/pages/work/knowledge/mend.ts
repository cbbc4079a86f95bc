// The texts of an article by the paths under which the server names them. Pure.
import type { Hit } from './api'
import type { Form } from './form'
import { unitOf } from './marks'

type Place = { get: () => string | undefined; set: (text: string) => void }

function placeOf(form: Form, path: string): Place | undefined {
  const part = (holder: Record<string, unknown>, key: string): Place => ({ get: () => holder[key] as string | undefined, set: (text) => (holder[key] = text) })
  const listed = /^(tags|aliases|attachments)\[(\d+)\](\.name)?$/.exec(path)
  if (listed) {
    const list = form[listed[1] as 'tags' | 'aliases' | 'attachments'] as unknown[]
    const at = Number(listed[2])
    return at < list.length ? (listed[3] ? part(list[at] as Record<string, unknown>, 'name') : part(list as unknown as Record<string, unknown>, listed[2]!)) : undefined
  }
  if (path === 'title' || path === 'summary' || path === 'body') return part(form as unknown as Record<string, unknown>, path)
  const [holder, key] = path.split('.')
  if (holder === 'source' && key === 'label') return part(form.source, key)
  if (holder === 'law' && (key === 'number' || key === 'issuer')) return part(form.law, key)
  return undefined
}

/** Writes what is to be written instead in the place of a word; false where another text stands there by now. */
export function mend(form: Form, hit: Hit): boolean {
  const place = placeOf(form, hit.path)
  const text = place?.get()
  if (!place || text === undefined || !hit.replacement) return false
  const [from, to] = [unitOf(text, hit.from), unitOf(text, hit.to)]
  if (text.slice(from, to) !== hit.found) return false
  place.set(text.slice(0, from) + hit.replacement + text.slice(to))
  return true
}
