/**
 * What the writer remembers of streams: number, last revision, and the ids that were appended
 * lately.
 *
 * Ids are looked up here because an index over random ids would more than halve the rate of
 * appends. The memory is bounded: a repetition under 'any' is recognised among the log's last
 * IDS_RECENT_MAX events, and after a restart among its last IDS_RELOADED. A repetition that names a
 * revision is recognised for ever, at its place.
 */
import type { Database } from './driver.js'
import { INDEX_END } from './stream-index.js'

/** How many ids are remembered. Unit: events. */
export const IDS_RECENT_MAX = 65_536
/** How many of them are read again when a log is opened. Unit: events. */
export const IDS_RELOADED = 4_096
const STREAMS_REMEMBERED_MAX = 2 * IDS_RECENT_MAX

export type StreamHead = {
  readonly streamId: number
  /** Of the last event; -1 before the first. */
  revision: number
  /** Revisions of recent ids. */
  readonly recent: Map<string, number>
}

export type StreamHeads = {
  readonly find: (name: string) => StreamHead | null
  /** A stream that `find` did not know. */
  readonly create: (name: string) => StreamHead
  readonly remember: (head: StreamHead, id: string, revision: number) => void
}

export const streamHeads = (database: Database): StreamHeads => {
  const byName = new Map<string, StreamHead>()
  const ring: Array<{ readonly head: StreamHead; readonly id: string }> = []
  let next = 0
  const selectStream = database.prepare('SELECT id FROM streams WHERE name = ?')
  const selectHead = database.prepare(
    'SELECT coalesce(max(revision), -1) AS revision FROM stream_index WHERE stream_id = ?',
  )
  const insertStream = database.prepare('INSERT INTO streams (name) VALUES (?)')

  const keep = (name: string, head: StreamHead): StreamHead => {
    byName.set(name, head)
    if (byName.size > STREAMS_REMEMBERED_MAX) forgetOldest(byName)
    return head
  }
  const find = (name: string): StreamHead | null => {
    const known = byName.get(name)
    if (known !== undefined) return known
    const row = selectStream.get(name)
    if (row === undefined) return null
    const streamId = Number(row['id'])
    const revision = Number(selectHead.get(streamId)?.['revision'])
    return keep(name, { streamId, revision, recent: new Map() })
  }
  const remember = (head: StreamHead, id: string, revision: number): void => {
    const forgotten = ring[next]
    if (forgotten !== undefined) forgotten.head.recent.delete(forgotten.id)
    ring[next] = { head, id }
    next = (next + 1) % IDS_RECENT_MAX
    head.recent.set(id, revision)
  }

  for (const row of recentRows(database)) {
    const head = find(String(row['name']))
    if (head === null) continue
    head.revision = Math.max(head.revision, Number(row['revision']))
    remember(head, String(row['id']), Number(row['revision']))
  }
  return {
    find,
    create: (name) => {
      const streamId = Number(insertStream.run(name).lastInsertRowid)
      return keep(name, { streamId, revision: -1, recent: new Map() })
    },
    remember,
  }
}

/** The ids of recent events, those that are not in the index of streams among them. */
const recentRows = (database: Database) =>
  database
    .prepare(
      `SELECT streams.name AS name, events.id AS id, events.revision AS revision
       FROM events JOIN streams ON streams.id = events.stream_id
       WHERE position > min(${INDEX_END}, (SELECT coalesce(max(position), 0) FROM events) - ?)
       ORDER BY position`,
    )
    .all(IDS_RELOADED)

/** A stream with recent ids goes to the back of the queue instead. */
const forgetOldest = (byName: Map<string, StreamHead>): void => {
  for (const [name, head] of byName) {
    byName.delete(name)
    if (head.recent.size === 0) return
    byName.set(name, head)
  }
}
