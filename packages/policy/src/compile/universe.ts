/**
 * Policies compiled once and shared by everybody who holds them, and the decisions on them.
 *
 * Invariant: decides exactly as `authorize` does on the same documents. What has been learnt of
 * actions and packed for them is bounded, and may be forgotten at any time: it is learnt again.
 */
import { ACTION_CHARACTERS_MAX } from '../authorize.js'
import type { PolicyDocument } from '../document.js'
import { ASSUME_ROLE } from '../statement.js'
import { type ActionLists, actionLists, coversAction } from './action-lists.js'
import { type Column, type Entry, insertPart, newColumn } from './column.js'
import { type CompiledRequest, decisions, type HeldPolicies, type Verdict } from './decide.js'
import { type CompiledStatement, type Part, partsOf } from './parts.js'
import { newRuns } from './runs.js'

/** A policy of a universe: the numbers of its parts. */
export type CompiledPolicy = {
  readonly bearer: ReadonlyArray<number>
  readonly named: ReadonlyArray<number>
}

/** Policies that are in force together, as pairs: twice the number of a word, and its bits. */
export type Holding = Int32Array

export type PolicyUniverse = {
  add(document: PolicyDocument): CompiledPolicy
  /** Only for a policy that is in no holding any more. */
  remove(policy: CompiledPolicy): void
  /** What the policies say about whoever holds them. Order and duplicates do not matter. */
  holding(policies: Iterable<CompiledPolicy>): Holding
  /** What trust and resource policies say about those they name. */
  namedHolding(policies: Iterable<CompiledPolicy>): Holding
  decide(request: CompiledRequest, policies: HeldPolicies): Verdict
}

/** How much is kept of what was learnt. A smaller bound costs time, and changes no answer. */
export type UniverseLimits = {
  /**
   * When so many actions, or numbers in their columns, were learnt, the least recently used ones
   * are forgotten: names of actions come from callers.
   */
  readonly actionsMax: number
  readonly columnNumbersMax: number
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

const LIMITS: UniverseLimits = {
  actionsMax: 4_096,
  columnNumbersMax: 8 * 2 ** 20,
  packedNumbersMax: 2 ** 20,
  packedNumbersPerPartMax: 4_096,
  deadPartsMax: 1_024,
  newcomersToFollowMax: 256,
  newcomersMax: 65_536,
}

type Learnt = { young: Map<string, Column>; old: Map<string, Column>; numbers: number }

const byNumber = (a: number, b: number): number => a - b

const pairsOf = (parts: Array<number>): Holding => {
  parts.sort(byNumber)
  const pairs: Array<number> = []
  let bits = 0
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] ?? 0
    const next = parts[i + 1]
    bits |= 1 << (part & 31)
    if (next !== undefined && next >>> 5 === part >>> 5) continue
    pairs.push(2 * (part >>> 5), bits)
    bits = 0
  }
  return Int32Array.from(pairs)
}

const isCovered = ({ actions, onlyAssumes }: CompiledStatement, action: string): boolean =>
  coversAction(actions, action) && (!onlyAssumes || action === ASSUME_ROLE)

const maskOf = ({ statements }: Part, action: string): number =>
  statements.reduce((mask, one, index) => (isCovered(one, action) ? mask | (1 << index) : mask), 0)

export const policyUniverse = (limits: UniverseLimits = LIMITS): PolicyUniverse => {
  const parts: Array<Part | undefined> = []
  const lists: ActionLists = actionLists()
  let free: Array<number> = []
  let dead: Array<number> = []
  let newcomers: Array<number> = []
  let runs = newRuns()
  let learnt: Learnt = { young: new Map(), old: new Map(), numbers: 0 }

  const forget = (): void => {
    runs = newRuns()
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

  const learn = (action: string): Column => {
    const folded = action.toLowerCase()
    const masks = new Map<number, number>()
    lists.covering(folded, (posting) => {
      const number = posting >>> 5
      const statement = parts[number]?.statements[posting & 31]
      if (statement === undefined || !isCovered(statement, folded)) return
      masks.set(number, (masks.get(number) ?? 0) | (1 << (posting & 31)))
    })
    const entries = [...masks]
      .sort(([a], [b]) => byNumber(a, b))
      .flatMap(([number, mask]): ReadonlyArray<Entry> => {
        const part = parts[number]
        return part === undefined ? [] : [{ part: number, start: runs.startOf(part, mask) }]
      })
    return newColumn(entries, parts.length, newcomers.length, folded === ASSUME_ROLE)
  }

  /** Takes in the policies that came since the column was last used. */
  const follow = (column: Column, action: string): void => {
    const folded = action.toLowerCase()
    for (; column.seen < newcomers.length; column.seen += 1) {
      const number = newcomers[column.seen] ?? 0
      const part = parts[number]
      const mask = part === undefined ? 0 : maskOf(part, folded)
      if (part !== undefined && mask !== 0) insertPart(column, number, runs.startOf(part, mask))
    }
  }

  const keep = (action: string, column: Column): Column => {
    learnt.young.set(action, column)
    learnt.numbers += column.words.length + column.starts.length
    if (learnt.young.size >= limits.actionsMax || learnt.numbers >= limits.columnNumbersMax)
      learnt = { young: new Map(), old: learnt.young, numbers: 0 }
    return column
  }

  /** For an action that was not used lately. */
  const recall = (action: string): Column => {
    const { packedNumbersMax, packedNumbersPerPartMax } = limits
    if (runs.size() > packedNumbersMax + packedNumbersPerPartMax * parts.length) forget()
    const aged = learnt.old.get(action)
    const follows =
      aged !== undefined && newcomers.length - aged.seen <= limits.newcomersToFollowMax
    if (follows) follow(aged, action)
    return keep(action, follows ? aged : learn(action))
  }

  const nothing = newColumn([], 0, 0, false)
  const columnOf = (action: string): Column => {
    const column = learnt.young.get(action)
    if (column !== undefined && column.seen === newcomers.length) return column
    if (action.length > ACTION_CHARACTERS_MAX) return nothing
    if (column === undefined) return recall(action)
    if (newcomers.length - column.seen > limits.newcomersToFollowMax)
      return keep(action, learn(action))
    follow(column, action)
    return column
  }

  return {
    add: (document) => {
      const { bearer, named } = partsOf(document)
      return { bearer: bearer.map(place), named: named.map(place) }
    },
    remove: ({ bearer, named }) => {
      for (const number of [...bearer, ...named]) displace(number)
      if (dead.length > limits.deadPartsMax && dead.length > parts.length / 2) forget()
    },
    holding: (policies) => pairsOf([...policies].flatMap(({ bearer }) => bearer)),
    namedHolding: (policies) => pairsOf([...policies].flatMap(({ named }) => named)),
    decide: decisions(columnOf, (unit, column, asked, circumstances) =>
      runs.ask(unit, column, asked, circumstances),
    ),
  }
}
