/**
 * The events of accounts as history names them: who did it, when, why, and where in the log.
 *
 * Invariant: along positions the times never decrease, so that a time becomes a position by one
 * binary search.
 */
import type { Actor, Recorded } from '@grantlog/domain'
import { positionKey } from '../keys.js'
import { firstAtLeast } from '../ordered-list.js'
import { byPosition } from '../relation.js'
import { type Table, table } from '../table.js'

export type Mark = {
  readonly position: number
  /** Milliseconds since the epoch, UTC. */
  readonly recordedAt: number
  readonly eventType: string
  readonly eventId: string
  readonly accountId: string
  /** In its stream: the account's or, where a session was revoked, one of its sessions. */
  readonly revision: number
  readonly actor: Actor
  readonly reason?: string
  readonly ticket?: string
}

type Times = { readonly times: Array<number>; readonly positions: Array<number> }

export type Marks = {
  readonly rows: Table<Mark>
  add(recorded: Recorded): void
  at(position: number | undefined): Mark | undefined
  /**
   * The last position recorded at or before a time; 0 when nothing was. Of one account, or of all.
   */
  positionAt(accountId: string | undefined, timeMs: number): number
  /** When the last event up to a position was recorded; 0 when there was none. */
  timeAt(position: number): number
  /** The position of the last event of an account up to a position; 0 when there was none. */
  lastChange(accountId: string, position: number): number
  /** The position of the first event of an account; undefined where there is none. */
  firstOf(accountId: string): number | undefined
  /**
   * The positions of what was done with a credential, in order: the id of a session, or that of a
   * long-lived access key.
   */
  doneWith(credential: string): ReadonlyArray<number>
  reindex(): void
}

export const marks = (): Marks => {
  const rows = table<Mark>()
  const all: Times = { times: [], positions: [] }
  const byAccount = new Map<string, Times>()
  const byCredential = new Map<string, Array<number>>()
  const actors = sharedActors()

  const index = (mark: Mark): void => {
    note(all, mark)
    const known = byAccount.get(mark.accountId)
    const times = known ?? { times: [], positions: [] }
    if (known === undefined) byAccount.set(mark.accountId, times)
    note(times, mark)
    const { sessionId, accessKeyId } = mark.actor
    const credential = sessionId ?? accessKeyId
    if (credential === undefined) return
    const done = byCredential.get(credential)
    if (done === undefined) byCredential.set(credential, [mark.position])
    else done.push(mark.position)
  }

  return {
    rows,
    add: (recorded) => {
      const mark = markOf(recorded, actors(recorded.metadata.actor))
      rows.set(positionKey(mark.position), mark)
      index(mark)
    },
    at: (position) => (position === undefined ? undefined : rows.get(positionKey(position))),
    positionAt: (accountId, timeMs) => {
      const times = accountId === undefined ? all : byAccount.get(accountId)
      if (times === undefined) return 0
      return times.positions[firstAtLeast(times.times, Math.floor(timeMs) + 1) - 1] ?? 0
    },
    timeAt: (position) => all.times[firstAtLeast(all.positions, position + 1) - 1] ?? 0,
    lastChange: (accountId, position) => {
      const positions = byAccount.get(accountId)?.positions ?? []
      return positions[firstAtLeast(positions, position + 1) - 1] ?? 0
    },
    firstOf: (accountId) => byAccount.get(accountId)?.positions[0],
    doneWith: (credential) => byCredential.get(credential) ?? [],
    reindex: () => {
      for (const list of [all.times, all.positions]) list.length = 0
      byAccount.clear()
      byCredential.clear()
      for (const [, mark] of byPosition(rows)) index(mark)
    },
  }
}

const note = ({ times, positions }: Times, { recordedAt, position }: Mark): void => {
  times.push(Math.max(recordedAt, times.at(-1) ?? recordedAt))
  positions.push(position)
}

export const markOf = (recorded: Recorded, actor: Actor = recorded.metadata.actor): Mark => {
  const { position, recordedAt, event, id, accountId, revision, metadata } = recorded
  const { reason, ticket } = metadata
  return {
    position,
    recordedAt,
    eventType: event.type,
    eventId: id,
    accountId,
    revision,
    actor,
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
  }
}

/** One object for all events of the same actor: there are many events and few actors. */
const sharedActors = (): ((actor: Actor) => Actor) => {
  const actors = new Map<string, Actor>()
  let last: Actor | undefined
  return (actor) => {
    if (last !== undefined && isSame(last, actor)) return last
    const { accountId, principalType, principalId, arn, accessKeyId, sessionId } = actor
    const key = JSON.stringify([accountId, principalType, principalId, arn, accessKeyId, sessionId])
    const known = actors.get(key)
    if (known === undefined) actors.set(key, actor)
    last = known ?? actor
    return last
  }
}

const isSame = (a: Actor, b: Actor): boolean =>
  a.principalId === b.principalId &&
  a.accessKeyId === b.accessKeyId &&
  a.sessionId === b.sessionId &&
  a.accountId === b.accountId &&
  a.principalType === b.principalType &&
  a.arn === b.arn
