/**
 * A view store in memory: the reference for the stores that keep rows on disk.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { RowChange, ViewStore } from '../ports.js'

type Rows = {
  readonly tables: Map<string, Map<string, string>>
  readonly position: number
}

export const inMemoryViewStore = (): ViewStore => {
  const views = new Map<string, Rows>()
  const keyOf = (view: string, version: number): string => JSON.stringify([view, version])
  const rowsOf = (view: string, version: number): Rows =>
    views.get(keyOf(view, version)) ?? { tables: new Map(), position: 0 }

  return {
    load: async (view, version, onRow) => {
      const { tables, position } = rowsOf(view, version)
      for (const [table, rows] of tables) for (const [key, value] of rows) onRow(table, key, value)
      return { position }
    },
    commit: (view, version, expected, next, changes) =>
      TE.fromIOEither(() => {
        const rows = rowsOf(view, version)
        if (rows.position !== expected) return E.left({ type: 'CheckpointMoved' } as const)
        for (const change of changes) applyChange(rows.tables, change)
        views.set(keyOf(view, version), { tables: rows.tables, position: next })
        return E.right(undefined)
      }),
    reset: async (view) => {
      for (const key of views.keys()) if (JSON.parse(key)[0] === view) views.delete(key)
    },
    close: async () => undefined,
  }
}

const applyChange = (
  tables: Map<string, Map<string, string>>,
  { table, key, value }: RowChange,
): void => {
  const rows = tables.get(table) ?? new Map<string, string>()
  tables.set(table, rows)
  if (value === null) rows.delete(key)
  else rows.set(key, value)
}
