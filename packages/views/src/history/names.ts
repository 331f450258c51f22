/**
 * Who bore a name when: for each name, without case, the subjects that took it, in the order of
 * taking it.
 *
 * Invariant: a name has one bearer at a time, so the last one who took it by a position is the only
 * candidate.
 */
import type { Follower } from './intervals.js'
import { addStep, firstStepAfter, lastStep, type Steps, stepAt } from './steps.js'

export type NameHistory<Value> = Follower<Value> & {
  /** Who took the name last, by a position. Whether it still bears it is for the caller to see. */
  lastBearer(nameKey: string, position: number): string | undefined
  /** Everybody who took the name by a position, each once, in the order of taking it first. */
  bearers(nameKey: string, position?: number): ReadonlyArray<string>
  /** Forgets everything, before the intervals are followed anew. */
  clear(): void
}

export const nameHistory = <Value>(nameKeyOf: (value: Value) => string): NameHistory<Value> => {
  const byName = new Map<string, Steps<string>>()
  return {
    starts: ({ subject, from, value }) => {
      const name = nameKeyOf(value)
      const bearers = byName.get(name)
      if (bearers === undefined) byName.set(name, [from, subject])
      else if (lastStep(bearers) !== subject) addStep(bearers, from, subject)
    },
    ends: () => undefined,
    lastBearer: (name, position) => {
      const bearers = byName.get(name)
      return bearers && stepAt(bearers, position)
    },
    bearers: (name, position = Number.POSITIVE_INFINITY) => {
      const taken = byName.get(name) ?? []
      const upTo = taken.slice(0, firstStepAfter(taken, position))
      return [...new Set(upTo.filter((part) => typeof part === 'string'))]
    },
    clear: () => byName.clear(),
  }
}
