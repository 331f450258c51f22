/**
 * What a worker knows of its shard: what the output stream says, and which sessions still wait.
 *
 * Invariant: a session waits exactly while its RoleAssumed was seen and no event of the output
 * stream, up to the revision that is known, has issued it or passed it over. So an append that
 * names this revision can't issue a session a second time.
 */
import { type AccountId, credentialsStream, type RoleAssumed } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine.js'
import type { EventLog, LogError, Position, StoredEvent } from '../ports.js'
import type { RecentIds } from '../recent-ids.js'
import { decodeEvent } from '../stored-event.js'
import { type OpenSessions, openSessions } from './open-sessions.js'
import { recoverWorker } from './recover.js'

const EVENTS_PER_READ = 1_000

export type WaitingSession = {
  readonly assumed: RoleAssumed
  readonly position: Position
  /** The call that led to it: the same call, recorded twice, gets one credential. */
  readonly commandId: string
  readonly recordedAt: number
  /** The trace of that call. */
  readonly traceparent: string | undefined
}

export type Shard = {
  readonly stream: string
  readonly open: OpenSessions
  /** Which commands led to a credential lately. */
  readonly issued: RecentIds
  /** In the order of the log. */
  readonly waiting: Map<string, WaitingSession>
  /** Of the last event of the output stream; -1 when it is empty. */
  revision: number
  /** The last position that the output stream says was consumed. */
  consumed: Position
  /** Where in the log the last event of the output stream stands, as far as is known. */
  written: Position
  /** The last position that was seen, and when that was recorded. */
  seen: Position
  seenAt: number
}

/**
 * Which shard an account belongs to: FNV-1a over its digits. Every process of a deployment must
 * count the same number of shards.
 */
export const shardOf = (accountId: AccountId, shards: number): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < accountId.length; i += 1)
    hash = Math.imul(hash ^ accountId.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % shards
}

/** Reads back what the output stream says. */
export const recoverShard = async (
  log: EventLog,
  shard: number,
): Promise<E.Either<EngineError, Shard>> => {
  const stream = credentialsStream(shard)
  const recovered = await recoverWorker(log, stream)
  if (E.isLeft(recovered)) return recovered
  const { revision, consumed, issued, open: sessions } = recovered.right
  const open = openSessions()
  for (const session of sessions) open.add(session)
  return E.right({
    stream,
    open,
    issued,
    waiting: new Map(),
    revision,
    consumed,
    written: consumed,
    seen: consumed,
    seenAt: 0,
  })
}

/** What is consumed no longer waits: it was issued, or passed over because its role was gone. */
export const consumeUpTo = (shard: Shard, position: Position): void => {
  shard.consumed = Math.max(shard.consumed, position)
  for (const [sessionId, { position: at }] of shard.waiting) {
    if (at > shard.consumed) return
    shard.waiting.delete(sessionId)
  }
}

/** Takes an event of the output stream; true when it was not known yet. */
const takeOutput = (shard: Shard, stored: StoredEvent): boolean => {
  if (stored.revision <= shard.revision) return false
  shard.revision = stored.revision
  shard.written = stored.position
  const decoded = decodeEvent(stored)
  if (E.isLeft(decoded)) return true
  const { event, metadata, recordedAt } = decoded.right
  if (event.type === 'CredentialIssued') {
    shard.open.add(event)
    shard.issued.note(metadata.commandId, recordedAt)
  }
  if (event.type === 'CredentialExpired') shard.open.close(event.sessionId)
  if (event.type === 'CredentialIssued' || event.type === 'CredentialExpired') {
    shard.waiting.delete(event.sessionId)
    consumeUpTo(shard, event.consumedPosition)
  }
  return true
}

const takeAssumed = (
  shard: Shard,
  stored: StoredEvent,
  ownsAccount: (accountId: AccountId) => boolean,
): void => {
  const decoded = decodeEvent(stored)
  if (E.isLeft(decoded)) return
  const { event, metadata, position, recordedAt } = decoded.right
  const { commandId, traceparent } = metadata
  if (event.type === 'RoleAssumed' && ownsAccount(event.accountId))
    shard.waiting.set(event.sessionId, {
      assumed: event,
      position,
      commandId,
      recordedAt,
      traceparent,
    })
}

/** Takes a batch of the log; true when another worker's output was in it. */
export const takeBatch = (
  shard: Shard,
  batch: ReadonlyArray<StoredEvent>,
  ownsAccount: (accountId: AccountId) => boolean,
): boolean => {
  let others = false
  for (const stored of batch) {
    if (stored.stream === shard.stream) others = takeOutput(shard, stored) || others
    else if (stored.type === 'RoleAssumed' && stored.position > shard.consumed)
      takeAssumed(shard, stored, ownsAccount)
    shard.seen = Math.max(shard.seen, stored.position)
    shard.seenAt = stored.recordedAt
  }
  return others
}

/** Reads what the output stream holds after what is known; answers whether there was anything. */
export const readOutput = async (
  log: EventLog,
  shard: Shard,
): Promise<E.Either<LogError, boolean>> => {
  const known = shard.revision
  for (;;) {
    const from = shard.revision + 1
    const page = await log.readStream(shard.stream, { from, limit: EVENTS_PER_READ })()
    if (E.isLeft(page)) return page
    for (const stored of page.right) takeOutput(shard, stored)
    if (page.right.length < EVENTS_PER_READ) return E.right(shard.revision > known)
  }
}
