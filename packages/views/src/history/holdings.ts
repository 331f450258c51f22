/**
 * What somebody held at any position: for each holder the list as it was after each of its changes.
 *
 * Invariant: a list is in the order in which its items were taken in, as a fold keeps it. Lists are
 * short (quotas bound them), so each change keeps a whole new one, and a look-up is one binary
 * search however long the past is.
 */
import { firstAtLeast } from '../ordered-list.js'
import type { Table } from '../table.js'
import { type Interval, oldestFirst } from './intervals.js'

export type Held<Item> = {
  readonly key: string
  /** The position since which it is held. */
  readonly from: number
  readonly item: Item
}

type Past<Item> = {
  readonly positions: Array<number>
  readonly lists: Array<ReadonlyArray<Held<Item>>>
}

export type Holdings<Value, Item> = {
  take(interval: Pick<Interval<Value>, 'subject' | 'from' | 'value'>): void
  release(interval: Pick<Interval<Value>, 'subject' | 'value'>, position: number): void
  at(holder: string, position: number): ReadonlyArray<Held<Item>>
  /** Derives everything anew from the intervals, each of which is one stretch of holding. */
  reindex(rows: Table<Interval<Value>>): void
}

/** `itemOf` makes of an interval's value what look-ups need, once and not at each of them. */
export const holdings = <Value, Item>(
  holderOf: (value: Value) => string,
  itemOf: (value: Value) => Item,
): Holdings<Value, Item> => {
  const pasts = new Map<string, Past<Item>>()

  const change = (
    holder: string,
    position: number,
    next: (before: ReadonlyArray<Held<Item>>) => ReadonlyArray<Held<Item>>,
  ): void => {
    const past = pasts.get(holder)
    if (past === undefined) {
      pasts.set(holder, { positions: [position], lists: [next([])] })
      return
    }
    const list = next(past.lists.at(-1) ?? [])
    if (past.positions.at(-1) === position) {
      past.lists.splice(-1, 1, list)
      return
    }
    past.positions.push(position)
    past.lists.push(list)
  }
  const take: Holdings<Value, Item>['take'] = ({ subject: key, from, value }) =>
    change(holderOf(value), from, (before) => [...before, { key, from, item: itemOf(value) }])
  const release: Holdings<Value, Item>['release'] = ({ subject, value }, position) =>
    change(holderOf(value), position, (before) => before.filter(({ key }) => key !== subject))

  return {
    take,
    release,
    at: (holder, position) => {
      const past = pasts.get(holder)
      if (past === undefined) return []
      return past.lists[firstAtLeast(past.positions, position + 1) - 1] ?? []
    },
    reindex: (rows) => {
      pasts.clear()
      for (const { position, interval, ends } of changesInOrder(rows)) {
        if (ends) release(interval, position)
        else take(interval)
      }
    },
  }
}

type Change<Value> = {
  readonly position: number
  readonly interval: Interval<Value>
  readonly ends: boolean
}

const changesInOrder = <Value>(rows: Table<Interval<Value>>): ReadonlyArray<Change<Value>> =>
  oldestFirst(rows)
    .flatMap((interval): ReadonlyArray<Change<Value>> => {
      const start = { position: interval.from, interval, ends: false }
      return interval.to === null
        ? [start]
        : [start, { position: interval.to, interval, ends: true }]
    })
    .sort((a, b) => a.position - b.position)
