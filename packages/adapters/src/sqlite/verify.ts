/**
 * The offline check of a log: reads everything and says what does not agree.
 *
 * Positions and revisions are dense, time does not step back, every event has the hash that was
 * kept for it, the tree's tiles follow from each other, and every signed head is the tree's at its
 * size and signed by the key.
 */
import type { KeyObject } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { type Database, failureText, type SqlRow } from './driver.js'
import { EMPTY_ROOT, type Hash, sameHash } from './merkle.js'
import { type OpenError, openForReading } from './open.js'
import { openNote } from './signed-note.js'
import { unindexedEvents } from './stream-index.js'
import { type GrowingTree, growingTree, hashInTile, TILE_HASHES } from './tiles.js'
import { rowLeaf, SELECT_EVENTS } from './tree-store.js'

export type LogProblem =
  | { readonly type: 'PositionMissing'; readonly position: number }
  | {
      readonly type: 'RevisionNotDense'
      readonly stream: string
      readonly position: number
      readonly expected: number
      readonly actual: number
    }
  | { readonly type: 'TimeSteppedBack'; readonly position: number }
  | { readonly type: 'EventAltered'; readonly position: number }
  /** The index of streams does not lead to every event that it should hold. */
  | { readonly type: 'IndexAltered'; readonly missing: number }
  | { readonly type: 'TileAltered'; readonly level: number; readonly number: number }
  | { readonly type: 'HeadUnsigned'; readonly size: number }
  | { readonly type: 'HeadDiffers'; readonly size: number }

export type LogReport = {
  readonly events: number
  /** Of all events that were read. */
  readonly root: Hash
  readonly headsChecked: number
  /** Events after the last signed head: nothing vouches for them yet. */
  readonly unsignedEvents: number
  /** The first PROBLEMS_MAX of them, in the order in which they were met. */
  readonly problems: ReadonlyArray<LogProblem>
}

export const PROBLEMS_MAX = 100
const PAGE_EVENTS = 2_000
/** A hole larger than this ends the check. Unit: events. */
const HOLE_EVENTS_MAX = 1_000_000
/**
 * Stands in the tree for an event that is gone, so that the events after it are compared with their
 * own hashes.
 */
const GONE = EMPTY_ROOT

/** `publicKey` is the Ed25519 key of the log's signer. May run on a copy, or beside the writer. */
export const verifySqliteLog = async (
  directory: string,
  publicKey: KeyObject,
): Promise<E.Either<OpenError, LogReport>> => {
  const opened = openForReading(directory)
  if (E.isLeft(opened)) return opened
  try {
    return E.right(await examine(opened.right, publicKey))
  } catch (error) {
    return E.left({ type: 'LogDamaged', directory, detail: failureText(error) })
  } finally {
    opened.right.close()
  }
}

type Examination = {
  readonly tree: GrowingTree
  /** The last revision of each stream. */
  readonly revisions: Map<string, number>
  readonly problems: Array<LogProblem>
  events: number
  position: number
  recordedAt: number
}

const examine = async (database: Database, publicKey: KeyObject): Promise<LogReport> => {
  const tree = growingTree(0, [])
  const seen: Examination = {
    tree,
    revisions: new Map(),
    problems: [],
    events: 0,
    position: 0,
    recordedAt: 0,
  }
  const checkTiles = tileCheck(database, seen)
  const heads = headCheck(database, publicKey, seen)
  const addLeaf = (leaf: Hash): void => {
    tree.add(leaf)
    checkTiles()
    heads.check()
  }
  const page = database.prepare(`${SELECT_EVENTS} WHERE position > ? ORDER BY position LIMIT ?`)
  for (let more = true; more; ) {
    const rows = page.all(seen.position, PAGE_EVENTS)
    for (const row of rows) {
      const hole = Number(row['position']) - seen.position - 1
      checkRow(seen, row)
      if (hole > HOLE_EVENTS_MAX) return reportOf(seen, heads)
      for (let i = 0; i < hole; i += 1) addLeaf(GONE)
      addLeaf(rowLeaf(row))
    }
    more = rows.length > 0
    await new Promise((resolve) => setImmediate(resolve))
  }
  const missing = unindexedEvents(database)
  if (missing > 0) note(seen, { type: 'IndexAltered', missing })
  return reportOf(seen, heads)
}

