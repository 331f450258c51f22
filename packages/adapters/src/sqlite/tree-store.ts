/**
 * The tree of a log in its file: full tiles are rows, and the unfinished end is made again from the
 * events.
 */
import type { Database, SqlRow } from './driver.js'
import { eventLeaf } from './leaf.js'
import type { Hash } from './merkle.js'
import { type GrowingTree, growingTree, hashesOfTile, hashOfAll, TILE_HASHES } from './tiles.js'

const PAGE_EVENTS = 1_000

/** Rows of events, with the name of their stream; texts as an expression of SQL makes of them. */
export const selectEvents = (textOf: (column: 'data' | 'metadata') => string): string => `
SELECT position, streams.name AS stream, revision, events.id AS id, type, schema_version,
  recorded_at, ${textOf('data')} AS data, ${textOf('metadata')} AS metadata
FROM events JOIN streams ON streams.id = events.stream_id`

export const SELECT_EVENTS = selectEvents((column) => column)

/** The hash of a row of SELECT_EVENTS. */
export const rowLeaf = (row: SqlRow): Hash =>
  eventLeaf(
    Number(row['position']),
    String(row['stream']),
    Number(row['revision']),
    String(row['id']),
    String(row['type']),
    Number(row['schema_version']),
    Number(row['recorded_at']),
    String(row['data']),
    String(row['metadata']),
  )

/**
 * The tree of everything in the log. Reads the tiles' ends and at most the events after the last
 * full tile.
 */
export const loadTree = (database: Database): GrowingTree => {
  const ends: Array<ReadonlyArray<Hash>> = [[]]
  const countTiles = database.prepare(
    'SELECT coalesce(max(number) + 1, 0) AS count FROM tree_tiles WHERE level = ?',
  )
  const selectTiles = database.prepare(
    'SELECT hashes FROM tree_tiles WHERE level = ? AND number >= ? ORDER BY number',
  )
  const leavesInTiles = Number(countTiles.get(0)?.['count']) * TILE_HASHES
  for (let level = 0, count = leavesInTiles / TILE_HASHES; count > 0; level += 1) {
    const whole = Math.floor(count / TILE_HASHES)
    const tiles = selectTiles.all(level, whole * TILE_HASHES)
    ends.push(tiles.map((row) => hashOfAll(hashesOfTile(row['hashes'] as Uint8Array))))
    count = whole
  }

  const tree = growingTree(leavesInTiles, ends)
  const page = database.prepare(`${SELECT_EVENTS} WHERE position > ? ORDER BY position LIMIT ?`)
  for (;;) {
    const rows = page.all(tree.size(), PAGE_EVENTS)
    for (const row of rows) tree.add(rowLeaf(row))
    if (rows.length === 0) return tree
  }
}

/** Stores full tiles inside the transaction that is open. */
export const storeTiles = (database: Database): ((tree: GrowingTree) => void) => {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO tree_tiles (level, number, hashes) VALUES (?, ?, ?)',
  )
  return (tree) => {
    for (const { level, number, hashes } of tree.fullTiles()) insert.run(level, number, hashes)
  }
}
