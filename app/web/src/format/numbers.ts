// Marks, shares, counts and money.
import { rounded } from './decimals'

/** Marks without trailing zeros: 4, 2.5, 0.67. */
export const marks = (points: number | null | undefined): string => (points == null ? '' : String(rounded(points, 2)))

/** 88.2% of a fraction 0..1, which nobody has rounded before. */
export const percent = (share: number | null | undefined, digits = 1): string => (share == null ? '' : `${rounded(share * 100, digits)}%`)

/** A score out of 100 as it is compared with the passing mark, by two decimals: what passes and what does not never look the same. */
export const scored = (of100: number | null | undefined): string => percent(of100 == null ? of100 : of100 / 100, 2)

/** 2 861: groups of three by a narrow space. */
export const count = (n: number | null | undefined): string => (n == null ? '' : String(n).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f'))

/** ¥ 43.21 from fen. */
export const money = (fen: number | null | undefined): string => (fen == null ? '' : `¥ ${(fen / 100).toFixed(2)}`)

/** 2.4 MB, 20 GB: in steps of 1024, one decimal from MB on where there is one. */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const at = (step: number) => rounded(n / 1024 ** step, step > 1 ? 1 : 0)
  let step = 0
  while (step < units.length - 1 && at(step) >= 1024) step++
  return `${at(step)} ${units[step]}`
}

/** A, B, ... Z, AA for option n from 0. */
export const letter = (n: number): string => (n < 26 ? String.fromCharCode(65 + n) : letter(Math.floor(n / 26) - 1) + letter(n % 26))
