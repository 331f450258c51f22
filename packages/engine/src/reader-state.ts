/**
 * What the reader of the log remembers for itself, kept as a view: the last revision of each
 * stream, which finds holes, and the accounts that it can no longer read, which decide to deny.
 */
import { parseStream } from '@grantlog/domain'
import { type Table, table, type ViewState } from '@grantlog/views'
import type { StoredEvent } from './ports.js'

/** An event that should have come before this one never came. */
export type SkippedEvent = {
  readonly type: 'SkippedEvent'
  readonly stream: string
  readonly expected: number
  readonly actual: number
  readonly position: number
}

/** Why an account is not read any further, and since where. */
export type Quarantine = { readonly position: number; readonly fault: string }

export type ReaderState = ViewState & {
  readonly tables: {
    readonly revisions: Table<number>
    readonly quarantine: Table<Quarantine>
    readonly counters: Table<number>
  }
}

export const READER_VIEW = { name: 'reader', version: 1 } as const

export const emptyReaderState = (): ReaderState => ({
  tables: {
    revisions: table<number>(),
    quarantine: table<Quarantine>(),
    counters: table<number>(),
  },
})

/**
 * Streams of an hour or a day end by themselves; their revisions are forgotten this long after
 * they can still grow. Unit: hours.
 */
const FORGET_AFTER_HOURS = 48

/** Checks that a stream goes on where it was left, and remembers where it is now. */
export const followStream = (state: ReaderState, stored: StoredEvent): SkippedEvent | undefined => {
  const { stream, revision, position } = stored
  const expected = (state.tables.revisions.get(stream) ?? -1) + 1
  if (revision !== expected)
    return { type: 'SkippedEvent', stream, expected, actual: revision, position }
  state.tables.revisions.set(stream, revision)
  return undefined
}

/**
 * Forgets the streams of past hours and days. `now` is the time of recording that the reader has
 * reached.
 */
export const forgetEndedStreams = (state: ReaderState, now: number): void => {
  const horizon = new Date(now - FORGET_AFTER_HOURS * 3_600_000)
    .toISOString()
    .replace(/[-T:]/g, '')
    .slice(0, 10)
  for (const [stream] of state.tables.revisions.entries()) {
    const { kind } = parseStream(stream)
    if (kind !== 'sessions' && kind !== 'access') continue
    const period = stream.slice(stream.lastIndexOf('-') + 1)
    if (period < horizon.slice(0, period.length)) state.tables.revisions.delete(stream)
  }
}

export const isQuarantined = (state: ReaderState, accountId: string): boolean =>
  state.tables.quarantine.get(accountId) !== undefined

export const quarantine = (state: ReaderState, accountId: string, entry: Quarantine): void => {
  if (!isQuarantined(state, accountId)) state.tables.quarantine.set(accountId, entry)
}

const UNKNOWN_EVENTS = 'unknown-events'

export const countUnknownEvent = (state: ReaderState): void =>
  state.tables.counters.set(UNKNOWN_EVENTS, unknownEvents(state) + 1)

export const unknownEvents = (state: ReaderState): number =>
  state.tables.counters.get(UNKNOWN_EVENTS) ?? 0
