// What is pasted into a text: pictures, formatted text of office programs and pages, or words as they are.

export interface Clip {
  html: string
  text: string
  files: readonly File[]
}

/** Tags that make a difference to a text. Some programs dress plain words in spans and divs, code among them. */
const dressed = /<(table|h[1-6]|ul|ol|li|b|strong|i|em|del|s|strike|blockquote|a\s[^>]*href|img\s[^>]*src=["']?data:)\b|mso-list|font-weight:\s*(bold|[6-9]00)/i

/** What of a clipboard is taken. Office programs put a picture of the text beside the text: the text is meant. */
export function taken(clip: Clip): 'formatted' | 'pictures' | 'plain' {
  const body = /<!--StartFragment-->([^]*)<!--EndFragment-->/i.exec(clip.html)?.[1] ?? clip.html
  const words = clip.text.trim() !== '' || /<table\b/i.test(body)
  if (words && (dressed.test(body) || (body.match(/<p\b/gi)?.length ?? 0) > 1)) return 'formatted'
  if (clip.files.some((file) => file.type.startsWith('image/'))) return 'pictures'
  return /<img\s[^>]*src=["']?data:/i.test(body) ? 'formatted' : 'plain'
}

/** The name of a file as the words that describe it. */
export const described = (name: string): string =>
  name
    .replace(/\.[^.]*$/, '')
    .replace(/[[\]\n]/g, ' ')
    .trim()
