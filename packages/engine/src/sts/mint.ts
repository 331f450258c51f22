/**
 * The events of a worker's output stream: that a session has its credential, and that its time is
 * over.
 */
import {
  type AccountId,
  type CredentialExpired,
  type CredentialIssued,
  temporaryKeyOf,
} from '@grantlog/domain'
import type { Circumstances } from '../engine.js'
import { type Observer, partOf, type Span } from '../observer.js'
import type { Ids, NewEvent, Position } from '../ports.js'
import { encodeEvent } from '../stored-event.js'
import type { OpenSession } from './open-sessions.js'
import type { WaitingSession } from './shard.js'

export type Minting = {
  readonly ids: Pick<Ids, 'eventId'>
  readonly shard: number
  readonly observer: Observer
}

const circumstancesOf = (
  shard: number,
  accountId: AccountId,
  commandId: string,
  traceparent?: string,
): Circumstances => ({
  commandId,
  requestId: commandId,
  actor: {
    accountId,
    principalType: 'System',
    principalId: `sts-worker-${shard}`,
    arn: `acs:grantlog::${accountId}:sts-worker/${shard}`,
  },
  ...(traceparent === undefined ? {} : { traceparent }),
})

export type Minted = {
  readonly event: CredentialIssued
  readonly stored: NewEvent
  readonly commandId: string
  /** When its RoleAssumed was recorded. */
  readonly assumedAt: number
  /** A part of the call's trace, also where the call waits in another process. */
  readonly span: Span
}

/**
 * The event that gives a session its credential, as a part of the command that asked for it: so
 * the output stream tells which commands have led to one. Its id names the worker too: said again
 * by the same worker it is the same event, but another worker's is another event, which the
 * expected revision keeps out.
 */
export const issuedEvent = (
  { ids, shard, observer: { tracing } }: Minting,
  workerId: string,
  { assumed, commandId, recordedAt, traceparent }: WaitingSession,
  consumedPosition: Position,
): Minted => {
  const { sessionId, accountId, roleId, expiresAt } = assumed
  const span = partOf(tracing, traceparent, 'sts.issue', { accountId })
  const event: CredentialIssued = {
    type: 'CredentialIssued',
    sessionId,
    accountId,
    roleId,
    accessKeyId: temporaryKeyOf(sessionId),
    expiresAt,
    consumedPosition,
  }
  const trace = span.traceparent ?? traceparent
  const circumstances = circumstancesOf(shard, accountId, commandId, trace)
  const id = ids.eventId(`${workerId}/${sessionId}`, 1)
  const stored = encodeEvent(id, event, circumstances)
  return { event, commandId, stored, assumedAt: recordedAt, span }
}

export const expiredEvent = (
  { ids, shard }: Minting,
  workerId: string,
  { sessionId, accountId, expiresAt }: OpenSession,
  now: number,
  consumedPosition: Position,
): NewEvent => {
  const event = {
    type: 'CredentialExpired',
    sessionId,
    accountId,
    expiresAt,
    expiredAt: now,
    consumedPosition,
  } as CredentialExpired
  const circumstances = circumstancesOf(shard, event.accountId, sessionId)
  return encodeEvent(ids.eventId(`${workerId}/${sessionId}`, 2), event, circumstances)
}
