/**
 * The STS worker of one shard: consumes the log, mints a credential for each RoleAssumed, and
 * closes each session once its time is over.
 *
 * Its output stream is its checkpoint (each event names the last position consumed) and its fence
 * (each append names the revision it follows). Whatever crashes and however many workers run, a
 * session is issued once and ended once, and a call that was recorded twice gets one credential. A
 * worker that another one was faster than stands back, so that one works and the others are ready.
 */
import { type AccountId, TYPES_NOT_FOR_VIEWS } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine.js'
import { type Observer, UNOBSERVED } from '../observer.js'
import type { Appended, Clock, EventLog, Ids, NewEvent, Position } from '../ports.js'
import type { RecentIds } from '../recent-ids.js'
import { appendSurely } from '../retry.js'
import { expiredEvent, issuedEvent } from './mint.js'
import {
  consumeUpTo,
  readOutput,
  recoverShard,
  type Shard,
  takeBatch,
  type WaitingSession,
} from './shard.js'

/**
 * How often the worker looks for sessions that are over, and for those that wait still. Unit:
 * milliseconds. Lateness never extends access.
 */
const LOOK_EVERY_MS = 200

const SESSION_MS_MIN = 900_000

/** How many sessions one append may issue or close. */
const SESSIONS_PER_APPEND_MAX = 500

/**
 * How long the output of another worker is trusted to go on. Unit: milliseconds. A call waits for
 * its credential longer than this.
 */
const STAND_BACK_MS = 400

/** How long somebody is kept waiting for a session. Unit: milliseconds. */
const CONSUME_MS_MAX = 2_000

export type StsWorker = {
  readonly openCount: () => number
  readonly waitingCount: () => number
  /**
   * Waits until everything up to a position has been issued or passed over; answers how far the log
   * must be read to see it, or null when it takes longer than CONSUME_MS_MAX.
   */
  readonly whenConsumed: (position: Position) => Promise<Position | null>
  readonly stop: () => Promise<void>
}

type Dependencies = {
  readonly log: EventLog
  readonly clock: Clock
  readonly ids: Pick<Ids, 'eventId' | 'uuid'>
  readonly shard: number
  readonly ownsAccount: (accountId: AccountId) => boolean
  /** Whether the role still exists; asked once the views show the position. */
  readonly roleExists: (accountId: AccountId, roleId: string) => boolean
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
  readonly onStopped: (reason: string) => void
  readonly observer?: Observer
}

/** Of sessions that one call led to, the first one, and only while the call has none yet. */
const firstOfTheirCall = (
  sessions: ReadonlyArray<WaitingSession>,
  issued: RecentIds,
): ReadonlyArray<WaitingSession> => {
  const calls = new Set<string>()
  return sessions.filter(({ commandId }) => {
    if (issued.has(commandId) || calls.has(commandId)) return false
    calls.add(commandId)
    return true
  })
}

type Asker = { readonly position: Position; readonly answer: (written: Position) => void }

/** The sessions that the next append issues, and the position that it consumes. */
const nextToIssue = (shard: Shard) => {
  const first = [...shard.waiting.values()].slice(0, SESSIONS_PER_APPEND_MAX)
  const isAll = first.length === shard.waiting.size
  return { sessions: first, end: isAll ? shard.seen : (first.at(-1)?.position ?? shard.seen) }
}

