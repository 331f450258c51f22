/**
 * From what a question says about its window to the bounds that records are compared with.
 *
 * A position stands for the moment at which the event there was recorded: most events of a log are
 * none of the account, so what a call was judged at says too little about when it was made.
 */
import type { AccountId } from '@grantlog/domain'
import { lastChangeAt, recordedSince, timeAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError, Moment, MomentNotReached, Views, WindowEmpty } from '../engine.js'
import { eventFrom, isBefore, type Present } from '../moment.js'
import type { EventLog } from '../ports.js'
import type { GivenWindow } from './questions.js'
import type { AccessWindow } from './read-access.js'

type Needs = {
  readonly log: Pick<EventLog, 'readAll'>
  readonly views: Pick<Views, 'history' | 'recording'>
}

type Times = Pick<AccessWindow, 'from' | 'to'>

const notReached = (end: Moment, { applied, now }: Present): MomentNotReached | undefined => {
  if (end.type === 'AtPosition' && end.position > applied)
    return { type: 'MomentNotReached', applied }
  if (end.type === 'AtTime' && end.time > now) return { type: 'TimeNotReached', now }
  return undefined
}

/**
 * When the window begins and ends, in a life of the account that began at `opened`. Where no event
 * stands at a position, the window reaches as far as the events around it, so that no call is left
 * out. A log whose clock is ahead of this node's leads to no time that is still to come.
 */
const timesOf = async (
  { log, views }: Needs,
  { from, to }: GivenWindow,
  { now }: Present,
  opened: number,
): Promise<E.Either<EngineError, Times>> => {
  const started = async (): Promise<E.Either<EngineError, number>> => {
    if (from.type === 'Now') return E.right(opened)
    if (from.type === 'AtTime') return E.right(from.time)
    const event = await eventFrom(log, from.position)
    if (E.isLeft(event)) return event
    const isThere = event.right?.position === from.position
    return E.right(isThere ? event.right.recordedAt : timeAt(views.history, from.position))
  }
  const ended = async (): Promise<E.Either<EngineError, number>> => {
    if (to.type === 'Now') return E.right(now)
    if (to.type === 'AtTime') return E.right(to.time)
    const event = await eventFrom(log, to.position)
    return E.isLeft(event) ? event : E.right(event.right?.recordedAt ?? now)
  }
  const [start, end] = await Promise.all([started(), ended()])
  if (E.isLeft(start)) return start
  if (E.isLeft(end)) return end
  return E.right({
    from: Math.max(Math.min(start.right, now), opened),
    to: Math.min(end.right, now),
  })
}

/**
 * The bounds; none lies beyond what this node has applied. A window that ends before the account
 * was opened is none: what is said of an empty one would be said of nothing.
 */
export const windowOf = async (
  needs: Needs,
  accountId: AccountId,
  given: GivenWindow,
  present: Present,
): Promise<E.Either<MomentNotReached | WindowEmpty | EngineError, AccessWindow>> => {
  const { from, to } = given
  const { history, recording } = needs.views
  const fault = notReached(from, present) ?? notReached(to, present)
  if (fault !== undefined) return E.left(fault)
  const opened = recordedSince(recording, accountId) ?? present.now
  const times = await timesOf(needs, given, present, opened)
  if (E.isLeft(times)) return times
  const isBeforeOpening =
    to.type === 'AtPosition' && lastChangeAt(history, accountId, to.position) === 0
  if (times.right.to < times.right.from || isBeforeOpening || isBefore(history, to, from))
    return E.left({ type: 'WindowEmpty', from: times.right.from })
  return E.right({
    ...times.right,
    fromPosition: from.type === 'AtPosition' ? lastChangeAt(history, accountId, from.position) : 0,
    toPosition: to.type === 'AtPosition' ? to.position : present.applied,
  })
}
