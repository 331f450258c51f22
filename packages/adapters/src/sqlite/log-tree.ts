/**
 * Questions to the tree of a stored log: roots, and proofs from its tiles. Reads at most a few
 * hundred events.
 */
import * as E from 'fp-ts/lib/Either.js'
import { failureText } from './driver.js'
import { consistencyProof, EMPTY_ROOT, type Hash, inclusionProof } from './merkle.js'
import { type OpenError, openForReading } from './open.js'
import { tiledRange } from './tiles.js'
import { rowLeaf, SELECT_EVENTS } from './tree-store.js'

export type TreeQuestionError =
  | { readonly type: 'OutsideTree'; readonly events: number }
  | { readonly type: 'TreeUnreadable'; readonly detail: string }

type Answer<A> = E.Either<TreeQuestionError, A>

/** Sizes count events from the first; the event at position p is the leaf p - 1. */
export type LogTree = {
  readonly root: (size: number) => Answer<Hash>
  /** That the event at a position is in the tree of the first `size` events. */
  readonly inclusion: (
    position: number,
    size: number,
  ) => Answer<{ readonly leaf: Hash; readonly proof: ReadonlyArray<Hash> }>
  /** That the tree of the first `first` events begins that of the first `second`. */
  readonly consistency: (first: number, second: number) => Answer<ReadonlyArray<Hash>>
  readonly close: () => void
}

/** Opens a log for such questions, beside its writer or as a copy. */
export const openLogTree = (directory: string): E.Either<OpenError, LogTree> => {
  const opened = openForReading(directory)
  if (E.isLeft(opened)) return opened
  const database = opened.right
  const selectTile = database.prepare(
    'SELECT hashes FROM tree_tiles WHERE level = ? AND number = ?',
  )
  const selectEvent = database.prepare(`${SELECT_EVENTS} WHERE position = ?`)
  const selectHead = database.prepare('SELECT coalesce(max(position), 0) AS head FROM events')

  const leafAt = (index: number): Hash => {
    const row = selectEvent.get(index + 1)
    if (row === undefined) throw new RangeError(`nothing is stored at position ${index + 1}`)
    return rowLeaf(row)
  }
  const range = tiledRange((level, number) => {
    const hashes = selectTile.get(level, number)?.['hashes']
    return hashes instanceof Uint8Array ? hashes : null
  }, leafAt)
  const within = <A>(sizes: ReadonlyArray<number>, answer: () => A): Answer<A> => {
    try {
      const events = Number(selectHead.get()?.['head'])
      const ordered = [0, ...sizes, events].every((size, i, all) => size >= (all[i - 1] ?? 0))
      if (!ordered || !sizes.every(Number.isSafeInteger))
        return E.left({ type: 'OutsideTree', events })
      return E.right(answer())
    } catch (error) {
      return E.left({ type: 'TreeUnreadable', detail: failureText(error) })
    }
  }
  return E.right({
    root: (size) => within([size], () => (size === 0 ? EMPTY_ROOT : range(0, size))),
    inclusion: (position, size) =>
      within([1, position, size], () => ({
        leaf: range(position - 1, position),
        proof: inclusionProof(range, position - 1, size),
      })),
    consistency: (first, second) =>
      within([first, second], () => consistencyProof(range, first, second)),
    close: () => database.close(),
  })
}
