/**
 * A view's state together with where it is kept: loaded at the start, stored from time to time,
 * rows and checkpoint in one transaction.
 *
 * Invariant: the stored checkpoint is never ahead of the stored rows. A crash loses only what the
 * log can give again.
 */
import type { ViewState } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Position, RowChange, ViewStore } from './ports.js'

/** Another process stored this view, or the store failed: this process must not go on storing. */
export type StoringFailed = {
  readonly type: 'StoringFailed'
  readonly view: string
  readonly detail: string
}

export type KeptView<State extends ViewState> = {
  readonly name: string
  readonly state: State
  /** The position that the state has taken in. The runner alone moves it. */
  applied: Position
  /** The position that the stored rows are of. */
  readonly stored: () => Position
  /** Stores what changed since the last time. */
  readonly store: () => Promise<E.Either<StoringFailed, void>>
}

/** Takes the changed rows out of a state, as text, at this instant. */
const takeChanges = (state: ViewState): ReadonlyArray<RowChange> =>
  Object.entries(state.tables).flatMap(([tableName, rows]) =>
    rows.takeChangedKeys().map((key) => {
      const value = rows.get(key)
      return { table: tableName, key, value: value === undefined ? null : JSON.stringify(value) }
    }),
  )

/**
 * Loads a view, or starts it anew when what is stored is of another version or ahead of the log.
 */
export const loadView = async <State extends ViewState>(
  store: ViewStore,
  identity: { readonly name: string; readonly version: number },
  empty: () => State,
  reindex: (state: State) => State,
  head: Position,
): Promise<KeptView<State>> => {
  const { name, version } = identity
  let loading = empty()
  const checkpoint = await store.load(name, version, (tableName, key, value) =>
    loading.tables[tableName]?.set(key, JSON.parse(value)),
  )
  let stored = checkpoint.position
  if (stored > head) {
    await store.reset(name, version)
    loading = empty()
    stored = 0
  }
  for (const rows of Object.values(loading.tables)) rows.takeChangedKeys()
  const state = reindex(loading)

  const kept: KeptView<State> = {
    name,
    state,
    applied: stored,
    stored: () => stored,
    store: async () => {
      const next = kept.applied
      if (next === stored) return E.right(undefined)
      const outcome = await store.commit(name, version, stored, next, takeChanges(state))()
      if (E.isLeft(outcome)) {
        const detail =
          outcome.left.type === 'CheckpointMoved' ? 'its checkpoint moved' : outcome.left.detail
        return E.left({ type: 'StoringFailed', view: name, detail })
      }
      stored = next
      return E.right(undefined)
    },
  }
  return kept
}
