/**
 * The versions of one relation over time: for each subject, intervals `[from, to)` of positions
 * with a value each.
 *
 * Invariants: the intervals of a subject do not overlap and are kept in order; `from` and `to` are
 * the positions of the events that opened and closed them. Cost: O(1) per change, O(log of the
 * subject's own intervals) per look-up.
 */
import { positionKey } from '../keys.js'
import { type Table, table } from '../table.js'

export type Interval<Value> = {
  readonly subject: string
  readonly from: number
  /** Exclusive; null while it lasts. */
  readonly to: number | null
  readonly value: Value
}

export type Intervals<Value, Name extends string = never> = {
  readonly rows: Table<Interval<Value>>
  /** Starts a new interval; one that still lasts ends where the new one starts. */
  open(subject: string, value: Value, position: number): void
  /** Ends the interval that still lasts and answers it; undefined when there is none. */
  close(subject: string, position: number): Interval<Value> | undefined
  at(subject: string, position: number): Interval<Value> | undefined
  current(subject: string): Interval<Value> | undefined
  /** All intervals of a subject, oldest first. */
  of(subject: string): ReadonlyArray<Interval<Value>>
  /** Every subject that ever belonged to a group, in the order of its first interval. */
  subjects(name: Name, groupKey: string): Iterable<string>
  reindex(): void
}

/** An index over intervals: it is told where each starts and ends, in the order of positions. */
export type Follower<Value> = {
  starts(interval: Interval<Value>): void
  ends(interval: Interval<Value>, position: number): void
}

/** For each grouping, the group that a subject belongs to for ever. */
export type SubjectGroupings<Value, Name extends string> = Readonly<
  Record<Name, (value: Value, subject: string) => string>
>

export const intervals = <Value, Name extends string = never>(
  groupings: SubjectGroupings<Value, Name>,
  followers: ReadonlyArray<Follower<Value>> = [],
): Intervals<Value, Name> => {
  const rows = table<Interval<Value>>()
  const bySubject = new Map<string, Array<Interval<Value>>>()
  const groups = new Map<string, Array<string>>()
  const of = (subject: string): ReadonlyArray<Interval<Value>> => bySubject.get(subject) ?? []

  const current = (subject: string): Interval<Value> | undefined => {
    const last = of(subject).at(-1)
    return last?.to === null ? last : undefined
  }
  const index = (interval: Interval<Value>): void => {
    const known = bySubject.get(interval.subject)
    if (known !== undefined) {
      known.push(interval)
      return
    }
    bySubject.set(interval.subject, [interval])
    const { subject, value } = interval
    for (const name in groupings)
      enter(groups, `${name}:${groupings[name](value, subject)}`, subject)
  }
  const close = (subject: string, position: number): Interval<Value> | undefined => {
    const known = bySubject.get(subject)
    const last = known?.at(-1)
    if (known === undefined || last === undefined || last.to !== null) return undefined
    const closed = { subject, from: last.from, to: position, value: last.value }
    rows.set(rowKey(last), closed)
    known[known.length - 1] = closed
    for (const follower of followers) follower.ends(closed, position)
    return closed
  }

  return {
    rows,
    open: (subject, value, position) => {
      close(subject, position)
      const interval = { subject, from: position, to: null, value }
      rows.set(rowKey(interval), interval)
      index(interval)
      for (const follower of followers) follower.starts(interval)
    },
    close,
    at: (subject, position) => intervalAt(of(subject), position),
    current,
    of,
    subjects: (name, groupKey) => groups.get(`${name}:${groupKey}`) ?? [],
    reindex: () => {
      bySubject.clear()
      groups.clear()
      for (const interval of oldestFirst(rows)) index(interval)
      for (const follower of followers) retell(rows, follower)
    },
  }
}

/** The interval that covers a position, by binary search. */
export const intervalAt = <Value>(
  ordered: ReadonlyArray<Interval<Value>>,
  position: number,
): Interval<Value> | undefined => {
  let low = 0
  let high = ordered.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ordered[middle] as Interval<Value>).from <= position) low = middle + 1
    else high = middle
  }
  const candidate = ordered[low - 1]
  if (candidate === undefined) return undefined
  return candidate.to === null || position < candidate.to ? candidate : undefined
}

/** All intervals of a table in the order in which a fold opened them. */
const oldestFirst = <Value>(rows: Table<Interval<Value>>): ReadonlyArray<Interval<Value>> =>
  [...rows.entries()].map(([, interval]) => interval).sort((a, b) => a.from - b.from)

/** Tells of all intervals of a table what was told while they were made. */
const retell = <Value>(rows: Table<Interval<Value>>, follower: Follower<Value>): void => {
  const changes = oldestFirst(rows).flatMap((interval) =>
    interval.to === null
      ? [{ position: interval.from, interval }]
      : [
          { position: interval.from, interval },
          { position: interval.to, interval },
        ],
  )
  for (const { position, interval } of changes.sort((a, b) => a.position - b.position))
    if (position === interval.from) follower.starts(interval)
    else follower.ends(interval, position)
}

const rowKey = ({ subject, from }: Pick<Interval<unknown>, 'subject' | 'from'>): string =>
  `${subject}@${positionKey(from)}`

const enter = (groups: Map<string, Array<string>>, groupKey: string, subject: string): void => {
  const members = groups.get(groupKey)
  if (members === undefined) groups.set(groupKey, [subject])
  else members.push(subject)
}
