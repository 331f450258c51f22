/**
 * What a holding of many policies says about one action, gathered from all its parts when it is
 * asked again and again: candidates lie in drawers by the last or the first four characters of the
 * relative id, so that a question opens three drawers and not every part.
 *
 * Invariant: gathered are the candidates of all parts that speak about the action, denies apart
 * from allows; which drawer one lies in is decided by what its outline demands.
 */
import type { Asked } from './asked.js'
import { CANDIDATE, HEAD, HEAD_MASK, TAIL, TAIL_MASK } from './candidates.js'
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

/** Beside the places of what is gathered: too large to be gathered at all, or asked so often. */
const TOO_LARGE = 0
const NOT_ASKED = -1

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

const drawersFor = (candidates: number): number => {
  let drawers = 1
  while (drawers < candidates && drawers < DRAWERS_MAX) drawers *= 2
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

export const newCrowds = (limits: CrowdLimits): Crowds => {
  const gathered = { rows: new Int32Array(1_024) }
  let used = 1
  let pairs = 0
  /** By action and holding: where they are gathered, or how often they were asked, below zero. */
  const byAction: Array<Map<Holding, number> | undefined> = []
  const actionsOf = new Map<Holding, Array<number>>()

  const forget = (): void => {
    used = 1
    pairs = 0
    byAction.length = 0
    actionsOf.clear()
  }

  const noted = (holding: Holding, action: number): Map<Holding, number> => {
    const known = byAction[action]
    if (known?.has(holding) === true) return known
    pairs += 1
    const places = byAction[action] ?? new Map<Holding, number>()
    byAction[action] = places
    const actions = actionsOf.get(holding)
    if (actions === undefined) actionsOf.set(holding, [action])
    else actions.push(action)
    return places
  }

  /** First where the allows stand, then the denies, then the allows. */
  const gather = ({ rows, denies, allows }: Sides): Gathered => {
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
      const place = byAction[action]?.get(holding)
      return place === undefined || place < 0 ? NOT_GATHERED : place
    },
    isTime: (holding, action) => {
      const asks = byAction[action]?.get(holding) ?? NOT_ASKED
      if (asks === TOO_LARGE) return false
      if (NOT_ASKED - asks >= limits.crowdAsksMin) return true
      if (pairs > limits.crowdNumbersMax / CANDIDATE) forget()
      noted(holding, action).set(holding, asks - 1)
      return false
    },
    gather: (holding, action, sides) => {
      let place = gather(sides)
      if (place === NOT_GATHERED) {
        forget()
        place = gather(sides)
      }
      noted(holding, action).set(holding, place === NOT_GATHERED ? TOO_LARGE : place)
    },
    release: (holding) => {
      for (const action of actionsOf.get(holding) ?? []) byAction[action]?.delete(holding)
      actionsOf.delete(holding)
    },
  }
}
