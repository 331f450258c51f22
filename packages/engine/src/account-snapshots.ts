/**
 * Keeps an account's state between runs, so that its mailbox reads a snapshot and a tail instead of
 * every event.
 *
 * Invariants: a snapshot holds only what the log holds, and is used only while the log still shows
 * the very event that it ends with. On any doubt there is no snapshot. Storing one is never waited
 * for, and failing to store one costs nothing but time.
 */
import {
  type AccountId,
  type AccountState,
  accountStream,
  changedRows,
  SNAPSHOT_VERSION,
  stateReader,
  stateRowCount,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, Position, RowChange, StoredEvent, ViewStore } from './ports.js'

/** The state of an account after an event, and which event that was. */
export type AccountMoment = {
  readonly state: AccountState
  /** Of the last event; -1 for an account without events. */
  readonly revision: number
  readonly position: Position
  readonly recordedAt: number
  /** The id of the last event. */
  readonly eventId: string
}

/** How many events are appended at least between two snapshots. Unit: events. */
const EVENTS_PER_SNAPSHOT = 2_000

/**
 * Finding what changed looks at every entity, so a large account waits for this many times fewer
 * events than it has rows. Bounds the looks to 20 per event, and the tail to a twentieth.
 */
const ROWS_PER_EVENT_MAX = 20

const STATE_TABLE = 'state'
const EVENT_TABLE = 'event'
const LAST_EVENT = 'last'

export type AccountSnapshots = {
  /** The last snapshot, or null: there is none that is sure to be what the events say. */
  readonly load: () => Promise<AccountMoment | null>
  /** Stores a snapshot in the background when one is due. One at a time. */
  readonly offer: (moment: AccountMoment) => void
  /** Resolves when no snapshot is being stored. */
  readonly idle: () => Promise<void>
}

type Dependencies = {
  readonly log: Pick<EventLog, 'readStream'>
  readonly viewStore: Pick<ViewStore, 'load' | 'commit' | 'reset'>
}

/** What the store holds: a state and its revision; null and -1 when that is nothing of use. */
type Kept = { readonly state: AccountState | null; readonly revision: number }

const NOTHING: Kept = { state: null, revision: -1 }

export const snapshotViewOf = (accountId: AccountId): string => `account-state-${accountId}`

/** Which event a snapshot ends with. Its time and place tell it from one said again elsewhere. */
const markOf = ({
  id,
  position,
  recordedAt,
}: Pick<StoredEvent, 'id' | 'position' | 'recordedAt'>) =>
  JSON.stringify([id, position, recordedAt])

/** Lets others have their turn. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const rowChange = (table: string, key: string, value: string | null): RowChange => ({
  table,
  key,
  value,
})

/** Everything that must be stored to get from one moment to another; found in small steps. */
const changesBetween = async (
  from: Kept,
  { state, eventId, position, recordedAt }: AccountMoment,
): Promise<ReadonlyArray<RowChange>> => {
  const mark = markOf({ id: eventId, position, recordedAt })
  const changes = [rowChange(EVENT_TABLE, LAST_EVENT, mark)]
  for (const stretch of changedRows(from.state, state)) {
    for (const [key, value] of stretch)
      changes.push(rowChange(STATE_TABLE, key, value === null ? null : JSON.stringify(value)))
    await pause()
  }
  return changes
}

type Found = { readonly state: AccountState; readonly revision: number; readonly mark: string }

/** What the store holds of this account; null when that is not a state of it. */
const readStored = async (
  { viewStore }: Dependencies,
  accountId: AccountId,
): Promise<Found | null> => {
  const reader = stateReader()
  let mark: string | undefined
  const { position } = await viewStore.load(
    snapshotViewOf(accountId),
    SNAPSHOT_VERSION,
    (table, key, value) => {
      if (table === STATE_TABLE) reader.take(key, parsed(value))
      else if (table === EVENT_TABLE && key === LAST_EVENT) mark = value
    },
  )
  if (position === 0 || mark === undefined) return null
  const read = reader.state()
  if (E.isLeft(read)) return null
  const state = read.right
  if (state.type === 'Open' && state.accountId !== accountId) return null
  return { state, revision: position - 1, mark }
}

/** Text that is no JSON is no row either. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What was found, once the log shows the event that it ends with; null when it shows another. */
const confirmed = async (
  { log }: Dependencies,
  accountId: AccountId,
  { state, revision, mark }: Found,
): Promise<AccountMoment | null> => {
  const stream = accountStream(accountId)
  const page = await log.readStream(stream, { from: revision, limit: 1 })()
  const stored = E.isRight(page) ? page.right[0] : undefined
  if (stored?.revision !== revision || markOf(stored) !== mark) return null
  const { position, recordedAt, id } = stored
  return { state, revision, position, recordedAt, eventId: id }
}

export const accountSnapshots = (
  dependencies: Dependencies,
  accountId: AccountId,
): AccountSnapshots => {
  const { viewStore } = dependencies
  const view = snapshotViewOf(accountId)
  /** Null while no snapshot may be stored: until the account is loaded, and after a failure. */
  let kept: Kept | null = null
  let storing: Promise<void> | undefined

  const isDue = (from: Kept, { revision, state }: AccountMoment): boolean =>
    revision - from.revision >=
    Math.max(EVENTS_PER_SNAPSHOT, Math.ceil(stateRowCount(state) / ROWS_PER_EVENT_MAX))

  /** A snapshot that follows on none replaces whatever there was, of whichever version. */
  const store = async (from: Kept, to: AccountMoment): Promise<Kept | null> => {
    const changes = await changesBetween(from, to)
    if (from.state === null) await viewStore.reset(view, SNAPSHOT_VERSION)
    const [expected, next] = [from.revision + 1, to.revision + 1]
    const outcome = await viewStore.commit(view, SNAPSHOT_VERSION, expected, next, changes)()
    return E.isRight(outcome) ? { state: to.state, revision: to.revision } : null
  }

  const load = async (): Promise<AccountMoment | null> => {
    const found = await readStored(dependencies, accountId)
    const moment = found && (await confirmed(dependencies, accountId, found))
    kept = moment ?? NOTHING
    return moment
  }

  return {
    load: async () => {
      await storing
      try {
        return await load()
      } catch {
        kept = null
        return null
      }
    },
    offer: (moment) => {
      if (kept === null || storing !== undefined || !isDue(kept, moment)) return
      storing = store(kept, moment)
        .catch(() => null)
        .then((outcome) => {
          kept = outcome
          storing = undefined
        })
    },
    idle: () => storing ?? Promise.resolve(),
  }
}
