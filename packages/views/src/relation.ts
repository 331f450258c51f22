/**
 * Rows that are found by what they point at: a table with groups over it, each in the order of
 * position.
 *
 * Invariant: the groups are a function of the rows. Cost: O(1) per change.
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

type Groups<Row> = Map<string, Map<string, Row>>

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
    for (const name of names) add(groupsOf(name), groupings[name](row), key, row)
  }
  const ungroup = (key: string, row: Row, next?: Row): void => {
    for (const name of names) {
      const groupKey = groupings[name](row)
      if (next !== undefined && groupings[name](next) === groupKey) continue
      remove(groupsOf(name), groupKey, key)
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
    count: (name, groupKey) => groupsOf(name).get(groupKey)?.size ?? 0,
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

const add = <Row>(groups: Groups<Row>, groupKey: string, key: string, row: Row): void => {
  const members = groups.get(groupKey)
  if (members === undefined) groups.set(groupKey, new Map([[key, row]]))
  else members.set(key, row)
}

const remove = <Row>(groups: Groups<Row>, groupKey: string, key: string): void => {
  const members = groups.get(groupKey)
  members?.delete(key)
  if (members?.size === 0) groups.delete(groupKey)
}
