/**
 * Policies compiled once and shared by everybody who holds them, and the decisions on them.
 *
 * Invariant: decides exactly as `authorize` does on the same documents. What has been learnt of
 * actions and packed for them is bounded, and may be forgotten at any time: it is learnt again.
 */
import { ACTION_CHARACTERS_MAX, type Decision, type Units } from '../authorize.js'
import type { PolicyDocument } from '../document.js'
import type { AuthorizationRequest } from '../request.js'
import { ASSUME_ROLE } from '../statement.js'
import { type ActionLists, actionLists, coversAction } from './action-lists.js'
import { applyingIn } from './applying.js'
import { type Column, type Entry, newColumn, SEEN, withEntries } from './column.js'
import type { CrowdLimits } from './crowds.js'
import { type CompiledRequest, decisions, type HeldPolicies, type Verdict } from './decide.js'
import { type Holding, newHoldings } from './holdings.js'
import { justify, type SourcedUnit } from './justify.js'
import { newKnownActions } from './known-actions.js'
import { type CompiledStatement, type Part, partsOf } from './parts.js'
import { newRuns } from './runs.js'

/** A policy of a universe: the numbers of its parts. */
export type CompiledPolicy = {
  readonly bearer: ReadonlyArray<number>
  readonly named: ReadonlyArray<number>
}

export type PolicyUniverse = {
  add(document: PolicyDocument): CompiledPolicy
  /** Only for a policy that is in no holding any more. */
  remove(policy: CompiledPolicy): void
  /**
   * What the policies say about whoever holds them. Order and duplicates do not matter. Takes room
   * until it is released.
   */
  holding(policies: Iterable<CompiledPolicy>): Holding
  /** What trust and resource policies say about those they name. */
  namedHolding(policies: Iterable<CompiledPolicy>): Holding
  /** The holding is never used again. */
  release(holding: Holding): void
  decide(request: CompiledRequest, policies: HeldPolicies): Verdict
  /** Decides so too, and says by which statements. */
  justify(request: AuthorizationRequest, policies: Units<SourcedUnit>): Decision
}

/** How much is kept of what was learnt. A smaller bound costs time, and changes no answer. */
export type UniverseLimits = CrowdLimits & {
  /**
   * When so many actions, or numbers in their columns, were learnt, the least recently used ones
   * are forgotten: names of actions come from callers.
   */
  readonly actionsMax: number
  readonly columnNumbersMax: number
  /** The actions asked about last are found quicker: in two to the power of so many places. */
  readonly knownActionsBits: number
  /** All is learnt anew when more numbers are packed: in all, and for each part of a policy. */
  readonly packedNumbersMax: number
  readonly packedNumbersPerPartMax: number
  /** Removed parts are dropped when they are more than this, and more than half of all. */
  readonly deadPartsMax: number
  /** A column that lags behind by more new policies is learnt anew. */
  readonly newcomersToFollowMax: number
  /** How many new policies are remembered for columns to follow. */
  readonly newcomersMax: number
}

/** Ours. */
export const LIMITS: UniverseLimits = {
  actionsMax: 4_096,
  columnNumbersMax: 8 * 2 ** 20,
  knownActionsBits: 12,
  packedNumbersMax: 2 ** 20,
  packedNumbersPerPartMax: 4_096,
  deadPartsMax: 1_024,
  newcomersToFollowMax: 256,
  newcomersMax: 65_536,
  crowdPartsMin: 8,
  crowdAsksMin: 4,
  crowdNumbersMax: 4 * 2 ** 20,
  crowdPlacesBits: 12,
}

/** Then all is learnt anew, so that their numbers stay small. */
const ACTIONS_LEARNT_MAX = 65_536

type Learnt = { young: Map<string, Column>; old: Map<string, Column>; numbers: number }

/** Whether what it says of an action that it covers counts. */
const mayCover = ({ onlyAssumes }: CompiledStatement, action: string): boolean =>
  !onlyAssumes || action === ASSUME_ROLE

const maskOf = ({ statements }: Part, action: string): number =>
  statements.reduce(
    (mask, one, index) =>
      mayCover(one, action) && coversAction(one.actions, action) ? mask | (1 << index) : mask,
    0,
  )

