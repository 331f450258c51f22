/**
 * What a holding of many policies says about one action, gathered from all its parts when it is
 * asked again and again: candidates lie in drawers by the last or the first four characters of the
 * relative id, so that a question opens three drawers and not every part.
 *
 * Invariant: gathered are the candidates of all parts that speak about the action, denies apart
 * from allows; which drawer one lies in is decided by what its outline demands.
 */
import type { Asked } from './asked.js'
import { CANDIDATE_NUMBERS as CANDIDATE, HEAD, HEAD_MASK, TAIL, TAIL_MASK } from './candidates.js'
import { grown } from './column.js'
import type { Holding } from './holdings.js'

/** Where something gathered stands; zero when nothing is. */
export type Gathered = number
export const NOT_GATHERED: Gathered = 0

export type CrowdLimits = {
  /** From how many parts that speak about an action on it is worth gathering them. */
  readonly crowdPartsMin: number
  /** How often a holding is asked about an action before its parts are gathered. */
  readonly crowdAsksMin: number
  /** All that is gathered is forgotten when it would be more numbers. */
  readonly crowdNumbersMax: number
  /** Holdings and actions are remembered in two to the power of so many places. */
  readonly crowdPlacesBits: number
}

/** Places in one array of candidates, from the first to before the second. */
export type Range = { readonly from: number; readonly to: number }

export type Crowds = {
  find(holding: Holding, action: number): Gathered
  /** Counts that a holding of many parts was asked about an action: now is the time to gather? */
  isTime(holding: Holding, action: number): boolean
  gather(holding: Holding, action: number, sides: Sides): void
  /** The holding is never asked again. */
  release(holding: Holding): void
  /** The candidates that are gathered. Replaced when they grow. */
  readonly gathered: { rows: Int32Array }
}

/** Candidates in an array, those of denies and those of allows. */
export type Sides = {
  readonly rows: Int32Array
  readonly denies: ReadonlyArray<Range>
  readonly allows: ReadonlyArray<Range>
}

/** In place of how often it was asked, which is below zero: too large to be gathered at all. */
const TOO_LARGE = -0x7fffffff

/** The drawers of one side open with how many there are less one, as a mask. */
const DRAWERS_MAX = 1_024

const EVERY_BIT = -1

const mixed = (bytes: number): number => Math.imul(bytes, 0x9e3779b1) >>> 16

/** Where in the index of a side the drawer for a tail, for a head, and for the rest stands. */
export const tailDrawer = (side: number, mask: number, { tail }: Asked): number =>
  side + 1 + (mixed(tail) & mask)
export const headDrawer = (side: number, mask: number, { head }: Asked): number =>
  side + 2 + mask + (mixed(head) & mask)
export const lastDrawer = (side: number, mask: number): number => side + 3 + 2 * mask

/** How many numbers stand before the candidates of a side: the mask, and where drawers begin. */
const indexLength = (mask: number): number => 2 * (mask + 1) + 3

/** Few, so that their index and what is in them are near one another. */
const drawersFor = (candidates: number): number => {
  let drawers = 1
  while (2 * drawers < candidates && drawers < DRAWERS_MAX) drawers *= 2
  return drawers
}

/** Counted from the first drawer of a side. */
const drawerOf = (rows: Int32Array, at: number, mask: number): number => {
  if (rows[at + TAIL_MASK] === EVERY_BIT) return mixed(rows[at + TAIL] ?? 0) & mask
  if (rows[at + HEAD_MASK] === EVERY_BIT) return mask + 1 + (mixed(rows[at + HEAD] ?? 0) & mask)
  return 2 * (mask + 1)
}

const candidatesIn = (ranges: ReadonlyArray<Range>): ReadonlyArray<number> =>
  ranges.flatMap(({ from, to }) =>
    Array.from({ length: (to - from) / CANDIDATE }, (_, i) => from + i * CANDIDATE),
  )

