// Tags are one however they are spelt: letter case, width and spaces do not count, as on the server.

export const tagKey = (tag: string): string => tag.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ').replace(/ ?(\p{Script=Han}) ?/gu, '$1')

/** Tags, each once: the first spelling stays. */
export function onceEach(tags: readonly string[]): string[] {
  const had = new Set<string>()
  return tags.filter((tag) => !had.has(tagKey(tag)) && had.add(tagKey(tag)))
}
