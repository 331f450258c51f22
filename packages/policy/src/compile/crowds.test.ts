/**
 * Candidates in drawers: each lies where a question looks for it, and what is gathered is forgotten
 * when it grows too much.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asked, newAsked } from './asked.js'
import { CANDIDATE_NUMBERS, HEAD, HEAD_MASK, TAIL, TAIL_MASK } from './candidates.js'
import {
  type CrowdLimits,
  type Crowds,
  headDrawer,
  lastDrawer,
  NOT_GATHERED,
  newCrowds,
  type Range,
  type Sides,
  tailDrawer,
} from './crowds.js'

const LIMITS: CrowdLimits = {
  crowdPartsMin: 1,
  crowdAsksMin: 2,
  crowdNumbersMax: 100_000,
  crowdPlacesBits: 8,
}

/** By which characters one is found, and the number of the pattern that tells it from others. */
type Candidate = { readonly by: 'Tail' | 'Head' | 'Neither'; readonly bytes: number }

const rowsOf = (candidates: ReadonlyArray<Candidate>): Int32Array =>
  Int32Array.from(
    candidates.flatMap(({ by, bytes }, index) => {
      const numbers = new Array<number>(CANDIDATE_NUMBERS).fill(index)
      numbers[TAIL] = bytes
      numbers[HEAD] = bytes
      numbers[TAIL_MASK] = by === 'Tail' ? -1 : 0xff
      numbers[HEAD_MASK] = by === 'Neither' ? 0xff : -1
      return numbers
    }),
  )

const range = (from: number, to: number): Range => ({
  from: from * CANDIDATE_NUMBERS,
  to: to * CANDIDATE_NUMBERS,
})

const asking = (members: Partial<Asked>): Asked => ({ ...newAsked(), ...members })

/** The numbers of the candidates in a drawer, which begins where one place says. */
const inDrawer = ({ gathered: { rows } }: Crowds, drawer: number): ReadonlyArray<number> => {
  const [from = 0, to = 0] = rows.subarray(drawer, drawer + 2)
  return Array.from(
    { length: (to - from) / CANDIDATE_NUMBERS },
    (_, i) => rows[from + i * CANDIDATE_NUMBERS] ?? Number.NaN,
  )
}

/** Everything that lies in one side, drawer by drawer. */
const inSide = (crowds: Crowds, side: number): ReadonlyArray<number> => {
  const mask = crowds.gathered.rows[side] ?? 0
  return Array.from({ length: 2 * mask + 3 }, (_, i) => inDrawer(crowds, side + 1 + i)).flat()
}

const sidesAt = ({ gathered: { rows } }: Crowds, place: number) => ({
  denies: place + 1,
  allows: rows[place] ?? 0,
})

const candidate: fc.Arbitrary<Candidate> = fc.record({
  by: fc.constantFrom('Tail', 'Head', 'Neither'),
  bytes: fc.integer(),
})

const numbersFrom = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, i) => from + i)

const inOrder = (all: ReadonlyArray<number>): ReadonlyArray<number> => all.toSorted((a, b) => a - b)

/** So many candidates, none of which says anything of either end. */
const plainSides = (count: number): Sides => ({
  rows: rowsOf(new Array<Candidate>(count).fill({ by: 'Neither', bytes: 0 })),
  denies: [],
  allows: [range(0, count)],
})

