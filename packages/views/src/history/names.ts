/**
 * Who bore a name when: for each name, without case, the subjects that took it, in the order of
 * taking it.
 *
 * Invariant: a name has one bearer at a time, so the last one who took it by a position is the only
 * candidate.
 */
import { firstAtLeast } from '../ordered-list.js'
import type { Table } from '../table.js'
import { type Interval, oldestFirst } from './intervals.js'

type Bearers = { readonly positions: Array<number>; readonly subjects: Array<string> }

export type NameHistory<Value> = {
  take(interval: Pick<Interval<Value>, 'subject' | 'from' | 'value'>): void
  /** Who took the name last, by a position. Whether it still bears it is for the caller to see. */
  lastBearer(nameKey: string, position: number): string | undefined
  /** Everybody who ever took the name, each once, in the order of taking it first. */
  bearers(nameKey: string): ReadonlyArray<string>
  reindex(rows: Table<Interval<Value>>): void
}

export const nameHistory = <Value>(nameKeyOf: (value: Value) => string): NameHistory<Value> => {
  const byName = new Map<string, Bearers>()

  const take: NameHistory<Value>['take'] = ({ subject, from, value }) => {
    const name = nameKeyOf(value)
    const bearers = byName.get(name)
    if (bearers === undefined) {
      byName.set(name, { positions: [from], subjects: [subject] })
      return
    }
    if (bearers.subjects.at(-1) === subject) return
    bearers.positions.push(from)
    bearers.subjects.push(subject)
  }

  return {
    take,
    lastBearer: (name, position) => {
      const bearers = byName.get(name)
      if (bearers === undefined) return undefined
      return bearers.subjects[firstAtLeast(bearers.positions, position + 1) - 1]
    },
    bearers: (name) => [...new Set(byName.get(name)?.subjects)],
    reindex: (rows) => {
      byName.clear()
      for (const interval of oldestFirst(rows)) take(interval)
    },
  }
}
