// Words of the search.
import { kindKey } from '@/knowledge/words'
import type { Kind } from './api'

export const foundKey = (kind: Kind): string => (kind === 'question' ? 'search.question' : kindKey(kind))
