/**
 * A quick look at a log before it is written: what it says of itself must agree with what it holds.
 *
 * This finds a log that was cut off or put together from two copies; `verifySqliteLog` reads
 * everything.
 */
import type { Database } from './driver.js'
import { INDEX_END } from './stream-index.js'
import { TILE_HASHES } from './tiles.js'

/** What is wrong, null when nothing is. */
export const visibleDamage = (database: Database): string | null => {
  const events = numberOf(database, 'SELECT coalesce(max(position), 0) AS n FROM events')
  const first = numberOf(database, 'SELECT coalesce(min(position), 1) AS n FROM events')
  if (first !== 1) return `the first event is at position ${first}`

  const indexed = numberOf(database, `SELECT ${INDEX_END} AS n`)
  if (indexed > events) return `the index of streams covers ${indexed} events of ${events}`

  const tiles = numberOf(
    database,
    'SELECT coalesce(max(number) + 1, 0) AS n FROM tree_tiles WHERE level = 0',
  )
  if (tiles * TILE_HASHES > events) return `the tree covers more than the ${events} events`

  const signed = numberOf(database, 'SELECT coalesce(max(size), 0) AS n FROM tree_heads')
  return signed > events ? `a tree head covers ${signed} events of ${events}` : null
}

const numberOf = (database: Database, sql: string): number =>
  Number(database.prepare(sql).get()?.['n'])
