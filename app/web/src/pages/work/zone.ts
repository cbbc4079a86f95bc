// Times of forms: <input type="datetime-local"> speaks of the organisation's wall clock, the server of UTC. Pure.

const parts = (zone: string) =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })

function wall(at: number, zone: string): Record<string, string> {
  return Object.fromEntries(parts(zone).formatToParts(at).map((p) => [p.type, p.value]))
}

/** RFC 3339 to "2026-03-05T14:30" in the zone; "" for none. */
export function toLocal(iso: string | null | undefined, zone = 'Asia/Shanghai'): string {
  const at = iso ? Date.parse(iso) : NaN
  if (Number.isNaN(at)) return ''
  const p = wall(at, zone)
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`
}

/** "2026-03-05T14:30" in the zone to RFC 3339 (UTC); undefined for none. */
export function fromLocal(text: string, zone = 'Asia/Shanghai'): string | undefined {
  const guess = text ? Date.parse(text + (text.length === 16 ? ':00Z' : 'Z')) : NaN
  if (Number.isNaN(guess)) return undefined
  const p = wall(guess, zone)
  const shown = Date.UTC(+p.year!, +p.month! - 1, +p.day!, +p.hour!, +p.minute!, +p.second!)
  return new Date(guess - (shown - guess)).toISOString().replace('.000Z', 'Z')
}
