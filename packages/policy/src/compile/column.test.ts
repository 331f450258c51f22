/**
 * Columns: a bit for each part that speaks, and the start of its run by counting them.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ACTION,
  bitCount,
  type Column,
  type Entry,
  isAssuming,
  newColumn,
  SEEN,
  STARTS,
  WORDS,
  withEntries,
} from './column.js'

const PARTS = 200

const entries: fc.Arbitrary<ReadonlyArray<Entry>> = fc
  .uniqueArray(fc.nat({ max: PARTS - 1 }), { maxLength: 80 })
  .map((parts) => parts.map((part) => ({ part, start: 100_001 + 7 * part })))

const inOrder = (all: ReadonlyArray<Entry>): ReadonlyArray<Entry> =>
  all.toSorted((a, b) => a.part - b.part)

/** Where the run of a part starts, as a decision looks it up. */
const startIn = (column: Column, part: number): number | undefined => {
  const at = WORDS + 2 * (part >>> 5)
  const word = column[at] ?? 0
  if (((word >>> (part & 31)) & 1) === 0) return undefined
  const before = bitCount(word & ((1 << (part & 31)) - 1))
  return column[(column[STARTS] ?? 0) + (column[at + 1] ?? 0) + before]
}

describe('a column', () => {
  it('given parts that speak, then the run of each is found, and none of the silent', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const column = newColumn(inOrder(all), PARTS, 0, { action: 1, assumes: false })
        const starts = new Map(all.map(({ part, start }) => [part, start]))
        const parts = Array.from({ length: PARTS }, (_, part) => part)
        expect(parts.map((part) => startIn(column, part))).toEqual(
          parts.map((part) => starts.get(part)),
        )
      }),
    )
  })

  it('given more parts that speak, then it is the column that is made of all at once', () => {
    fc.assert(
      fc.property(entries, fc.nat({ max: 80 }), fc.boolean(), (all, count, assumes) => {
        const [early, late] = [all.slice(0, count), all.slice(count)]
        const before = newColumn(inOrder(early), PARTS, 3, { action: 5, assumes })
        const after = newColumn(inOrder(all), PARTS + 90, 4, { action: 5, assumes })
        expect(withEntries(before, late, PARTS + 90, 4)).toEqual(after)
        expect([after[SEEN], after[ACTION], isAssuming(after)]).toEqual([4, 5, assumes])
      }),
    )
  })
})
