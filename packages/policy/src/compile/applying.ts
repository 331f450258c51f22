/**
 * The statements of a holding that apply to a question, all of them, where a decision only wants to
 * know whether there is one.
 *
 * The index gives the candidates: the statements that speak about the action. Where they are many
 * they are kept for the next question, until too many are; a holding never changes, so that they
 * stay right for as long as it is not released.
 */
import type { AuthorizationRequest } from '../request.js'
import { type Asked, newAsked, readAsked } from './asked.js'
import { bitCount, type Column, STARTS, WORDS } from './column.js'
import { type Check, checkOf } from './condition-test.js'
import type { Holding } from './holdings.js'
import type { CompiledStatement, Part } from './parts.js'
import { matchesTest, type Outline, type ResourceTest, resourceTests } from './resource-test.js'

/** What a statement asks of a request. */
type Wanted = {
  readonly tests: ReadonlyArray<ResourceTest>
  readonly check: Check | undefined
}

/** A statement, where it stands: in which part, and the how many-th of it. */
type Candidate = {
  readonly wanted: Wanted
  readonly part: number
  readonly place: number
}

/** What is kept of a holding goes with this object. */
type Keeper = { readonly holding: Holding }

/** Calls with each statement that applies to one resource of a request. */
export type Applying = (
  keeper: Keeper,
  request: AuthorizationRequest,
  resource: string,
  each: (part: number, place: number) => void,
) => void

/** From this many candidates on they are kept, and so many are, of all holdings and actions. */
const KEPT_MIN = 16
const KEPT_MAX = 2 ** 18

export const applyingIn = (
  parts: ReadonlyArray<Part | undefined>,
  held: { readonly numbers: Int32Array },
  columnOf: (action: string) => Column,
): Applying => {
  const asked = newAsked()
  const known = new WeakMap<CompiledStatement, Wanted>()
  let kept = new WeakMap<Keeper, Map<string, ReadonlyArray<Candidate>>>()
  let keptCount = 0

  const wantedBy = (statement: CompiledStatement): Wanted => {
    const wanted = known.get(statement)
    if (wanted !== undefined) return wanted
    const { source } = statement
    const made = { tests: resourceTests(source), check: checkOf(source) }
    known.set(statement, made)
    return made
  }

  /** Adds the statements of a part that its run, which starts there, was made of. */
  const addFrom = (number: number, start: number, candidates: Array<Candidate>): void => {
    const part = parts[number]
    if (part === undefined) return
    for (let waiting = maskOf(part, start); waiting !== 0; waiting &= waiting - 1) {
      const place = bitCount((waiting & -waiting) - 1)
      const statement = part.statements[place]
      if (statement !== undefined)
        candidates.push({ wanted: wantedBy(statement), part: number, place })
    }
  }

  const gather = (holding: Holding, column: Column): ReadonlyArray<Candidate> => {
    const candidates: Array<Candidate> = []
    const { numbers } = held
    const starts = column[STARTS] as number
    const end = holding + 1 + (numbers[holding] as number)
    for (let at = holding + 1; at < end; at += 2) {
      const word = numbers[at] as number
      if (word >= starts) break
      const here = column[word] as number
      for (let both = here & (numbers[at + 1] as number); both !== 0; both &= both - 1) {
        const below = (both & -both) - 1
        const rank = (column[word + 1] as number) + bitCount(here & below)
        const number = 16 * (word - WORDS) + bitCount(below)
        addFrom(number, column[starts + rank] as number, candidates)
      }
    }
    return candidates
  }

  const keep = (keeper: Keeper, action: string, candidates: ReadonlyArray<Candidate>): void => {
    if (keptCount + candidates.length > KEPT_MAX) {
      kept = new WeakMap()
      keptCount = 0
    }
    keptCount += candidates.length
    const ofKeeper = kept.get(keeper)
    if (ofKeeper === undefined) kept.set(keeper, new Map([[action, candidates]]))
    else ofKeeper.set(action, candidates)
  }

  const candidatesOf = (keeper: Keeper, action: string): ReadonlyArray<Candidate> => {
    const known = kept.get(keeper)?.get(action)
    if (known !== undefined) return known
    const candidates = gather(keeper.holding, columnOf(action))
    if (candidates.length >= KEPT_MIN) keep(keeper, action, candidates)
    return candidates
  }

  return (keeper, { action, context, principal }, resource, each) => {
    readAsked(asked, resource)
    for (const { wanted, part, place } of candidatesOf(keeper, action)) {
      const { tests, check } = wanted
      if (!coversAsked(tests, asked)) continue
      if (check === undefined || check(context, principal)) each(part, place)
    }
  }
}

/** The statements of a run. */
const maskOf = ({ runs }: Part, start: number): number => {
  for (const run of runs) if (run.start === start) return run.mask
  return 0
}

const coversAsked = (tests: ReadonlyArray<ResourceTest>, asked: Asked): boolean => {
  for (const test of tests) if (fits(test.outline, asked) && matchesTest(test, asked)) return true
  return false
}

const fits = (outline: Outline, { idLength, head, tail, service }: Asked): boolean =>
  idLength >= outline.lengthMin &&
  idLength <= outline.lengthMax &&
  ((head ^ outline.head) & outline.headMask) === 0 &&
  ((tail ^ outline.tail) & outline.tailMask) === 0 &&
  ((service ^ outline.service) & outline.serviceMask) === 0
