/**
 * Rows that are found by what they point at: a table with groups over it, each in the order of
 * position.
 *
 * Invariant: the groups are a function of the rows. Cost: O(1) per change. A group of few rows is
 * a list, which takes a third of the room of a map.
 */
import { type Table, table } from './table.js'

type Positioned = { readonly position: number }

/** For each name of a grouping, the text key under which it puts a row. */
export type Groupings<Row, Name extends string> = Readonly<Record<Name, (row: Row) => string>>

export type Relation<Row, Name extends string> = {
  readonly rows: Table<Row>
  /** Adds a row, or replaces the one with the same key; a replaced row keeps its place. */
  put(row: Row): void
  drop(key: string): Row | undefined
  get(key: string): Row | undefined
  /** The rows of one group, in the order of position. */
  of(name: Name, groupKey: string): Iterable<Row>
  count(name: Name, groupKey: string): number
  reindex(): void
}

/** Rows alone while they are few, then by their keys; never empty. */
type Members<Row> = ReadonlyArray<Row> | Map<string, Row>
type Groups<Row> = Map<string, Members<Row>>

/** How many rows a list has at most. Ours. */
const LISTED_MAX = 8

export const relation = <Row extends Positioned, Name extends string>(
  keyOf: (row: Row) => string,
  groupings: Groupings<Row, Name>,
): Relation<Row, Name> => {
  const rows = table<Row>()
  const names: Array<Name> = []
  for (const name in groupings) names.push(name)
  const groups = new Map<Name, Groups<Row>>(names.map((name) => [name, new Map()]))
  const groupsOf = (name: Name): Groups<Row> => groups.get(name) ?? new Map()

  const group = (key: string, row: Row): void => {
    for (const name of names) {
      const members = groupsOf(name)
      const groupKey = groupings[name](row)
      members.set(groupKey, withRow(members.get(groupKey), keyOf, key, row))
    }
  }
  const ungroup = (key: string, row: Row, next?: Row): void => {
    for (const name of names) {
      const groupKey = groupings[name](row)
      if (next !== undefined && groupings[name](next) === groupKey) continue
      remove(groupsOf(name), groupKey, keyOf, key)
    }
  }

  return {
    rows,
    put: (row) => {
      const key = keyOf(row)
      const before = rows.get(key)
      if (before !== undefined) ungroup(key, before, row)
      rows.set(key, row)
      group(key, row)
    },
    drop: (key) => {
      const row = rows.get(key)
      if (row === undefined) return undefined
      rows.delete(key)
      ungroup(key, row)
      return row
    },
    get: (key) => rows.get(key),
    of: (name, groupKey) => groupsOf(name).get(groupKey)?.values() ?? [],
    count: (name, groupKey) => {
      const members = groupsOf(name).get(groupKey)
      return members === undefined ? 0 : isListed(members) ? members.length : members.size
    },
    reindex: () => {
      for (const name of names) groupsOf(name).clear()
      for (const [key, row] of byPosition(rows)) group(key, row)
    },
  }
}

/** The rows of a table in the order of position, which is the order in which a fold meets them. */
export const byPosition = <Row extends Positioned>(
  rows: Table<Row>,
): ReadonlyArray<readonly [string, Row]> =>
  [...rows.entries()].sort(([, a], [, b]) => a.position - b.position)

const isListed = <Row>(members: Members<Row>): members is ReadonlyArray<Row> =>
  Array.isArray(members)

/** A row that is there already is replaced in its place. */
const withRow = <Row>(
  members: Members<Row> | undefined,
  keyOf: (row: Row) => string,
  key: string,
  row: Row,
): Members<Row> => {
  if (members === undefined) return [row]
  if (!isListed(members)) return members.set(key, row)
  const place = members.findIndex((one) => keyOf(one) === key)
  if (place >= 0) return members.with(place, row)
  // Not spread: V8 would leave room for sixteen more.
  if (members.length < LISTED_MAX) return members.concat(row)
  return new Map(members.map((one) => [keyOf(one), one] as const)).set(key, row)
}

const remove = <Row>(
  groups: Groups<Row>,
  groupKey: string,
  keyOf: (row: Row) => string,
  key: string,
): void => {
  const members = groups.get(groupKey)
  if (members === undefined) return
  if (isListed(members)) {
    const others = members.filter((one) => keyOf(one) !== key)
    if (others.length === 0) groups.delete(groupKey)
    else groups.set(groupKey, others)
    return
  }
  members.delete(key)
  if (members.size === 0) groups.delete(groupKey)
}
