/**
 * Every row of a view in one fixed order, so that two states with the same rows list them alike.
 */
import type { ViewState } from './view.js'

export type ViewRow = { readonly table: string; readonly key: string; readonly value: unknown }

/** Sorted by table and key, by code units. */
export function* viewRows(state: ViewState): Iterable<ViewRow> {
  for (const name of Object.keys(state.tables).sort()) {
    const rows = [...(state.tables[name]?.entries() ?? [])]
    rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    for (const [key, value] of rows) yield { table: name, key, value }
  }
}
