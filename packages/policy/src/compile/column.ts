/**
 * What one action means to all policies, in one array of numbers: a bit for each policy part with a
 * statement on the action, and where the candidates of each such part start.
 *
 * The bits are words of 32 parts. Beside each word stands how many bits are set before it, so that
 * the run of a part is found by counting bits, and a part that is silent takes one bit.
 */

/** A header; for each word its bits and how many are set before; then the starts of the runs. */
export type Column = Int32Array

/** How far in the list of newcomers the column has come. */
export const SEEN = 0
const ASSUMES = 1
/** Where the starts begin. */
export const STARTS = 2
/** The number of the action, which no other action has until all is learnt anew. */
export const ACTION = 3
/** Where the words begin. */
export const WORDS = 4

/** A part with a statement on the action, and where its run starts. */
export type Entry = { readonly part: number; readonly start: number }

/** Which action a column is for, and whether it is the one that trust policies decide. */
export type ColumnAction = { readonly action: number; readonly assumes: boolean }

/** The entries in the order of their parts, of which there are so many in all. */
export const newColumn = (
  entries: ReadonlyArray<Entry>,
  parts: number,
  seen: number,
  { action, assumes }: ColumnAction,
): Column => {
  const starts = WORDS + 2 * Math.ceil(parts / 32)
  const column = new Int32Array(starts + entries.length)
  column[SEEN] = seen
  column[ASSUMES] = assumes ? 1 : 0
  column[STARTS] = starts
  column[ACTION] = action
  entries.forEach(({ part, start }, index) => {
    const at = WORDS + 2 * (part >>> 5)
    column[at] = (column[at] ?? 0) | (1 << (part & 31))
    column[starts + index] = start
  })
  for (let at = WORDS + 2; at < starts; at += 2)
    column[at + 1] = (column[at - 1] ?? 0) + bitCount(column[at - 2] ?? 0)
  return column
}

/** Whether the action is the one that trust policies decide. */
export const isAssuming = (column: Column): boolean => column[ASSUMES] === 1

/** How many bits of a word are set. */
export const bitCount = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The column with more entries, for parts that are not there yet. */
export const withEntries = (
  column: Column,
  added: ReadonlyArray<Entry>,
  parts: number,
  seen: number,
): Column =>
  newColumn(
    [...entriesOf(column), ...added].sort((a, b) => a.part - b.part),
    parts,
    seen,
    { action: column[ACTION] ?? 0, assumes: isAssuming(column) },
  )

const entriesOf = (column: Column): ReadonlyArray<Entry> => {
  const entries: Array<Entry> = []
  const starts = column[STARTS] ?? 0
  for (let at = WORDS; at < starts; at += 2)
    for (let bit = 0; bit < 32; bit += 1)
      if ((((column[at] ?? 0) >>> bit) & 1) === 1)
        entries.push({
          part: 16 * (at - WORDS) + bit,
          start: column[starts + entries.length] ?? 0,
        })
  return entries
}

/** The same numbers, with room for more. */
export const grown = (array: Int32Array, length: number) => {
  const longer = new Int32Array(length)
  longer.set(array)
  return longer
}
