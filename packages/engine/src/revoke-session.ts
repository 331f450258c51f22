/**
 * Ends a session before its time. What it was given is refused from the answer on, on this node at
 * once and on others as soon as they show the event.
 */
import {
  type AccountId,
  decideRevokeSession,
  type SessionId,
  sessionsStream,
} from '@grantlog/domain'
import { type CredentialsState, findSession } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Circumstances, EngineError, SessionNotFound } from './engine.js'
import type { CommandOutcome, Meter } from './observer.js'
import type { Clock, EventLog, Ids, Position } from './ports.js'
import { appendAnyhow } from './retry.js'
import { encodeEvent } from './stored-event.js'

type Dependencies = {
  readonly log: EventLog
  readonly clock: Clock
  readonly ids: Ids
  readonly credentials: CredentialsState
  readonly applied: () => Position
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
  readonly meter: Meter
}

/**
 * Answers the position of the record once this node's views show it; said again, it is so already.
 * A session that is over, or another account's, is not found.
 */
export const revokeSession = async (
  { log, clock, ids, credentials, applied, waitFor, meter }: Dependencies,
  accountId: AccountId,
  sessionId: SessionId,
  circumstances: Circumstances,
): Promise<E.Either<SessionNotFound | EngineError, Position>> => {
  const counted = (outcome: CommandOutcome): void => meter.commanded('RevokeSession', outcome)
  const session = findSession(credentials, sessionId)
  const now = clock.now()
  if (session === undefined || session.accountId !== accountId || now >= session.expiresAt) {
    counted('Refused')
    return E.left({ type: 'SessionNotFound' })
  }
  if (session.revoked !== undefined) {
    counted('Unchanged')
    return E.right(applied())
  }

  const decided = decideRevokeSession({ type: 'RevokeSession', accountId, sessionId })
  if (E.isLeft(decided)) return decided
  for (const event of decided.right) {
    const stored = encodeEvent(ids.eventId(circumstances.commandId, 0), event, circumstances)
    const appended = await appendAnyhow(log, sessionsStream(accountId, now), stored)
    counted(E.isLeft(appended) ? 'Failed' : 'Changed')
    if (E.isLeft(appended)) return appended
    const shown = await waitFor(appended.right.position)
    if (E.isLeft(shown)) return shown
  }
  return E.right(applied())
}
