/**
 * Candidates packed into one array: of each set of statements that shares an action, the resource
 * patterns of its denies, then those of its allows, an outline each. Also the one loop that
 * looks for a candidate that applies.
 */
import type { Statement } from '../document.js'
import type { Principal } from '../request.js'
import { type Asked, fourBytesFrom } from './asked.js'
import { CANDIDATE_NUMBERS, candidateNumbers, NO_CHECK } from './candidates.js'
import { ACTION, bitCount, type Column, grown, STARTS } from './column.js'
import { type Check, type ContextReader, checkOf } from './condition-test.js'
import {
  type CrowdLimits,
  headDrawer,
  lastDrawer,
  NOT_GATHERED,
  newCrowds,
  type Range,
  type Sides,
  tailDrawer,
} from './crowds.js'
import type { Holding } from './holdings.js'
import type { CompiledStatement, Part } from './parts.js'
import { matchesTest, type Outline, type ResourceTest, resourceTests } from './resource-test.js'

/** What the statements of one unit say to a question. */
export const SAYS_NOTHING = 0
export const SAYS_ALLOW = 1
export const SAYS_DENY = 2
export type Saying = typeof SAYS_NOTHING | typeof SAYS_ALLOW | typeof SAYS_DENY

/** What a decision reads besides the resource. */
export type Circumstances = { context: ContextReader; principal: Principal }

export type Runs = {
  /** Where the candidates of a set of statements start; packs them when they are new. */
  startOf(part: Part, mask: number): number
  /** What the parts of a holding say. */
  ask(holding: Holding, column: Column, asked: Asked, circumstances: Circumstances): Saying
  /** The holding is never asked again. */
  release(holding: Holding): void
  /** How much is packed. Unit: numbers. */
  size(): number
}

/** Of a statement: where its tests begin and end, and where its check is. */
type Places = { readonly test: number; readonly testsEnd: number; readonly check: number }

/** What a check is made of: texts, truth values and finite numbers, which JSON tells apart. */
const checkKey = ({ effect, principals, conditions }: Statement): string =>
  JSON.stringify([effect, principals, conditions])

/** Of this module, which is quicker to read than another's. */
const CANDIDATE = CANDIDATE_NUMBERS

/**
 * A run opens with where its allows begin and where it ends. There is room for it once a candidate
 * is packed, and no run is without one.
 */
const HEADER = 2