export const startStsWorker = async (
  dependencies: Dependencies,
): Promise<E.Either<EngineError, StsWorker>> => {
  const { log, clock, ids, ownsAccount, roleExists, waitFor } = dependencies
  const { observer = UNOBSERVED } = dependencies
  const minting = { ids, shard: dependencies.shard, observer }
  const workerId = ids.uuid()
  const recovered = await recoverShard(log, dependencies.shard)
  if (E.isLeft(recovered)) return recovered
  const shard = recovered.right
  let standsBackUntil = 0
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
  const standBack = (): void => {
    standsBackUntil = performance.now() + STAND_BACK_MS
  }
  const isReady = (): boolean => !stopped && performance.now() >= standsBackUntil

  /**
   * Answers once the events are in the stream. Else null, and what is there is read: another worker
   * may have been first, or an append of this one may have been stored without its answer.
   */
  const appendOutput = async (events: ReadonlyArray<NewEvent>): Promise<Appended | null> => {
    const expected = shard.revision === -1 ? 'no-stream' : shard.revision
    const appended = await appendSurely(log, shard.stream, expected, events)
    if (E.isRight(appended)) {
      shard.revision = appended.right.revision
      shard.written = appended.right.position
      return appended.right
    }
    const { type } = appended.left
    if (type === 'LogFailed' || type === 'EventTooLarge')
      stopWorking(`stream ${shard.stream} can't be written: ${type}`)
    else {
      standBack()
      await readOutput(log, shard)
    }
    return null
  }

  const issue = async (): Promise<void> => {
    while (isReady() && shard.waiting.size > 0) {
      const { sessions, end } = nextToIssue(shard)
      const shown = await waitFor(end)
      if (E.isLeft(shown)) {
        if (shown.left.type === 'EngineStopped') return stopWorking(shown.left.detail)
        continue
      }
      const alive = firstOfTheirCall(sessions, shard.issued).filter(({ assumed }) =>
        roleExists(assumed.accountId, assumed.roleId),
      )
      const minted = alive.map((session) => issuedEvent(minting, workerId, session, end))
      if (minted.length > 0) {
        const appended = await appendOutput(minted.map(({ stored }) => stored))
        if (appended === null) {
          for (const { span } of minted) span.fail()
          continue
        }
        for (const { event, commandId, assumedAt, span } of minted) {
          shard.open.add(event)
          shard.issued.note(commandId, shard.seenAt)
          observer.meter.issued(appended.recordedAt - assumedAt)
          span.end({ position: appended.position })
        }
      }
      consumeUpTo(shard, end)
    }
  }

  const expire = async (): Promise<void> => {
    // The log is asked only when something may be over.
    if (!isReady() || shard.open.nextExpiry() > clock.now()) return
    const head = await log.head()()
    if (E.isLeft(head) || !isReady() || shard.waiting.size > 0) return
    const now = clock.now()
    // Behind the log, a session may still come that was assumed after what was seen: none of
    // those is over before this.
    const horizon = shard.seen >= head.right ? now : Math.min(now, shard.seenAt + SESSION_MS_MIN)
    const due = shard.open.takeDue(horizon, SESSIONS_PER_APPEND_MAX)
    if (due.length === 0) return
    const events = due.map((session) =>
      expiredEvent(minting, workerId, session, now, shard.consumed),
    )
    for (const session of due) shard.open.add(session)
    if ((await appendOutput(events)) === null) return
    for (const { sessionId } of due) shard.open.close(sessionId)
    observer.meter.expired(due.length)
    if (due.length === SESSIONS_PER_APPEND_MAX) await expire()
  }

  let askers: Asker[] = []
  const answerAskers = (): void => {
    if (askers.length === 0) return
    const done = askers.filter(({ position }) => position <= shard.consumed)
    askers = askers.filter(({ position }) => position > shard.consumed)
    for (const { answer } of done) answer(shard.written)
  }
  const whenConsumed = (position: Position): Promise<Position | null> =>
    new Promise((resolve) => {
      const answer = (written: Position | null): void => {
        clearTimeout(deadline)
        askers = askers.filter((other) => other !== asker)
        resolve(written)
      }
      const deadline = setTimeout(() => answer(null), CONSUME_MS_MAX)
      const asker = { position, answer }
      askers.push(asker)
      answerAskers()
    })

  const subscription = log.subscribe(shard.consumed, {
    unread: TYPES_NOT_FOR_VIEWS,
    onEvents: (batch) =>
      inTurn(async () => {
        if (takeBatch(shard, batch, ownsAccount)) standBack()
        await issue()
        answerAskers()
      }),
    onFailure: (error) => stopWorking(`the log can't be followed: ${error.type}`),
  })
  const look = async (): Promise<void> => {
    await issue()
    await expire()
  }
  const timer = setInterval(() => void inTurn(look), LOOK_EVERY_MS)
  timer.unref()

  return E.right({
    openCount: () => shard.open.size(),
    waitingCount: () => shard.waiting.size,
    whenConsumed,
    stop: async () => {
      clearInterval(timer)
      await subscription.stop()
      await last
      stopped = true
    },
  })
}
