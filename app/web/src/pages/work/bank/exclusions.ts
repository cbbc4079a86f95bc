// Groups of questions that exclude each other in one paper. They are kept as tags that begin alike.
import type { Tag } from './careApi'

const prefix = '\u4e92\u65a5:' // kept with the question, whatever the language of the screen: question.ExclusionPrefix
const excludes = (tag: string) => tag.startsWith(prefix)

export const groupsOf = (tags: readonly string[]): string[] => tags.filter(excludes).map((tag) => tag.slice(prefix.length))
export const plainOf = (tags: readonly string[]): string[] => tags.filter((tag) => !excludes(tag))
/** The tags with other plain ones. */
export const withPlain = (tags: readonly string[], plain: readonly string[]): string[] => [...plain, ...tags.filter(excludes)]
/** The tags with other groups; a group's name may have been typed with its prefix, of either colon. */
export const withGroups = (tags: readonly string[], groups: readonly string[]): string[] => [...plainOf(tags), ...new Set(groups.map((name) => prefix + name.replace(/^\u4e92\u65a5[:\uff1a]\s*/, '')))]

export const plainTags = (known: readonly Tag[]): Tag[] => known.filter((one) => !excludes(one.tag))
export const knownGroups = (known: readonly Tag[]): Tag[] => known.filter((one) => excludes(one.tag)).map((one) => ({ ...one, tag: one.tag.slice(prefix.length) }))
