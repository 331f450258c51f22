/**
 * Where a session stands in the log: its beginning and its credential, also long after it is over.
 *
 * Nothing is kept in memory for that. The id of a session begins with the time at which it was
 * made, which names the stream and the place in it; what follows is read from there.
 */
import { type AccountId, type Recorded, type RoleAssumed, sessionsStream } from '@grantlog/domain'
import { type CredentialsState, findSession, type Recording } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, LogError } from '../ports.js'
import { decodeEvent } from '../stored-event.js'
import { readPart } from './read-span.js'

/** How much of a session's id is the time at which it was made. Unit: hex digits. */
const TIME_DIGITS = 12

/** How far the clocks of the process and of the log may be apart. Unit: milliseconds. */
const SKEW_MS = 60_000

/** How many events a beginning, and then a credential, are looked for among. Unit: events. Ours. */
const BEGINNING_EVENTS_MAX = 100_000
const CREDENTIAL_EVENTS_MAX = 10_000
const BATCH = 500

export type FoundSession = {
  readonly began: Recorded<RoleAssumed>
  /** Absent where no credential was issued, so that the session never could act. */
  readonly issued?: Recording & { readonly accessKeyId: string }
}

type Found<A> = Promise<E.Either<LogError, A | undefined>>

/** When the session began, as near as its id and what is remembered of it tell. */
const timesOf = (credentials: CredentialsState, sessionId: string): ReadonlyArray<number> => {
  const named = Number.parseInt(sessionId.slice(0, TIME_DIGITS), 16)
  const issued = findSession(credentials, sessionId)?.issued?.recordedAt
  return issued === undefined ? [named] : [named, issued]
}

const beganNear = async (
  log: EventLog,
  accountId: AccountId,
  sessionId: string,
  time: number,
): Found<Recorded<RoleAssumed>> => {
  const [first, last] = [time - SKEW_MS, time + SKEW_MS]
  const streams = new Set([time, last].map((at) => sessionsStream(accountId, at)))
  for (const stream of streams) {
    let found: Recorded<RoleAssumed> | undefined
    const part = {
      stream,
      isReached: ({ recordedAt }: { readonly recordedAt: number }) => recordedAt >= first,
      isPassed: ({ recordedAt }: { readonly recordedAt: number }) => recordedAt > last,
    }
    const read = await readPart(log, part, { left: BEGINNING_EVENTS_MAX }, (stored) => {
      if (stored.type !== 'RoleAssumed' || !stored.data.includes(sessionId)) return false
      const decoded = decodeEvent(stored)
      if (E.isLeft(decoded) || decoded.right.event.type !== 'RoleAssumed') return false
      const { event } = decoded.right
      if (event.sessionId !== sessionId) return false
      found = { ...decoded.right, event }
      return true
    })
    if (E.isLeft(read)) return read
    if (found !== undefined) return E.right(found)
  }
  return E.right(undefined)
}

/** The worker's event stands soon after the beginning, in a stream of its shard. */
export const issuedAfter = async (
  log: EventLog,
  { position, event }: Recorded<RoleAssumed>,
): Found<NonNullable<FoundSession['issued']>> => {
  let after = position
  for (let seen = 0; seen < CREDENTIAL_EVENTS_MAX; seen += BATCH) {
    const batch = await log.readAll({ after, limit: BATCH })()
    if (E.isLeft(batch)) return batch
    for (const stored of batch.right) {
      after = stored.position
      if (stored.type !== 'CredentialIssued' || !stored.data.includes(event.sessionId)) continue
      const decoded = decodeEvent(stored)
      if (E.isLeft(decoded) || decoded.right.event.type !== 'CredentialIssued') continue
      const { sessionId, accessKeyId } = decoded.right.event
      const { position: at, recordedAt } = stored
      if (sessionId === event.sessionId) return E.right({ position: at, recordedAt, accessKeyId })
    }
    if (batch.right.length < BATCH) return E.right(undefined)
  }
  return E.right(undefined)
}

/** Undefined for a session that the account never had, or whose id does not tell when it began. */
export const findInLog = async (
  log: EventLog,
  credentials: CredentialsState,
  accountId: AccountId,
  sessionId: string,
): Found<FoundSession> => {
  for (const time of timesOf(credentials, sessionId)) {
    const began = await beganNear(log, accountId, sessionId, time)
    if (E.isLeft(began)) return began
    if (began.right === undefined) continue
    const issued = await issuedAfter(log, began.right)
    if (E.isLeft(issued)) return issued
    const { right: beginning } = began
    return E.right({
      began: beginning,
      ...(issued.right === undefined ? {} : { issued: issued.right }),
    })
  }
  return E.right(undefined)
}
