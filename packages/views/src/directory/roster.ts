/**
 * The named entities of one kind: found by id, found by name without case, and listed in the order
 * of creation.
 *
 * Invariant: names and lists are a function of the rows.
 */
import { entityKey, nameIndexKey } from '../keys.js'
import { type OrderedList, orderedList } from '../ordered-list.js'
import { byPosition } from '../relation.js'
import { type Table, table } from '../table.js'
import type { Page, PageRequest } from './rows.js'

type Entity = { readonly accountId: string; readonly position: number }

export type Roster<Row extends Entity> = {
  readonly rows: Table<Row>
  put(row: Row): void
  drop(accountId: string, id: string): void
  byId(accountId: string, id: string): Row | undefined
  byName(accountId: string, name: string): Row | undefined
  page(accountId: string, request: PageRequest, keep?: (row: Row) => boolean): Page<Row>
  count(accountId: string): number
  reindex(): void
}

export const roster = <Row extends Entity>(
  idOf: (row: Row) => string,
  nameOf: (row: Row) => string,
): Roster<Row> => {
  const rows = table<Row>()
  const keysByName = new Map<string, string>()
  const lists = new Map<string, OrderedList>()
  const nameOfRow = (row: Row): string => nameIndexKey(row.accountId, nameOf(row))
  const list = (accountId: string): OrderedList => listIn(lists, accountId)

  const enter = (key: string, row: Row): void => {
    keysByName.set(nameOfRow(row), key)
    list(row.accountId).add(row.position, key)
  }
  /** A name that another entity has taken over in the meantime stays with that one. */
  const forgetName = (key: string, row: Row): void => {
    const name = nameOfRow(row)
    if (keysByName.get(name) === key) keysByName.delete(name)
  }

  return {
    rows,
    put: (row) => {
      const key = entityKey(row.accountId, idOf(row))
      const before = rows.get(key)
      rows.set(key, row)
      if (before === undefined) return enter(key, row)
      forgetName(key, before)
      keysByName.set(nameOfRow(row), key)
    },
    drop: (accountId, id) => {
      const key = entityKey(accountId, id)
      const row = rows.get(key)
      if (row === undefined) return
      rows.delete(key)
      forgetName(key, row)
      list(accountId).remove(row.position)
    },
    byId: (accountId, id) => rows.get(entityKey(accountId, id)),
    byName: (accountId, name) => {
      const key = keysByName.get(nameIndexKey(accountId, name))
      return key === undefined ? undefined : rows.get(key)
    },
    page: (accountId, request, keep) => pageOf(rows, lists.get(accountId), request, keep),
    count: (accountId) => lists.get(accountId)?.size() ?? 0,
    reindex: () => {
      keysByName.clear()
      lists.clear()
      for (const [key, row] of byPosition(rows)) enter(key, row)
    },
  }
}

/** The list under a key, made when it is first needed. */
export const listIn = (lists: Map<string, OrderedList>, key: string): OrderedList => {
  const known = lists.get(key)
  if (known !== undefined) return known
  const made = orderedList()
  lists.set(key, made)
  return made
}

/** One page of the rows that a list names, oldest first. */
export const pageOf = <Row>(
  rows: Table<Row>,
  list: OrderedList | undefined,
  request: PageRequest,
  keep?: (row: Row) => boolean,
): Page<Row> => {
  if (list === undefined) return { items: [] }
  const keepKey = (key: string): boolean => {
    const row = rows.get(key)
    return row !== undefined && (keep === undefined || keep(row))
  }
  const { ids, next } = list.page(request.after ?? 0, request.limit, keepKey)
  const items = ids.flatMap((key) => rows.get(key) ?? [])
  return next === undefined ? { items } : { items, next }
}
