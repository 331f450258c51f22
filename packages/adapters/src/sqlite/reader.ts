/**
 * Reading a log: pages by key on a connection of its own. No statement stays open between two
 * calls.
 */
import type { StoredEvent } from '@grantlog/engine'
import type { Database, SqlRow } from './driver.js'
import { INDEX_END } from './stream-index.js'
import { textOf } from './tail.js'
import { SELECT_EVENTS, selectEvents } from './tree-store.js'

export type PageLimits = {
  readonly events: number
  /** Unit: UTF-16 code units. */
  readonly text?: number
  readonly unread?: ReadonlyArray<string>
}

export type Reader = {
  readonly stream: (
    name: string,
    options: { readonly from?: number; readonly limit: number; readonly backwards?: boolean },
  ) => ReadonlyArray<StoredEvent>
  /**
   * Positions above `after`, up to `upTo`, and no more once the texts are so long together; one
   * event in any case. Those of the types that are not read are left empty, and cost nothing.
   */
  readonly page: (after: number, upTo: number, limits: PageLimits) => ReadonlyArray<StoredEvent>
  /** How many events the last signed tree head covers, 0 without one. */
  readonly signedSize: () => number
  readonly close: () => void
}

export const openReader = (database: Database): Reader => {
  const pages = database.prepare(
    `${selectEvents(unlessUnread)} WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3`,
  )
  const forwards = database.prepare(selectStream('>=', 'ASC'))
  const backwards = database.prepare(selectStream('<=', 'DESC'))
  const signed = database.prepare('SELECT coalesce(max(size), 0) AS size FROM tree_heads')
  return {
    stream: (name, options) => {
      const limit = pageLimit(options.limit)
      if (options.backwards === true)
        return backwards.all(name, options.from ?? Number.MAX_SAFE_INTEGER, limit).map(storedEvent)
      return forwards.all(name, options.from ?? 0, limit).map(storedEvent)
    },
    page: (after, upTo, { events, text = Number.POSITIVE_INFINITY, unread = [] }) => {
      const page: Array<StoredEvent> = []
      let length = 0
      for (const row of pages.iterate(after, upTo, pageLimit(events), JSON.stringify(unread))) {
        const event = storedEvent(row)
        page.push(event)
        length += textOf(event)
        if (length >= text) break
      }
      return page
    },
    signedSize: () => Number(signed.get()?.['size']),
    close: () => database.close(),
  }
}

const unlessUnread = (column: string): string =>
  `iif(type IN (SELECT value FROM json_each(?4)), '', ${column})`

/**
 * A page of one stream. Its places come from the index and from the events that are not in it yet,
 * in one statement: between two, events could move from the one to the other unseen. What is large
 * in an event is read once its place is chosen. Along a stream positions rise as revisions do.
 */
const selectStream = (side: '>=' | '<=', order: 'ASC' | 'DESC'): string => `
WITH
  sought AS (SELECT id FROM streams WHERE name = ?1),
  places AS (
    SELECT place FROM (
      SELECT position AS place, revision FROM stream_index
      WHERE stream_id = (SELECT id FROM sought) AND revision ${side} ?2
      ORDER BY revision ${order} LIMIT ?3
    )
    UNION ALL
    SELECT position AS place FROM events
    WHERE position > ${INDEX_END}
      AND stream_id = (SELECT id FROM sought) AND revision ${side} ?2
    ORDER BY place ${order} LIMIT ?3
  )
${SELECT_EVENTS} WHERE position IN (SELECT place FROM places) ORDER BY position ${order}`

/** SQLite takes a negative limit for none at all. */
const pageLimit = (limit: number): number => (limit > 0 ? Math.floor(limit) : 0)

const storedEvent = (row: SqlRow): StoredEvent => ({
  id: row['id'] as string,
  type: row['type'] as string,
  schemaVersion: row['schema_version'] as number,
  data: row['data'] as string,
  metadata: row['metadata'] as string,
  stream: row['stream'] as string,
  revision: row['revision'] as number,
  position: row['position'] as number,
  recordedAt: row['recorded_at'] as number,
})
