/**
 * The STS worker of one shard: consumes the log, mints a credential for each RoleAssumed, and
 * closes each session once its time is over.
 *
 * Its output stream is its checkpoint (each event names the last position consumed) and its fence
 * (each append names the revision it follows). Whatever crashes and however many workers run, a
 * session is issued once and ended once.
 */
import {
  type AccountId,
  type CredentialExpired,
  type CredentialIssued,
  credentialsStream,
  type DomainEvent,
  type RoleAssumed,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { Circumstances, EngineError } from '../engine.js'
import type { Clock, EventLog, Ids, NewEvent, Position, StoredEvent } from '../ports.js'
import { appendSurely } from '../retry.js'
import { decodeEvent, encodeEvent } from '../stored-event.js'
import { type OpenSessions, openSessions } from './open-sessions.js'
import { recoverWorker } from './recover.js'

/**
 * How often the worker looks for sessions that are over. Unit: milliseconds. Lateness never
 * extends access.
 */
const EXPIRE_EVERY_MS = 200

/** The shortest a session can last. Unit: milliseconds. Source: STS's limit on DurationSeconds. */
const SESSION_MS_MIN = 900_000

/** How many sessions one append may close. */
const EXPIRED_PER_APPEND_MAX = 500

/** A minted credential, told to whoever waits for it in this process. */
export type Minted = {
  readonly event: CredentialIssued
  readonly assumed: RoleAssumed
  readonly position: Position
}

export type StsWorker = {
  readonly openCount: () => number
  readonly stop: () => Promise<void>
}

type Dependencies = {
  readonly log: EventLog
  readonly clock: Clock
  readonly ids: Pick<Ids, 'eventId' | 'temporaryAccessKeyId' | 'uuid'>
  readonly shard: number
  readonly ownsAccount: (accountId: AccountId) => boolean
  /** Whether the role still exists; asked once the views show the position. */
  readonly roleExists: (accountId: AccountId, roleId: string) => boolean
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
  readonly onMinted: (minted: Minted) => void
  /** The session gets no credential: its role was gone before the worker came to it. */
  readonly onDropped: (assumed: RoleAssumed) => void
  readonly onStopped: (reason: string) => void
}

type Output = {
  revision: number
  consumed: Position
  readonly open: OpenSessions
}

const circumstancesOf = (
  shard: number,
  accountId: AccountId,
  commandId: string,
): Circumstances => ({
  commandId,
  requestId: commandId,
  actor: {
    accountId,
    principalType: 'System',
    principalId: `sts-worker-${shard}`,
    arn: `acs:grantlog::${accountId}:sts-worker/${shard}`,
  },
})

/**
 * The event that gives a session its credential. Its id names the worker too: said again by the
 * same worker it is the same event, but another worker's is another event, which the expected
 * revision keeps out.
 */
const issuedEvent = (
  { ids, shard }: Dependencies,
  workerId: string,
  assumed: RoleAssumed,
  consumedPosition: Position,
): { readonly event: CredentialIssued; readonly stored: NewEvent } => {
  const { sessionId, accountId, roleId, expiresAt } = assumed
  const event: CredentialIssued = {
    type: 'CredentialIssued',
    sessionId,
    accountId,
    roleId,
    accessKeyId: ids.temporaryAccessKeyId() as CredentialIssued['accessKeyId'],
    expiresAt,
    consumedPosition,
  }
  const circumstances = circumstancesOf(shard, accountId, sessionId)
  return {
    event,
    stored: encodeEvent(ids.eventId(`${workerId}/${sessionId}`, 1), event, circumstances),
  }
}

const recoverOutput = async (
  log: EventLog,
  stream: string,
): Promise<E.Either<EngineError, Output>> => {
  const recovered = await recoverWorker(log, stream)
  if (E.isLeft(recovered)) return recovered
  const open = openSessions()
  for (const session of recovered.right.open) open.add(session)
  const { revision, consumed } = recovered.right
  return E.right({ revision, consumed, open })
}

/** The sessions of a batch that this shard has to answer for. */
const assumedIn = (
  { ownsAccount }: Dependencies,
  batch: ReadonlyArray<StoredEvent>,
  after: Position,
): ReadonlyArray<RoleAssumed> =>
  batch.flatMap((stored) => {
    if (stored.type !== 'RoleAssumed' || stored.position <= after) return []
    const decoded = decodeEvent(stored)
    if (E.isLeft(decoded)) return []
    const event: DomainEvent = decoded.right.event
    return event.type === 'RoleAssumed' && ownsAccount(event.accountId) ? [event] : []
  })

export const startStsWorker = async (
  dependencies: Dependencies,
): Promise<E.Either<EngineError, StsWorker>> => {
  const { log, clock, ids, shard, roleExists, waitFor, onMinted, onDropped } = dependencies
  const stream = credentialsStream(shard)
  const workerId = ids.uuid()
  const first = await recoverOutput(log, stream)
  if (E.isLeft(first)) return first
  let output = first.right
  let seen = output.consumed
  let seenAt = 0
  let stopped = false
  let last: Promise<unknown> = Promise.resolve()

  /** Issuing and expiring share one stream, so they take turns. */
  const inTurn = <A>(work: () => Promise<A>): Promise<A> => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
  const stopWorking = (reason: string): void => {
    if (stopped) return
    stopped = true
    dependencies.onStopped(reason)
  }

  /**
   * True when the events are in the stream; false when another worker wrote first and the output
   * was read anew.
   */
  const appendOutput = async (events: ReadonlyArray<NewEvent>): Promise<Position | null> => {
    const expected = output.revision === -1 ? 'no-stream' : output.revision
    const appended = await appendSurely(log, stream, expected, events)
    if (E.isRight(appended)) {
      output.revision = appended.right.revision
      return appended.right.position
    }
    if (appended.left.type !== 'RevisionConflict') {
      stopWorking(`stream ${stream} can't be written: ${appended.left.type}`)
      return null
    }
    const again = await recoverOutput(log, stream)
    if (E.isRight(again)) output = again.right
    else stopWorking(`stream ${stream} can't be read: ${again.left.type}`)
    return null
  }

  const issue = async (batch: ReadonlyArray<StoredEvent>): Promise<void> => {
    const end = batch.at(-1)?.position ?? seen
    while (!stopped) {
      const assumed = assumedIn(dependencies, batch, output.consumed)
      if (assumed.length === 0) break
      const shown = await waitFor(end)
      if (E.isLeft(shown)) {
        if (shown.left.type === 'EngineStopped') return stopWorking(shown.left.detail)
        continue
      }
      const alive = assumed.filter((session) => {
        const exists = roleExists(session.accountId, session.roleId)
        if (!exists) onDropped(session)
        return exists
      })
      if (alive.length === 0) break
      const issued = alive.map((session) => issuedEvent(dependencies, workerId, session, end))
      const position = await appendOutput(issued.map(({ stored }) => stored))
      if (position === null) continue
      output.consumed = end
      issued.forEach(({ event }, index) => {
        output.open.add(event)
        const session = alive[index]
        if (session !== undefined) onMinted({ event, assumed: session, position })
      })
      break
    }
    seen = Math.max(seen, end)
    seenAt = batch.at(-1)?.recordedAt ?? seenAt
  }

  const expire = async (): Promise<void> => {
    const head = await log.head()()
    if (E.isLeft(head) || stopped) return
    const now = clock.now()
    // Behind the log, a session may still come that was assumed after what was seen: none of
    // those is over before this.
    const horizon = seen >= head.right ? now : Math.min(now, seenAt + SESSION_MS_MIN)
    const due = output.open.takeDue(horizon, EXPIRED_PER_APPEND_MAX)
    if (due.length === 0) return
    const events = due.map(({ sessionId, accountId, expiresAt }) => {
      const event = {
        type: 'CredentialExpired',
        sessionId,
        accountId,
        expiresAt,
        expiredAt: now,
        consumedPosition: output.consumed,
      } as CredentialExpired
      const circumstances = circumstancesOf(shard, event.accountId, sessionId)
      return encodeEvent(ids.eventId(`${workerId}/${sessionId}`, 2), event, circumstances)
    })
    const position = await appendOutput(events)
    if (position !== null && due.length === EXPIRED_PER_APPEND_MAX) await expire()
  }

  const subscription = log.subscribe(output.consumed, {
    onEvents: (batch) => inTurn(() => issue(batch)),
    onFailure: (error) => stopWorking(`the log can't be followed: ${error.type}`),
  })
  const timer = setInterval(() => void inTurn(expire), EXPIRE_EVERY_MS)
  timer.unref()

  return E.right({
    openCount: () => output.open.size(),
    stop: async () => {
      clearInterval(timer)
      await subscription.stop()
      await last
      stopped = true
    },
  })
}
