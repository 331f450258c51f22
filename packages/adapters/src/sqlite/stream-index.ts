/**
 * Where the events of a stream are: one row for each (stream, revision), written some thousand
 * events late.
 *
 * An index that each append kept up to date would dirty a page of its own for every stream in every
 * commit, and those pages, not the events, would be most of what is flushed. So events are indexed
 * in runs, in the order of the index, inside the transaction of an append. Whoever reads a stream
 * looks at the index and at the few events after it, in one statement.
 *
 * Its primary key refuses a second event at the same place of a stream, whatever the writer
 * believed; the writer's own check comes first.
 */
import type { Database } from './driver.js'

/** How many events are left out of the index before they are added to it. */
const INDEX_EVENTS = 4_096

export const STREAM_INDEX_SCHEMA = `
CREATE TABLE stream_index (
  stream_id INTEGER NOT NULL REFERENCES streams (id),
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (stream_id, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE stream_index_end (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
) STRICT;
INSERT INTO stream_index_end (id, position) VALUES (1, 0);
`

/** The position of the last event that is in the index, as an expression of SQL. */
export const INDEX_END = '(SELECT position FROM stream_index_end)'

export type StreamIndex = {
  /** Adds what waits, once there is enough. To be called inside a transaction. */
  readonly grow: (head: number) => void
  /** Adds everything. To be called inside a transaction. */
  readonly complete: (head: number) => void
  /** A transaction did not happen: what it added is out of the index again. */
  readonly forget: () => void
}

export const streamIndex = (database: Database): StreamIndex => {
  const selectEnd = database.prepare(`SELECT ${INDEX_END} AS position`)
  const add = database.prepare(
    `INSERT INTO stream_index (stream_id, revision, position)
     SELECT stream_id, revision, position FROM events WHERE position > ? AND position <= ?
     ORDER BY stream_id, revision`,
  )
  const moveEnd = database.prepare('UPDATE stream_index_end SET position = ?')
  const storedEnd = (): number => Number(selectEnd.get()?.['position'])
  let end = storedEnd()

  const complete = (head: number): void => {
    if (head <= end) return
    add.run(end, head)
    moveEnd.run(head)
    end = head
  }
  return {
    complete,
    grow: (head) => {
      if (head - end >= INDEX_EVENTS) complete(head)
    },
    forget: () => {
      end = storedEnd()
    },
  }
}

/** How many events up to the index's end it does not lead to. 0 in a log that is whole. */
export const unindexedEvents = (database: Database): number => {
  const row = database
    .prepare(
      `SELECT count(*) AS missing FROM events LEFT JOIN stream_index AS place
         ON place.stream_id = events.stream_id AND place.revision = events.revision
           AND place.position = events.position
       WHERE events.position <= ${INDEX_END} AND place.position IS NULL`,
    )
    .get()
  return Number(row?.['missing'])
}