describe('gathered candidates', () => {
  it('given any of both sides, then each lies in the drawer where it is looked for, once', () => {
    fc.assert(
      fc.property(
        fc.array(candidate, { maxLength: 60 }),
        fc.nat({ max: 60 }),
        fc.nat({ max: 60 }),
        (candidates, first, second) => {
          const cut = Math.min(first, candidates.length)
          const middle = Math.min(cut + second, candidates.length)
          const rows = rowsOf(candidates)
          const denies = [range(0, cut)]
          const allows = [range(cut, middle), range(middle, candidates.length)]
          const crowds = newCrowds(LIMITS)
          crowds.gather(1, 1, { rows, denies, allows })

          const sides = sidesAt(crowds, crowds.find(1, 1))
          expect(inOrder(inSide(crowds, sides.denies))).toEqual(numbersFrom(0, cut))
          expect(inOrder(inSide(crowds, sides.allows))).toEqual(numbersFrom(cut, candidates.length))
          candidates.forEach(({ by, bytes }, index) => {
            const side = index < cut ? sides.denies : sides.allows
            const mask = crowds.gathered.rows[side] ?? 0
            const drawers = {
              Tail: tailDrawer(side, mask, asking({ tail: bytes })),
              Head: headDrawer(side, mask, asking({ head: bytes })),
              Neither: lastDrawer(side, mask),
            }
            expect(inDrawer(crowds, drawers[by])).toContain(index)
          })
        },
      ),
    )
  })

  it('given more candidates, then there are more drawers, up to a thousand or so', () => {
    const drawersFor = (count: number): number => {
      const crowds = newCrowds({ ...LIMITS, crowdNumbersMax: 1_000_000 })
      crowds.gather(1, 1, plainSides(count))
      return (crowds.gathered.rows[sidesAt(crowds, crowds.find(1, 1)).allows] ?? 0) + 1
    }
    expect([0, 1, 2, 3, 4, 5, 8, 9, 5_000].map(drawersFor)).toEqual([1, 1, 1, 2, 2, 4, 4, 8, 1_024])
  })

  it('given many with ends of their own, then none of their drawers holds many', () => {
    const crowds = newCrowds(LIMITS)
    const ends = numbersFrom(0, 1_000).map((i): Candidate => {
      return { by: i % 2 === 0 ? 'Tail' : 'Head', bytes: 0x61_62_63_64 + i * 0x01_01_01 }
    })
    crowds.gather(1, 1, { rows: rowsOf(ends), denies: [], allows: [range(0, ends.length)] })
    const { allows } = sidesAt(crowds, crowds.find(1, 1))
    const sizes = numbersFrom(1, 1_024).map((drawer) => inDrawer(crowds, allows + drawer).length)
    expect(Math.max(...sizes)).toBeLessThan(20)
  })

  it('given several that are gathered, then each has its own', () => {
    const crowds = newCrowds(LIMITS)
    for (let holding = 1; holding <= 50; holding += 1)
      crowds.gather(holding, 7, { ...plainSides(50), allows: [range(holding - 1, holding)] })
    const found = numbersFrom(1, 51).map((holding) => {
      const place = crowds.find(holding, 7)
      return place === NOT_GATHERED ? [] : inSide(crowds, sidesAt(crowds, place).allows)
    })
    const kept = found.filter((all) => all.length > 0)
    expect(kept.length).toBeGreaterThan(40)
    expect(found.every((all, index) => all.length === 0 || all[0] === index)).toBe(true)
  })

  it('given a holding that is asked again and again, then it is time after so many questions', () => {
    const crowds = newCrowds(LIMITS)
    expect(crowds.find(5, 1)).toBe(NOT_GATHERED)
    expect([1, 2, 3, 4].map(() => crowds.isTime(5, 1))).toEqual([false, false, true, true])
    expect(crowds.find(5, 1)).toBe(NOT_GATHERED)
    expect([crowds.isTime(5, 2), crowds.isTime(6, 1)]).toEqual([false, false])
    expect(crowds.find(5, 2)).toBe(NOT_GATHERED)
  })

  it('given another action or another holding, then what is gathered is not theirs', () => {
    const crowds = newCrowds({ ...LIMITS, crowdPlacesBits: 1 })
    crowds.gather(5, 1, plainSides(1))
    const others = numbersFrom(1, 20).flatMap((one) => [
      crowds.find(5, 1 + one),
      crowds.find(5 + one, 1),
    ])
    expect(new Set(others)).toEqual(new Set([NOT_GATHERED]))
    expect(crowds.find(5, 1)).not.toBe(NOT_GATHERED)
  })

  it('given more than may be gathered at once, then it is never time', () => {
    const crowds = newCrowds({ ...LIMITS, crowdNumbersMax: 100 })
    crowds.gather(5, 1, plainSides(20))
    expect(crowds.find(5, 1)).toBe(NOT_GATHERED)
    expect(numbersFrom(0, 5).map(() => crowds.isTime(5, 1))).toEqual(new Array(5).fill(false))
    crowds.gather(6, 1, plainSides(2))
    expect(crowds.find(6, 1)).not.toBe(NOT_GATHERED)
  })

  it('given no room for more, then the older are forgotten and the newest has its place', () => {
    const crowds = newCrowds({ ...LIMITS, crowdNumbersMax: 200 })
    crowds.gather(5, 1, plainSides(10))
    crowds.gather(6, 1, plainSides(10))
    expect(crowds.find(5, 1)).toBe(NOT_GATHERED)
    const { allows } = sidesAt(crowds, crowds.find(6, 1))
    expect(inSide(crowds, allows)).toEqual(numbersFrom(0, 10))
    expect(crowds.gathered.rows[1]).toBe(allows)
  })

  it('given just as much room as it takes, then it is gathered', () => {
    const roomFor = (crowdNumbersMax: number): number => {
      const crowds = newCrowds({ ...LIMITS, crowdNumbersMax })
      crowds.gather(5, 1, plainSides(1))
      return crowds.find(5, 1)
    }
    const least = numbersFrom(1, 100).find((max) => roomFor(max) !== NOT_GATHERED)
    expect(least).toBe(1 + 1 + 5 + 5 + CANDIDATE_NUMBERS)
  })

  it('given more holdings than there is room to count, then counting begins again', () => {
    const crowds = newCrowds({ ...LIMITS, crowdNumbersMax: 4 * CANDIDATE_NUMBERS })
    const ask = (holding: number): boolean => crowds.isTime(holding, 1)
    expect(numbersFrom(1, 5).map(ask)).toEqual(new Array(4).fill(false))
    expect(ask(5)).toBe(false)
    expect([ask(1), ask(1), ask(1)]).toEqual([false, false, true])
  })

  it('given one that is asked often, then it takes no room of another that is counted', () => {
    const crowds = newCrowds({
      ...LIMITS,
      crowdAsksMin: 8,
      crowdNumbersMax: 4 * CANDIDATE_NUMBERS,
    })
    const ask = (holding: number): boolean => crowds.isTime(holding, 1)
    for (const holding of [2, 1, 1, 1, 1, 1]) expect(ask(holding)).toBe(false)
    expect(numbersFrom(0, 8).map(() => ask(2))).toEqual([...new Array(7).fill(false), true])
  })

  it('given a holding that went, then who takes its place is counted anew and has nothing', () => {
    const crowds = newCrowds(LIMITS)
    for (const action of [1, 2, 3]) {
      crowds.gather(5, action, plainSides(1))
      crowds.gather(6, action, plainSides(1))
    }
    crowds.release(5)
    crowds.release(7)
    expect([1, 2, 3].map((action) => crowds.find(5, action))).toEqual([0, 0, 0])
    expect([1, 2, 3].filter((action) => crowds.find(6, action) !== 0)).toEqual([1, 2, 3])
    expect([crowds.isTime(5, 1), crowds.isTime(5, 1), crowds.isTime(5, 1)]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('given a place that another took, then who goes leaves it to the other', () => {
    const sharing = numbersFrom(6, 20).filter((other) => {
      const crowds = newCrowds({ ...LIMITS, crowdPlacesBits: 1 })
      crowds.gather(5, 1, plainSides(1))
      crowds.gather(other, 1, plainSides(1))
      const isTaken = crowds.find(5, 1) === NOT_GATHERED
      crowds.release(5)
      expect(crowds.find(other, 1)).not.toBe(NOT_GATHERED)
      return isTaken
    })
    expect(sharing.length).toBeGreaterThan(2)
  })
})
