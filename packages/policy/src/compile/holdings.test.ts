/**
 * Holdings side by side in one array: each keeps its own parts, whoever comes and goes.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WORDS } from './column.js'
import { type Holding, type Holdings, NOTHING_HELD, newHoldings } from './holdings.js'

/** The numbers of a holding: where each word stands, and its bits. */
const pairsIn = ({ packed: { numbers } }: Holdings, holding: Holding): ReadonlyArray<number> => [
  ...numbers.subarray(holding + 1, holding + 1 + (numbers[holding] ?? 0)),
]

const ordered = (parts: ReadonlyArray<number>): ReadonlyArray<number> =>
  [...new Set(parts)].toSorted((a, b) => a - b)

const partsIn = (holdings: Holdings, holding: Holding): ReadonlyArray<number> => {
  const pairs = pairsIn(holdings, holding)
  return Array.from({ length: pairs.length / 2 }, (_, i) => i).flatMap((i) =>
    Array.from({ length: 32 }, (_, bit) => bit)
      .filter((bit) => (((pairs[2 * i + 1] ?? 0) >>> bit) & 1) === 1)
      .map((bit) => 16 * ((pairs[2 * i] ?? 0) - WORDS) + bit),
  )
}

const somePart = fc.oneof(fc.nat({ max: 70 }), fc.nat({ max: 2_000 }))

describe('holdings', () => {
  it('given parts in any order and some twice, then their words follow one another', () => {
    const holdings = newHoldings()
    const holding = holdings.hold([64, 3, 33, 3, 34])
    const words = [WORDS, 1 << 3, WORDS + 2, (1 << 1) | (1 << 2), WORDS + 4, 1]
    expect(pairsIn(holdings, holding)).toEqual(words)
  })

  it('given no parts, then nothing is held and no room is taken', () => {
    const holdings = newHoldings()
    expect(holdings.hold([])).toBe(NOTHING_HELD)
    expect(partsIn(holdings, NOTHING_HELD)).toEqual([])
  })

  it('given any that come and go, then each has its own parts, and who went has none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(somePart, { minLength: 1 }), fc.boolean()), { maxLength: 30 }),
        (all) => {
          const holdings = newHoldings()
          const held = new Map<Holding, ReadonlyArray<number>>()
          for (const [parts, stays] of all) {
            const holding = holdings.hold([...parts])
            expect(held.has(holding)).toBe(false)
            held.set(holding, ordered(parts))
            if (stays) continue
            const [oldest = NOTHING_HELD] = held.keys()
            held.delete(oldest)
            holdings.release(oldest)
            expect(partsIn(holdings, oldest)).toEqual([])
          }
          for (const [holding, parts] of held) expect(partsIn(holdings, holding)).toEqual(parts)
        },
      ),
    )
  })

  it('given thousands, then there is room for all', () => {
    const holdings = newHoldings()
    const held = Array.from({ length: 5_000 }, (_, i) => holdings.hold([i, i + 64]))
    expect(held.map((one) => partsIn(holdings, one))).toEqual(held.map((_, i) => [i, i + 64]))
  })

  it('given two that went, then the next two of their size take their places', () => {
    const holdings = newHoldings()
    const gone = [holdings.hold([1]), holdings.hold([2])]
    for (const one of gone) holdings.release(one)
    expect(ordered([holdings.hold([3]), holdings.hold([4])])).toEqual(gone)
  })

  it('given one that went twice, then two others do not share its place', () => {
    const holdings = newHoldings()
    const gone = holdings.hold([1])
    for (let i = 0; i < 2; i += 1) holdings.release(gone)
    expect(holdings.hold([2])).not.toBe(holdings.hold([3]))
  })
})
