/**
 * The one writer of a log: a group of appends becomes one transaction and one flush.
 *
 * Invariant: nothing is answered as stored before COMMIT has returned; after a failed COMMIT
 * nothing is stored any more. What is remembered of streams is thrown away with a transaction that
 * did not happen.
 */
import { type Database, failureText } from './driver.js'
import {
  ANY,
  type Group,
  type GroupAnswer,
  OUTCOME_CONFLICT,
  OUTCOME_FRESH,
  STREAM_EXISTS,
  TEXTS_PER_EVENT,
} from './group.js'
import { type Insert, insertEvents } from './insert.js'
import { eventLeaf } from './leaf.js'
import type { Hash } from './merkle.js'
import { type FindRepetition, findRepetition } from './repetition.js'
import { type StreamHeads, streamHeads } from './stream-heads.js'
import { type StreamIndex, streamIndex } from './stream-index.js'
import type { GrowingTree } from './tiles.js'
import { loadTree, storeTiles } from './tree-store.js'

export type TreeHead = { readonly size: number; readonly root: Hash }

export type Writer = {
  readonly commit: (group: Group) => GroupAnswer
  /**
   * Brings the tree up to what is stored. `commit` and `treeHead` do it themselves if nobody had
   * the time.
   */
  readonly settle: () => void
  readonly treeHead: () => TreeHead
  /** The position of the last event. */
  readonly head: () => number
  readonly close: () => void
}

type State = {
  position: number
  recordedAt: number
  heads: StreamHeads
  readonly index: StreamIndex
  /** Why nothing is stored any more. */
  failure: string | null
  /** Stored, and not in the tree yet. */
  unsettled: Filled | null
}

/**
 * What a group has become: outcomes as in its answer, and (position, revision) of each append's
 * first event.
 */
type Filled = {
  readonly group: Group
  readonly recordedAt: number
  readonly outcomes: Array<number>
  /** Two per append; a position of 0 where nothing is new. */
  readonly firsts: Array<number>
}

/** Throws what SQLite throws when the file cannot be read. */
export const openWriter = (database: Database): Writer => {
  const state: State = {
    ...lastEvent(database),
    heads: streamHeads(database),
    index: streamIndex(database),
    failure: null,
    unsettled: null,
  }
  const tree = loadTree(database)
  const transact = transaction(database, tree)
  const settle = (): void => {
    if (state.unsettled !== null) addLeaves(tree, state.unsettled)
    state.unsettled = null
  }
  return {
    commit: (group) => {
      if (state.failure !== null) return { type: 'CommitFailed', detail: state.failure }
      settle()
      return transact(state, group)
    },
    settle,
    treeHead: () => {
      settle()
      return { size: tree.size(), root: tree.root() }
    },
    head: () => state.position,
    close: () => database.close(),
  }
}

const transaction = (database: Database, tree: GrowingTree) => {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const end = database.prepare('COMMIT')
  const keepTiles = storeTiles(database)
  const keepHead = database.prepare('INSERT OR IGNORE INTO tree_heads (size, note) VALUES (?, ?)')
  const insert = insertEvents(database)
  const repetition = findRepetition(database)

  return (state: State, group: Group): GroupAnswer => {
    const before = state.position
    const recordedAt = Math.max(group.now, state.recordedAt)
    const filled: Filled = { group, recordedAt, outcomes: [], firsts: [] }
    try {
      begin.run()
      keepTiles(tree)
      for (const { size, note } of group.heads) keepHead.run(size, note)
      state.index.grow(state.position)
      fill(state, filled, insert, repetition)
    } catch (error) {
      state.position = before
      return undo(database, state, failureText(error))
    }
    try {
      end.run()
    } catch (error) {
      state.failure = failureText(error)
      return { type: 'CommitFailed', detail: state.failure }
    }
    tree.tilesKept()
    if (state.position > before) state.recordedAt = recordedAt
    state.unsettled = filled
    return { type: 'Committed', outcomes: Float64Array.from(filled.outcomes) }
  }
}

const fill = (
  state: State,
  { group, recordedAt, outcomes, firsts }: Filled,
  insert: Insert,
  repetition: FindRepetition,
): void => {
  let event = 0
  for (let append = 0; append < group.streams.length; append += 1) {
    const name = group.streams[append] ?? ''
    const expected = group.expected[append] ?? ANY
    const count = group.counts[append] ?? 0
    const known = state.heads.find(name)
    const index = (): void => state.index.complete(state.position)
    const old = repetition(index, known, expected, group, event, count)
    const revision = known?.revision ?? -1
    if (old !== null || !isMet(expected, revision)) {
      outcomes.push(...(old ?? [OUTCOME_CONFLICT, revision, 0, 0]))
      firsts.push(0, 0)
    } else {
      const head = known ?? state.heads.create(name)
      firsts.push(state.position + 1, revision + 1)
      insert(head.streamId, revision + 1, state.position + 1, recordedAt, group, event, count)
      for (let i = 0; i < count; i += 1)
        state.heads.remember(
          head,
          group.texts[(event + i) * TEXTS_PER_EVENT] ?? '',
          revision + 1 + i,
        )
      state.position += count
      head.revision += count
      outcomes.push(OUTCOME_FRESH, head.revision, state.position, recordedAt)
    }
    event += count
  }
}

const isMet = (expected: number, revision: number): boolean => {
  if (expected === ANY) return true
  if (expected === STREAM_EXISTS) return revision >= 0
  return expected === revision
}

/** Rolls back. If even that fails, the writer is dead, though nothing was committed. */
const undo = (database: Database, state: State, detail: string): GroupAnswer => {
  try {
    rollBack(database)
    state.heads = streamHeads(database)
    state.index.forget()
    return { type: 'NothingHappened', detail }
  } catch (error) {
    state.failure = `${detail}; ${failureText(error)}`
    return { type: 'CommitFailed', detail: state.failure }
  }
}

/** SQLite ends some failed transactions by itself: then there is nothing to roll back. */
const rollBack = (database: Database): void => {
  try {
    database.exec('ROLLBACK')
  } catch (error) {
    if (!failureText(error).includes('no transaction is active')) throw error
  }
}

const addLeaves = (tree: GrowingTree, { group, recordedAt, firsts }: Filled): void => {
  let event = 0
  for (let append = 0; append < group.streams.length; append += 1) {
    const count = group.counts[append] ?? 0
    const position = firsts[2 * append] ?? 0
    const revision = firsts[2 * append + 1] ?? 0
    for (let i = 0; position > 0 && i < count; i += 1) {
      const text = (event + i) * TEXTS_PER_EVENT
      tree.add(
        eventLeaf(
          position + i,
          group.streams[append] ?? '',
          revision + i,
          group.texts[text] ?? '',
          group.texts[text + 1] ?? '',
          group.versions[event + i] ?? 0,
          recordedAt,
          group.texts[text + 2] ?? '',
          group.texts[text + 3] ?? '',
        ),
      )
    }
    event += count
  }
}

const lastEvent = (database: Database) => {
  const row = database
    .prepare('SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1')
    .get()
  return {
    position: Number(row?.['position'] ?? 0),
    recordedAt: Number(row?.['recorded_at'] ?? 0),
  }
}
