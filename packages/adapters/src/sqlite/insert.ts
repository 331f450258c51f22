/**
 * Storing the events of one append: the statement, and how the flat lists of a group become its
 * rows.
 */
import type { Database } from './driver.js'
import { type Group, TEXTS_PER_EVENT } from './group.js'

/**
 * Stores `count` events of a group, beginning with `event`; revision and position are those of the
 * first.
 */
export type Insert = (
  streamId: number,
  revision: number,
  position: number,
  recordedAt: number,
  group: Group,
  event: number,
  count: number,
) => void

export const insertEvents = (database: Database): Insert => {
  const insert = database.prepare(
    `INSERT INTO events
       (position, stream_id, revision, id, type, schema_version, recorded_at, data, metadata)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (streamId, revision, position, recordedAt, group, event, count) => {
    for (let i = 0; i < count; i += 1) {
      const text = (event + i) * TEXTS_PER_EVENT
      insert.run(
        position + i,
        streamId,
        revision + i,
        group.texts[text] ?? '',
        group.texts[text + 1] ?? '',
        group.versions[event + i] ?? 0,
        recordedAt,
        group.texts[text + 2] ?? '',
        group.texts[text + 3] ?? '',
      )
    }
  }
}