export const policyUniverse = (limits: UniverseLimits = LIMITS): PolicyUniverse => {
  const parts: Array<Part | undefined> = []
  const lists: ActionLists = actionLists()
  let free: Array<number> = []
  let dead: Array<number> = []
  let newcomers: Array<number> = []
  const holdings = newHoldings()
  let runs = newRuns(holdings.packed, limits)
  let learnt: Learnt = { young: new Map(), old: new Map(), numbers: 0 }

  const knownActions = newKnownActions(limits.knownActionsBits)
  let actionsLearnt = 0

  const forget = (): void => {
    knownActions.forget()
    actionsLearnt = 0
    runs = newRuns(holdings.packed, limits)
    learnt = { young: new Map(), old: new Map(), numbers: 0 }
    newcomers = []
    free = [...free, ...dead]
    dead = []
    for (const part of parts) part?.runs.splice(0)
  }

  const place = (part: Part): number => {
    const number = free.pop() ?? parts.length
    parts[number] = part
    part.statements.forEach(({ actions }, index) => {
      lists.add(actions, 32 * number + index)
    })
    if (learnt.young.size + learnt.old.size > 0) newcomers.push(number)
    if (newcomers.length > limits.newcomersMax) forget()
    return number
  }

  const displace = (number: number): void => {
    parts[number]?.statements.forEach(({ actions }, index) => {
      lists.remove(actions, 32 * number + index)
    })
    parts[number] = undefined
    dead.push(number)
  }

  const entryOf = (number: number, mask: number): ReadonlyArray<Entry> => {
    const part = parts[number]
    return part === undefined || mask === 0
      ? []
      : [{ part: number, start: runs.startOf(part, mask) }]
  }

  const learn = (action: string): Column => {
    const folded = action.toLowerCase()
    const masks = new Map<number, number>()
    lists.covering(folded, (posting) => {
      const number = posting >>> 5
      const statement = parts[number]?.statements[posting & 31]
      if (statement === undefined || !mayCover(statement, folded)) return
      masks.set(number, (masks.get(number) ?? 0) | (1 << (posting & 31)))
    })
    const entries = [...masks]
      .sort(([a], [b]) => a - b)
      .flatMap(([number, mask]) => entryOf(number, mask))
    actionsLearnt += 1
    const assumes = folded === ASSUME_ROLE
    return newColumn(entries, parts.length, newcomers.length, { action: actionsLearnt, assumes })
  }

  /** Takes in the policies that came since the column was last used. */
  const follow = (column: Column, action: string): Column => {
    const folded = action.toLowerCase()
    const added = newcomers.slice(column[SEEN]).flatMap((number) => {
      const part = parts[number]
      return part === undefined ? [] : entryOf(number, maskOf(part, folded))
    })
    return withEntries(column, added, parts.length, newcomers.length)
  }

  const keep = (action: string, column: Column): Column => {
    learnt.young.set(action, column)
    learnt.numbers += column.length
    if (learnt.young.size >= limits.actionsMax || learnt.numbers >= limits.columnNumbersMax)
      learnt = { young: new Map(), old: learnt.young, numbers: 0 }
    return column
  }

  /** For an action that was not used since the newest policy came, or not lately, or never. */
  const recall = (action: string): Column => {
    const { packedNumbersMax, packedNumbersPerPartMax, newcomersToFollowMax } = limits
    const isTooMuch = runs.size() > packedNumbersMax + packedNumbersPerPartMax * parts.length
    if (isTooMuch || actionsLearnt > ACTIONS_LEARNT_MAX) forget()
    const known = learnt.young.get(action) ?? learnt.old.get(action)
    const behind = newcomers.length - (known?.[SEEN] ?? Number.NEGATIVE_INFINITY)
    if (known === undefined || behind > newcomersToFollowMax) return keep(action, learn(action))
    return keep(action, behind === 0 ? known : follow(known, action))
  }

  const nothing = newColumn([], 0, 0, { action: 0, assumes: false })
  const columnOf = (action: string): Column => {
    if (action.length > ACTION_CHARACTERS_MAX) return nothing
    const known = knownActions.find(action)
    if (known !== undefined && known[SEEN] === newcomers.length) return known
    const column = learnt.young.get(action)
    const current =
      column !== undefined && column[SEEN] === newcomers.length ? column : recall(action)
    knownActions.keep(action, current)
    return current
  }

  const applying = applyingIn(parts, holdings.packed, columnOf)

  return {
    add: (document) => {
      const { bearer, named } = partsOf(document)
      return { bearer: bearer.map(place), named: named.map(place) }
    },
    remove: ({ bearer, named }) => {
      for (const number of [...bearer, ...named]) displace(number)
      if (dead.length > limits.deadPartsMax && dead.length > parts.length / 2) forget()
    },
    holding: (policies) => {
      const numbers: Array<number> = []
      for (const { bearer } of policies) numbers.push(...bearer)
      return holdings.hold(numbers)
    },
    namedHolding: (policies) => holdings.hold([...policies].flatMap(({ named }) => named)),
    release: (holding) => {
      runs.release(holding)
      holdings.release(holding)
    },
    decide: decisions(columnOf, (holding, column, asked, circumstances) =>
      runs.ask(holding, column, asked, circumstances),
    ),
    justify: (request, policies) => justify(applying, request, policies),
  }
}
