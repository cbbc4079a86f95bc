// The server's clock as far as this page knows it. Every response carries X-Server-Time (Unix ms);
// the smallest round trip of the last few gives the best estimate of the difference.
interface Sample {
  offset: number
  trip: number
}

const samples: Sample[] = []

/** Notes one response: `serverMs` from the header, sent and received by this device's clock (ms). */
export function noteServerTime(serverMs: number, sentMs: number, receivedMs: number): void {
  if (!Number.isFinite(serverMs) || serverMs <= 0) return
  samples.push({ offset: serverMs - (sentMs + receivedMs) / 2, trip: receivedMs - sentMs })
  if (samples.length > 8) samples.shift()
}

/** Server minus device, in ms; 0 until the first response. */
export function clockOffset(): number {
  let best: Sample | undefined
  for (const sample of samples) if (!best || sample.trip < best.trip) best = sample
  return best ? best.offset : 0
}

/** Now by the server's clock, in ms. */
export const serverNow = (): number => Date.now() + clockOffset()
