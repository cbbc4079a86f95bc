// Numbers as people write them. Sums of decimals are exact: 0.1 + 0.2 is 0.3.

/**
 * Reads a number as it is typed: any width, a Chinese full stop, 1.6e-19, commas where they part thousands. null = it is
 * none: in 2,5 the comma may stand for a point, and that is not guessed.
 */
export function decimalOf(text: string): number | null {
  const typed = text.normalize('NFKC').replace(/\s/g, '').replace(/[−–]/g, '-').replace('。', '.')
  if (typed.includes(',') && !/^[+-]?\d{1,3}(,\d{3})+(\.|$)/.test(typed)) return null
  const plain = typed.replaceAll(',', '')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return null
  const n = Number(plain)
  return Number.isFinite(n) ? n : null
}

/** A number times ten to the power of digits, moved by its decimal point: 0.07 becomes 7, not 7.000000000000001. */
export function shifted(n: number, digits: number): number {
  const [whole, exponent] = String(n).split('e')
  return Number(`${whole}e${Number(exponent ?? 0) + digits}`)
}

/** A number to so many decimals, half away from zero, as it is written: 3.85 is 3.9 and 3.849 is 3.8, whatever its binary fraction. */
export function rounded(n: number, digits: number): number {
  const plain = Number(Math.abs(n).toPrecision(12)) // 0.1 + 0.2 is 0.3
  return n === 0 ? 0 : Math.sign(n) * shifted(Math.round(shifted(plain, digits)), -digits) || 0
}

interface Decimal {
  units: bigint
  /** how many digits stand behind the point */
  places: number
}
function decimal(n: number): Decimal {
  const [whole = '0', exponent] = String(n).split('e')
  const [head = '0', tail = ''] = whole.split('.')
  const places = tail.length - Number(exponent ?? 0)
  const units = BigInt(head + tail)
  return places >= 0 ? { units, places } : { units: units * 10n ** BigInt(-places), places: 0 }
}
const numberOf = (d: Decimal): number => Number(`${d.units}e-${d.places}`)

/** a + times × b, exactly. */
export function sum(a: number, b: number, times = 1): number {
  const [one, two] = [decimal(a), decimal(b)]
  const places = Math.max(one.places, two.places)
  const at = (d: Decimal) => d.units * 10n ** BigInt(places - d.places)
  return numberOf({ units: at(one) + BigInt(times) * at(two), places })
}
/** Half of a number, exactly. */
export function half(n: number): number {
  const d = decimal(n)
  return numberOf({ units: d.units * 5n, places: d.places + 1 })
}
