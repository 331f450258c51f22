/**
 * Whether an append has been said before: the same ids, one after the other, at a place the writer
 * may mean.
 *
 * Where the writer names a revision, the place is right after it and the stored events are asked.
 * Elsewhere the recent ids of the stream are asked.
 */
import type { Database } from './driver.js'
import {
  ANY,
  type Group,
  NO_STREAM,
  OUTCOME_CONFLICT,
  OUTCOME_REPEATED,
  STREAM_EXISTS,
  TEXTS_PER_EVENT,
} from './group.js'
import type { StreamHead } from './stream-heads.js'

/**
 * The outcome of an append that is not new (a repetition, or ids that are there in part), else
 * null.
 */
export type FindRepetition = (
  /** Brings the index of streams up to date. */
  index: () => void,
  head: StreamHead | null,
  expected: number,
  group: Group,
  event: number,
  count: number,
) => ReadonlyArray<number> | null

export const findRepetition = (database: Database): FindRepetition => {
  const selectIds = database.prepare(
    `SELECT id FROM stream_index AS place JOIN events USING (position)
     WHERE place.stream_id = ? AND place.revision >= ? ORDER BY place.revision LIMIT ?`,
  )
  const selectPlace = database.prepare(
    `SELECT position, recorded_at FROM stream_index AS place JOIN events USING (position)
     WHERE place.stream_id = ? AND place.revision = ?`,
  )
  const isStoredAt = (streamId: number, first: number, ids: ReadonlyArray<string>): boolean => {
    const rows = selectIds.all(streamId, first, ids.length)
    return rows.length === ids.length && rows.every((row, i) => row['id'] === ids[i])
  }
  const repeatedAt = (head: StreamHead, revision: number): ReadonlyArray<number> => {
    const row = selectPlace.get(head.streamId, revision)
    return [OUTCOME_REPEATED, revision, Number(row?.['position']), Number(row?.['recorded_at'])]
  }

  return (index, head, expected, group, event, count) => {
    if (head === null) return null
    const anywhere = expected === ANY || expected === STREAM_EXISTS || expected === head.revision
    if (!anywhere && (expected < NO_STREAM || expected > head.revision)) return null

    const known = anywhere ? recentPlaces(head, group, event, count) : []
    if (anywhere && known.every((place) => place === -1)) return null
    const first = anywhere ? (known[0] ?? -1) : expected + 1
    if (first >= 0) index()
    if (first >= 0 && isStoredAt(head.streamId, first, idsOf(group, event, count)))
      return repeatedAt(head, first + count - 1)
    return [OUTCOME_CONFLICT, head.revision, 0, 0]
  }
}

const recentPlaces = (
  { recent }: StreamHead,
  group: Group,
  event: number,
  count: number,
): ReadonlyArray<number> => {
  const places: Array<number> = []
  for (let i = event; i < event + count; i += 1)
    places.push(recent.get(group.texts[i * TEXTS_PER_EVENT] ?? '') ?? -1)
  return places
}

const idsOf = (group: Group, event: number, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => group.texts[(event + i) * TEXTS_PER_EVENT] ?? '')
