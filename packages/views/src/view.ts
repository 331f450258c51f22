/**
 * The shape of a view: what events add up to, kept in keyed tables, and asked by plain functions.
 *
 * Invariant: after event n, the tables equal those of a fold over the events 1 to n from scratch.
 * Everything else that a state holds is an index, derived from the tables alone.
 */
import type { Recorded } from '@grantlog/domain'
import type { Table } from './table.js'

export type ViewState = {
  /** What is stored: rows of JSON values, by table name. */
  readonly tables: Readonly<Record<string, Table<unknown>>>
}

export type View<State extends ViewState> = {
  readonly name: string
  /**
   * Raised whenever the rows would look different: the stored rows of other versions are rebuilt.
   */
  readonly version: number
  /** A new, empty state that this view may change in place. */
  readonly empty: () => State
  /** Takes one event in, in position order; may change the state in place, and returns it. */
  readonly apply: (state: State, event: Recorded) => State
  /** Derives the indexes anew, after rows were loaded into the tables. */
  readonly reindex: (state: State) => State
}
