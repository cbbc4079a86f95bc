/** 32 hex digits; without randomUUID, which a page served by plain http does not have. */
export const freshId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('')
