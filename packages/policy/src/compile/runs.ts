/**
 * Candidates packed into one array: of each set of statements that shares an action, the resource
 * patterns of its denies, then those of its allows, ten numbers each. Also the one loop that
 * looks for a candidate that applies.
 */
import type { Principal } from '../request.js'
import type { Asked } from './asked.js'
import { bitCount, type Column, grown, STARTS } from './column.js'
import type { Check, ContextReader } from './condition-test.js'
import type { Holding } from './holdings.js'
import type { CompiledStatement, Part } from './parts.js'
import { matchesTest, type ResourceTest } from './resource-test.js'

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
  /** How much is packed. Unit: numbers. */
  size(): number
}

/** A run opens with where its allows begin and where it ends. */
const HEADER = 2
const CANDIDATE = 10
const NO_CHECK = -1

export const newRuns = (held: { readonly numbers: Int32Array }): Runs => {
  let packed = new Int32Array(1_024)
  let used = 0
  const tests: Array<ResourceTest> = []
  const checks: Array<Check> = []
  const known = new Map<CompiledStatement, { readonly test: number; readonly check: number }>()
  let waiting = new Int32Array(64)

  const placesOf = (statement: CompiledStatement) => {
    const places = known.get(statement)
    if (places !== undefined) return places
    const check = statement.check === undefined ? NO_CHECK : checks.push(statement.check) - 1
    const made = { test: tests.length, check }
    tests.push(...statement.tests)
    known.set(statement, made)
    return made
  }

  const pack = (statement: CompiledStatement): void => {
    const { test, check } = placesOf(statement)
    statement.tests.forEach(({ outline }, index) => {
      if (used + CANDIDATE > packed.length) packed = grown(packed, 2 * packed.length)
      const { head, headMask, tail, tailMask, lengthMin, lengthMax } = outline
      const { service, serviceMask } = outline
      const ends = [head, headMask, tail, tailMask, service, serviceMask]
      packed.set([lengthMin, lengthMax, ...ends, test + index, check], used)
      used += CANDIDATE
    })
  }

  const packRun = ({ statements }: Part, mask: number): number => {
    const chosen = statements.filter((_, index) => ((mask >>> index) & 1) === 1)
    const start = used
    if (used + HEADER > packed.length) packed = grown(packed, 2 * packed.length)
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
    from: number,
    to: number,
    asked: Asked,
    { context, principal }: Circumstances,
  ): boolean => {
    const { idLength, head, tail, service } = asked
    const rows = packed
    for (let at = from; at < to; at += CANDIDATE) {
      if (idLength < (rows[at] as number) || idLength > (rows[at + 1] as number)) continue
      if (((head ^ (rows[at + 2] as number)) & (rows[at + 3] as number)) !== 0) continue
      if (((tail ^ (rows[at + 4] as number)) & (rows[at + 5] as number)) !== 0) continue
      if (((service ^ (rows[at + 6] as number)) & (rows[at + 7] as number)) !== 0) continue
      if (!matchesTest(tests[rows[at + 8] as number] as ResourceTest, asked)) continue
      const check = rows[at + 9] as number
      if (check === NO_CHECK || (checks[check] as Check)(context, principal)) return true
    }
    return false
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
      const { numbers } = held
      const starts = column[STARTS] as number
      const end = holding + 1 + (numbers[holding] as number)
      let allows = 0
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
          const firstAllow = packed[start] as number
          if (anyApplies(start + HEADER, firstAllow, asked, circumstances)) return SAYS_DENY
          if (firstAllow === packed[start + 1]) continue
          if (allows === waiting.length) waiting = grown(waiting, 2 * allows)
          waiting[allows] = start
          allows += 1
        }
      }
      for (let i = 0; i < allows; i += 1) {
        const start = waiting[i] as number
        const from = packed[start] as number
        const to = packed[start + 1] as number
        if (anyApplies(from, to, asked, circumstances)) return SAYS_ALLOW
      }
      return SAYS_NOTHING
    },
    size: () => used,
  }
}