const reportOf = (seen: Examination, heads: HeadCheck): LogReport => {
  const headsChecked = heads.finish()
  return {
    events: seen.events,
    root: seen.tree.root(),
    headsChecked,
    unsignedEvents: Math.max(0, seen.position - heads.signedSize()),
    problems: seen.problems,
  }
}

const note = (seen: Examination, problem: LogProblem): void => {
  if (seen.problems.length < PROBLEMS_MAX) seen.problems.push(problem)
}

const checkRow = (seen: Examination, row: SqlRow): void => {
  const position = Number(row['position'])
  const recordedAt = Number(row['recorded_at'])
  const stream = String(row['stream'])
  const actual = Number(row['revision'])
  const expected = (seen.revisions.get(stream) ?? -1) + 1
  if (position !== seen.position + 1)
    note(seen, { type: 'PositionMissing', position: seen.position + 1 })
  if (actual !== expected)
    note(seen, { type: 'RevisionNotDense', stream, position, expected, actual })
  if (recordedAt < seen.recordedAt) note(seen, { type: 'TimeSteppedBack', position })
  seen.events += 1
  seen.revisions.set(stream, actual)
  seen.position = position
  seen.recordedAt = recordedAt
}

/**
 * Compares each tile that has become full with the one that was kept. The last ones may not be kept
 * yet.
 */
const tileCheck = (database: Database, seen: Examination): (() => void) => {
  const select = database.prepare('SELECT hashes FROM tree_tiles WHERE level = ? AND number = ?')
  return () => {
    for (const { level, number, hashes } of seen.tree.fullTiles()) {
      const kept = select.get(level, number)?.['hashes']
      if (!(kept instanceof Uint8Array) || sameHash(kept, hashes)) continue
      if (level > 0) note(seen, { type: 'TileAltered', level, number })
      for (let i = 0; level === 0 && i < TILE_HASHES; i += 1)
        if (isAltered(hashInTile(kept, i), hashInTile(hashes, i)))
          note(seen, { type: 'EventAltered', position: number * TILE_HASHES + i + 1 })
    }
    seen.tree.tilesKept()
  }
}

const isAltered = (kept: Hash, hash: Hash): boolean =>
  !sameHash(hash, GONE) && !sameHash(kept, hash)

type HeadCheck = {
  /** Checks the head of the tree's present size, if there is one. */
  readonly check: () => void
  /**
   * Checks heads of a tree larger than what is left of the log; answers how many there are in all.
   */
  readonly finish: () => number
  /** The largest size that a good head vouches for. */
  readonly signedSize: () => number
}

const headCheck = (database: Database, publicKey: KeyObject, seen: Examination): HeadCheck => {
  const rows = database.prepare('SELECT size, note FROM tree_heads ORDER BY size').all()
  let next = 0
  let signedSize = 0
  const checkOne = (size: number, text: string): void => {
    const head = openNote(text, publicKey)
    const isSigned = head !== null && head.size === size
    const isTheTree = size === seen.tree.size() && isSigned && sameHash(head.root, seen.tree.root())
    if (!isSigned) note(seen, { type: 'HeadUnsigned', size })
    else if (!isTheTree) note(seen, { type: 'HeadDiffers', size })
    else signedSize = size
  }
  return {
    check: () => {
      const row = rows[next]
      if (row === undefined || Number(row['size']) > seen.tree.size()) return
      next += 1
      checkOne(Number(row['size']), String(row['note']))
    },
    finish: () => {
      for (const row of rows.slice(next)) checkOne(Number(row['size']), String(row['note']))
      return rows.length
    },
    signedSize: () => signedSize,
  }
}
