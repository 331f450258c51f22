/**
 * How often somebody tried to get in as a user: kept in the user's own stream, and counted from
 * there, so that neither a restart nor another node forgets.
 *
 * Invariant: an attempt is recorded on the revision at which it was found to be allowed. Of those
 * that run at the same time no more are answered than the lock allows; the others hear of the lock.
 */
import {
  type AccountId,
  isLocked,
  type PasswordPolicy,
  type PastSignIn,
  SIGN_IN_EVENTS_MAX,
  type SignInEvent,
  SignInEventCodecs,
  type SignInFault,
  signInsStream,
  type UserId,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { Circumstances, EngineError } from '../engine-error.js'
import type { Clock, EventLog, Ids, Position } from '../ports.js'
import { appendSurely } from '../retry.js'
import { decodeEvent, encodeEvent } from '../stored-event.js'

/** Whose attempts, and what the lock depends on. */
export type Attempted = {
  readonly accountId: AccountId
  readonly userId: UserId
  readonly policy: PasswordPolicy
  readonly passwordSetAt: number
}

/** What was recorded, or that the user is locked, of which nothing is recorded. */
export type Noted =
  | { readonly type: 'Noted'; readonly position: Position }
  | { readonly type: 'Locked' }

export type Attempts = {
  readonly isLocked: (user: Attempted) => Promise<E.Either<EngineError, boolean>>
  /** Records what came of an attempt, unless the user is locked by now. */
  readonly note: (
    user: Attempted,
    event: SignInEvent,
    circumstances: Circumstances,
  ) => Promise<E.Either<EngineError, Noted>>
  /** Records that somebody did not get in. */
  readonly failed: (
    user: Attempted,
    fault: SignInFault,
    circumstances: Circumstances,
  ) => Promise<E.Either<EngineError, Noted>>
}

/** How many events are read at first: more than any policy counts. Unit: events. */
const EVENTS_AT_FIRST = 64

/** How often an attempt is recorded anew because another one was recorded first. */
const RACES_LOST_MAX = 50

type Past = {
  /** Newest first. */
  readonly events: ReadonlyArray<PastSignIn>
  readonly revision: number | 'no-stream'
}

const isSignIn = (event: { readonly type: string }): event is SignInEvent =>
  Object.hasOwn(SignInEventCodecs, event.type)

/** An attempt that can't be read might have been the one too many. */
const readPast = async (
  log: EventLog,
  accountId: AccountId,
  stream: string,
  limit: number,
): Promise<E.Either<EngineError, Past>> => {
  const read = await log.readStream(stream, { limit, backwards: true })()
  if (E.isLeft(read)) return read
  const events: PastSignIn[] = []
  for (const stored of read.right) {
    const decoded = decodeEvent(stored)
    if (E.isLeft(decoded) || !isSignIn(decoded.right.event))
      return E.left({ type: 'AccountQuarantined', accountId })
    events.push({ event: decoded.right.event, recordedAt: stored.recordedAt })
  }
  return E.right({ events, revision: read.right[0]?.revision ?? 'no-stream' })
}

export const attemptsOn = (log: EventLog, clock: Clock, ids: Pick<Ids, 'eventId'>): Attempts => {
  /** Where the few events that are read at first all count, the others may count too. */
  const look = async (
    user: Attempted,
  ): Promise<E.Either<EngineError, { readonly locked: boolean; readonly past: Past }>> => {
    const { accountId, userId, policy, passwordSetAt } = user
    const stream = signInsStream(accountId, userId)
    for (const limit of [EVENTS_AT_FIRST, SIGN_IN_EVENTS_MAX]) {
      const past = await readPast(log, accountId, stream, limit)
      if (E.isLeft(past)) return past
      const { events } = past.right
      const locked = isLocked(policy, events, passwordSetAt, clock.now())
      const isAll = events.length < limit || limit === SIGN_IN_EVENTS_MAX
      if (locked || isAll) return E.right({ locked, past: past.right })
    }
    return E.left({ type: 'AccountQuarantined', accountId })
  }

  const note: Attempts['note'] = async (user, event, circumstances) => {
    const stream = signInsStream(user.accountId, user.userId)
    const stored = encodeEvent(ids.eventId(circumstances.commandId, 0), event, circumstances)
    for (let lost = 0; lost < RACES_LOST_MAX; lost++) {
      const now = await look(user)
      if (E.isLeft(now)) return now
      if (now.right.locked) return E.right({ type: 'Locked' })
      const appended = await appendSurely(log, stream, now.right.past.revision, [stored])
      if (E.isRight(appended)) return E.right({ type: 'Noted', position: appended.right.position })
      if (appended.left.type !== 'RevisionConflict') return E.left(appended.left)
    }
    return E.left({ type: 'Contended', stream })
  }

  return {
    isLocked: async (user) => E.map(({ locked }: { locked: boolean }) => locked)(await look(user)),
    note,
    failed: (user, fault, circumstances) =>
      note(user, { type: 'SignInFailed', userId: user.userId, fault }, circumstances),
  }
}
