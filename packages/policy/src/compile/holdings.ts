/**
 * Which policy parts are in force together, packed into one array for everybody: for each holding
 * how many numbers follow, then pairs of where a word stands and which of its bits are held.
 *
 * Invariant: a holding that was released holds nothing, until its place is taken by another.
 */
import { grown, WORDS } from './column.js'

/** Where a holding stands. */
export type Holding = number

/** Holds nothing, which allows nothing. Never released. */
export const NOTHING_HELD: Holding = 0

export type Holdings = {
  /** Replaced when it grows. */
  readonly packed: { numbers: Int32Array }
  /** Order and duplicates of the parts do not matter. */
  hold(parts: Array<number>): Holding
  release(holding: Holding): void
}

/** Words are given by their place in a column. Sorts the parts in place. */
const pairsOf = (parts: Array<number>): ReadonlyArray<number> => {
  parts.sort((a, b) => a - b)
  const pairs: Array<number> = []
  let bits = 0
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] ?? 0
    const next = parts[i + 1]
    bits |= 1 << (part & 31)
    if (next !== undefined && next >>> 5 === part >>> 5) continue
    pairs.push(WORDS + 2 * (part >>> 5), bits)
    bits = 0
  }
  return pairs
}

export const newHoldings = (): Holdings => {
  const packed = { numbers: new Int32Array(1_024) }
  let used = 1
  const free = new Map<number, Array<Holding>>()

  const placeFor = (length: number): Holding => {
    const place = free.get(length)?.pop()
    if (place !== undefined) return place
    const end = used + 1 + length
    if (end > packed.numbers.length) packed.numbers = grown(packed.numbers, 2 * end)
    used = end
    return end - 1 - length
  }

  return {
    packed,
    hold: (parts) => {
      if (parts.length === 0) return NOTHING_HELD
      const pairs = pairsOf(parts)
      const place = placeFor(pairs.length)
      packed.numbers[place] = pairs.length
      packed.numbers.set(pairs, place + 1)
      return place
    },
    release: (holding) => {
      const length = packed.numbers[holding] ?? 0
      if (length === 0) return
      packed.numbers[holding] = 0
      const places = free.get(length)
      if (places === undefined) free.set(length, [holding])
      else places.push(holding)
    },
  }
}
