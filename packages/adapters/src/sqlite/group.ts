/**
 * A group of appends that share one transaction, and its answer, both as flat lists of texts and
 * numbers.
 *
 * Flat, because a group crosses to the writer's thread and cloning many small objects would cost
 * more than storing them.
 */
import type { ExpectedRevision, NewEvent } from '@grantlog/engine'

export type Group = {
  /** Milliseconds, UTC, read when the group was sent. */
  readonly now: number
  /** One per append. */
  readonly streams: Array<string>
  /** One per append: a revision, or one of the codes below. */
  readonly expected: Array<number>
  /** One per append: how many of the events are its. */
  readonly counts: Array<number>
  /** TEXTS_PER_EVENT per event: id, type, data, metadata. */
  readonly texts: Array<string>
  /** One per event: its schemaVersion. */
  readonly versions: Array<number>
  /** Signed tree heads that are to be kept with the group. */
  readonly heads: ReadonlyArray<KeptHead>
}

export type KeptHead = { readonly size: number; readonly note: string }

export type GroupAnswer =
  /** On disk. OUTCOME_NUMBERS per append: kind, revision, position, recordedAt. */
  | { readonly type: 'Committed'; readonly outcomes: Float64Array }
  | { readonly type: 'NothingHappened'; readonly detail: string }
  /** The commit failed: nobody knows what is on disk, and the writer is dead. */
  | { readonly type: 'CommitFailed'; readonly detail: string }

export const TEXTS_PER_EVENT = 4
export const OUTCOME_NUMBERS = 4

export const OUTCOME_FRESH = 0
export const OUTCOME_REPEATED = 1
/** Its revision is the stream's; -1 for an absent stream. */
export const OUTCOME_CONFLICT = 2

/** A revision of -1 is that of an absent stream. */
export const NO_STREAM = -1
export const STREAM_EXISTS = -2
export const ANY = -3
/** A number that no stream can be at. */
const NEVER = -4

export const expectedCode = (expected: ExpectedRevision): number => {
  if (expected === 'any') return ANY
  if (expected === 'no-stream') return NO_STREAM
  if (expected === 'stream-exists') return STREAM_EXISTS
  return Number.isSafeInteger(expected) && expected >= 0 ? expected : NEVER
}

export const emptyGroup = (now: number, heads: ReadonlyArray<KeptHead>): Group => ({
  now,
  streams: [],
  expected: [],
  counts: [],
  texts: [],
  versions: [],
  heads,
})

/** Adds an append to a group. */
export const addToGroup = (
  group: Group,
  stream: string,
  expected: ExpectedRevision,
  events: ReadonlyArray<NewEvent>,
): void => {
  group.streams.push(stream)
  group.expected.push(expectedCode(expected))
  group.counts.push(events.length)
  for (const event of events) {
    group.texts.push(event.id, event.type, event.data, event.metadata)
    group.versions.push(event.schemaVersion)
  }
}
