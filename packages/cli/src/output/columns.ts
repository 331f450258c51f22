/**
 * Columns of a list: what stands above each, and what of a row stands in it. Tables and CSV are
 * made of the same ones.
 */
import { isRecord, type Json, valueAt } from '../json.js'

export type Cell = null | boolean | number | string

/** A path into the row, such as `actor.arn`, or a function of it. */
export type Column = readonly [title: string, of: string | ((row: Json) => Cell)]

const cellOf = (value: Json | undefined): Cell => {
  if (value === undefined || value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : value
}

export const cellsOf = (columns: ReadonlyArray<Column>, row: Json): ReadonlyArray<Cell> =>
  columns.map(([, of]) => (typeof of === 'string' ? cellOf(valueAt(row, of)) : of(row)))

export const titlesOf = (columns: ReadonlyArray<Column>): ReadonlyArray<string> =>
  columns.map(([title]) => title)

/** The columns of rows that nobody described: their members that hold a single value. */
export const columnsOfRows = (rows: ReadonlyArray<Json>): ReadonlyArray<Column> => {
  const names = new Set<string>()
  for (const row of rows)
    if (isRecord(row))
      for (const [name, value] of Object.entries(row))
        if (typeof value !== 'object' || value === null) names.add(name)
  return names.size === 0 && rows.some((row) => !isRecord(row))
    ? [['value', (row) => cellOf(row)]]
    : [...names].map((name): Column => [name, (row) => cellOf(isRecord(row) ? row[name] : null)])
}