export const newRuns = (held: { readonly numbers: Int32Array }, limits: CrowdLimits): Runs => {
  let packed = new Int32Array(1_024)
  let used = 0
  /** Of a pattern that one resource alone matches, just its name. */
  const tests: Array<ResourceTest | string> = []
  const outlines: Array<Outline> = []
  const checks: Array<Check> = []
  const checkPlaces = new Map<string, number>()
  const known = new Map<CompiledStatement, Places>()
  const crowds = newCrowds(limits)
  const { crowdPartsMin } = limits
  let waiting = new Int32Array(64)

  /** Equal conditions are kept once: they are asked more often, and so nearer. */
  const checkPlaceOf = (statement: Statement): number => {
    const check = checkOf(statement)
    if (check === undefined) return NO_CHECK
    const key = checkKey(statement)
    const place = checkPlaces.get(key) ?? checks.push(check) - 1
    checkPlaces.set(key, place)
    return place
  }

  const placesOf = (statement: CompiledStatement): Places => {
    const places = known.get(statement)
    if (places !== undefined) return places
    const { source } = statement
    const test = tests.length
    for (const made of resourceTests(source)) {
      tests.push(made.only ?? made)
      outlines.push(made.outline)
    }
    const made = { test, testsEnd: tests.length, check: checkPlaceOf(source) }
    known.set(statement, made)
    return made
  }

  const pack = (statement: CompiledStatement): void => {
    const { test, testsEnd, check } = placesOf(statement)
    for (let at = test; at < testsEnd; at += 1) {
      if (used + CANDIDATE > packed.length) packed = grown(packed, 2 * packed.length)
      packed.set(candidateNumbers(outlines[at] as Outline, at, check), used)
      used += CANDIDATE
    }
  }

  const packRun = ({ statements }: Part, mask: number): number => {
    const chosen = statements.filter((_, index) => ((mask >>> index) & 1) === 1)
    const start = used
    used += HEADER
    for (const statement of chosen) if (statement.isDeny) pack(statement)
    const allows = used
    for (const statement of chosen) if (!statement.isDeny) pack(statement)
    packed[start] = allows
    packed[start + 1] = used
    return start
  }

  /** Whether any candidate between two places applies. */
  const anyApplies = (
    rows: Int32Array,
    from: number,
    to: number,
    asked: Asked,
    { context, principal }: Circumstances,
  ): boolean => {
    const { idLength, head, tail, service } = asked
    for (let at = from; at < to; at += CANDIDATE) {
      if (idLength < (rows[at] as number) || idLength > (rows[at + 1] as number)) continue
      if (((head ^ (rows[at + 2] as number)) & (rows[at + 3] as number)) !== 0) continue
      if (((tail ^ (rows[at + 4] as number)) & (rows[at + 5] as number)) !== 0) continue
      if (((service ^ (rows[at + 6] as number)) & (rows[at + 7] as number)) !== 0) continue
      const cutAt = rows[at + 9] as number
      if (cutAt >= 0 && fourBytesFrom(asked.idText, asked.idStart + cutAt) !== rows[at + 8])
        continue
      const test = tests[rows[at + 10] as number] as ResourceTest | string
      if (typeof test === 'string' ? asked.text !== test : !matchesTest(test, asked)) continue
      const check = rows[at + 11] as number
      if (check === NO_CHECK || (checks[check] as Check)(context, principal)) return true
    }
    return false
  }

  /** Whether anything applies in the three drawers where it would be. */
  const anyInDrawers = (side: number, asked: Asked, circumstances: Circumstances): boolean => {
    const { rows } = crowds.gathered
    const mask = rows[side] as number
    const tail = tailDrawer(side, mask, asked)
    const head = headDrawer(side, mask, asked)
    const last = lastDrawer(side, mask)
    return (
      anyApplies(rows, rows[tail] as number, rows[tail + 1] as number, asked, circumstances) ||
      anyApplies(rows, rows[head] as number, rows[head + 1] as number, asked, circumstances) ||
      anyApplies(rows, rows[last] as number, rows[last + 1] as number, asked, circumstances)
    )
  }

  /** Where the candidates of all parts of a holding are. */
  const sidesOf = (holding: Holding, column: Column): Sides => {
    const { numbers } = held
    const denies: Array<Range> = []
    const allows: Array<Range> = []
    const starts = column[STARTS] ?? 0
    const end = holding + 1 + (numbers[holding] ?? 0)
    for (let at = holding + 1; at < end && (numbers[at] ?? 0) < starts; at += 2) {
      const word = numbers[at] ?? 0
      const here = column[word] ?? 0
      let rank = column[word + 1] ?? 0
      for (let bit = 0; bit < 32; bit += 1) {
        if (((here >>> bit) & 1) === 0) continue
        const start = column[starts + rank] ?? 0
        rank += 1
        if ((((numbers[at + 1] ?? 0) >>> bit) & 1) === 0) continue
        denies.push({ from: start + HEADER, to: packed[start] ?? 0 })
        allows.push({ from: packed[start] ?? 0, to: packed[start + 1] ?? 0 })
      }
    }
    return { rows: packed, denies, allows }
  }

  const askGathered = (gathered: number, asked: Asked, circumstances: Circumstances): Saying => {
    if (anyInDrawers(gathered + 1, asked, circumstances)) return SAYS_DENY
    const allows = crowds.gathered.rows[gathered] as number
    return anyInDrawers(allows, asked, circumstances) ? SAYS_ALLOW : SAYS_NOTHING
  }

  const gatherInTime = (holding: Holding, column: Column): void => {
    const action = column[ACTION] ?? 0
    if (crowds.isTime(holding, action)) crowds.gather(holding, action, sidesOf(holding, column))
  }

  return {
    startOf: (part, mask) => {
      const run = part.runs.find((one) => one.mask === mask)
      if (run !== undefined) return run.start
      const start = packRun(part, mask)
      part.runs.push({ mask, start })
      return start
    },
    ask: (holding, column, asked, circumstances) => {
      const gathered = crowds.find(holding, column[ACTION] as number)
      if (gathered !== NOT_GATHERED) return askGathered(gathered, asked, circumstances)
      const { numbers } = held
      const starts = column[STARTS] as number
      const end = holding + 1 + (numbers[holding] as number)
      let allows = 0
      let heard = 0
      for (let at = holding + 1; at < end; at += 2) {
        const word = numbers[at] as number
        if (word >= starts) break
        const here = column[word] as number
        let both = here & (numbers[at + 1] as number)
        while (both !== 0) {
          const bit = both & -both
          both ^= bit
          const rank = (column[word + 1] as number) + bitCount(here & (bit - 1))
          const start = column[starts + rank] as number
          heard += 1
          const firstAllow = packed[start] as number
          if (anyApplies(packed, start + HEADER, firstAllow, asked, circumstances)) return SAYS_DENY
          if (firstAllow === packed[start + 1]) continue
          if (allows === waiting.length) waiting = grown(waiting, 2 * allows)
          waiting[allows] = start
          allows += 1
        }
      }
      if (heard >= crowdPartsMin) gatherInTime(holding, column)
      for (let i = 0; i < allows; i += 1) {
        const start = waiting[i] as number
        const from = packed[start] as number
        const to = packed[start + 1] as number
        if (anyApplies(packed, from, to, asked, circumstances)) return SAYS_ALLOW
      }
      return SAYS_NOTHING
    },
    release: crowds.release,
    size: () => used,
  }
}