/** The index of a side and its candidates, as they will stand at a place. */
const sideNumbers = (rows: Int32Array, ranges: ReadonlyArray<Range>, place: number) => {
  const candidates = candidatesIn(ranges)
  const mask = drawersFor(candidates.length) - 1
  const drawers = Array.from({ length: 2 * (mask + 1) + 1 }, (): Array<number> => [])
  for (const at of candidates) drawers[drawerOf(rows, at, mask)]?.push(at)
  const numbers = new Int32Array(indexLength(mask) + candidates.length * CANDIDATE)
  let used = indexLength(mask)
  numbers[0] = mask
  drawers.forEach((drawer, index) => {
    numbers[1 + index] = place + used
    for (const at of drawer) {
      numbers.set(rows.subarray(at, at + CANDIDATE), used)
      used += CANDIDATE
    }
  })
  numbers[2 + 2 * (mask + 1)] = place + used
  return numbers
}

/** An entry of the table: a holding, an action, and where it is gathered or how often asked. */
const ENTRY = 3

export const newCrowds = (limits: CrowdLimits): Crowds => {
  const gathered = { rows: new Int32Array(1_024) }
  let used = 1
  /** Entries have one place each, which they share with others; who came last is there. */
  const table = new Int32Array(ENTRY * 2 ** limits.crowdPlacesBits)
  const placesOf = new Map<Holding, Array<number>>()
  let entries = 0

  const placeOf = (holding: Holding, action: number): number =>
    ENTRY *
    ((Math.imul(holding, 0x9e3779b1) ^ Math.imul(action, 0x85ebca6b)) >>>
      (32 - limits.crowdPlacesBits))

  const forget = (): void => {
    used = 1
    entries = 0
    table.fill(0)
    placesOf.clear()
  }

  /** Zero when nothing is known: no entry has it as its number. */
  const known = (holding: Holding, action: number): number => {
    const place = placeOf(holding, action)
    return table[place] === holding && table[place + 1] === action
      ? (table[place + 2] as number)
      : 0
  }

  const note = (holding: Holding, action: number, number: number): void => {
    const place = placeOf(holding, action)
    if (known(holding, action) === 0) {
      entries += 1
      const places = placesOf.get(holding)
      if (places === undefined) placesOf.set(holding, [place])
      else places.push(place)
    }
    table.set([holding, action, number], place)
  }

  /** First where the allows stand, then the denies, then the allows. */
  const write = ({ rows, denies, allows }: Sides): Gathered => {
    const place = used
    const first = sideNumbers(rows, denies, place + 1)
    const second = sideNumbers(rows, allows, place + 1 + first.length)
    const end = place + 1 + first.length + second.length
    if (end > limits.crowdNumbersMax) return NOT_GATHERED
    if (end > gathered.rows.length) gathered.rows = grown(gathered.rows, 2 * end)
    gathered.rows[place] = place + 1 + first.length
    gathered.rows.set(first, place + 1)
    gathered.rows.set(second, place + 1 + first.length)
    used = end
    return place
  }

  return {
    gathered,
    find: (holding, action) => {
      if (entries === 0) return NOT_GATHERED
      const number = known(holding, action)
      return number > 0 ? number : NOT_GATHERED
    },
    isTime: (holding, action) => {
      const number = known(holding, action)
      if (number === TOO_LARGE) return false
      if (-number >= limits.crowdAsksMin) return true
      if (entries >= limits.crowdNumbersMax / CANDIDATE) forget()
      note(holding, action, number - 1)
      return false
    },
    gather: (holding, action, sides) => {
      let place = write(sides)
      if (place === NOT_GATHERED) {
        forget()
        place = write(sides)
      }
      note(holding, action, place === NOT_GATHERED ? TOO_LARGE : place)
    },
    release: (holding) => {
      for (const place of placesOf.get(holding) ?? [])
        if (table[place] === holding) table.fill(0, place, place + ENTRY)
      placesOf.delete(holding)
    },
  }
}
