/**
 * What one action means to all policies: a bit for each policy part with a statement on the
 * action, and for each such part the run of candidates that it contributes.
 *
 * The bits are words of 32 parts. Beside each word stands how many bits are set before it, so that
 * the run of a part is found by counting bits, and a part that is silent takes one bit.
 */

export type Column = {
  /** By twice the number of a word: its bits, then how many bits are set in the words before. */
  words: Int32Array
  /** The starts of the runs, in the order of the parts. */
  starts: Int32Array
  /** How many parts have a statement on the action. */
  count: number
  /** How far in the universe's list of newcomers this column has come. */
  seen: number
  /** Whether the action is the one that trust policies decide. */
  readonly assumes: boolean
}

/** A part with a statement on the action, and where its run starts. */
export type Entry = { readonly part: number; readonly start: number }

/** The entries in the order of their parts, of which there are so many in all. */
export const newColumn = (
  entries: ReadonlyArray<Entry>,
  parts: number,
  seen: number,
  assumes: boolean,
): Column => {
  const words = new Int32Array(2 * Math.ceil(parts / 32))
  for (const { part } of entries) {
    const at = 2 * (part >>> 5)
    words[at] = (words[at] ?? 0) | (1 << (part & 31))
  }
  for (let at = 2; at < words.length; at += 2)
    words[at + 1] = (words[at - 1] ?? 0) + bitCount(words[at - 2] ?? 0)
  const starts = Int32Array.from(entries, ({ start }) => start)
  return { words, starts, count: entries.length, seen, assumes }
}

/** How many bits of a word are set. */
export const bitCount = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Adds a part that is not there yet. New parts mostly come last, so that no run has to move. */
export const insertPart = (column: Column, part: number, start: number): void => {
  const at = 2 * (part >>> 5)
  if (at >= column.words.length) widen(column, at + 2)
  const { words } = column
  const bits = words[at] ?? 0
  const bit = 1 << (part & 31)
  const rank = (words[at + 1] ?? 0) + bitCount(bits & (bit - 1))

  if (column.count === column.starts.length)
    column.starts = grown(column.starts, 2 * column.count + 1)
  column.starts.copyWithin(rank + 1, rank, column.count)
  column.starts[rank] = start
  column.count += 1
  words[at] = bits | bit
  for (let after = at + 3; after < words.length; after += 2) words[after] = (words[after] ?? 0) + 1
}

/** Words beyond the last part have all set bits before them. */
const widen = (column: Column, length: number): void => {
  const before = column.words.length
  column.words = grown(column.words, Math.max(length, 2 * before))
  for (let at = before + 1; at < column.words.length; at += 2) column.words[at] = column.count
}

/** The same numbers, with room for more. */
export const grown = (array: Int32Array, length: number) => {
  const longer = new Int32Array(length)
  longer.set(array)
  return longer
}
