/** From the moments that a question names to positions of the log, and which of two is earlier. */
import type { AccountId } from '@grantlog/domain'
import { type HistoryState, positionAt, timeAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Moment, MomentNotReached, Present, Views } from './engine.js'
import type { EventLog, LogError, Position, StoredEvent } from './ports.js'

export type { Present } from './engine-error.js'

/** The position that a moment names for an account; none lies beyond the present. */
export const positionOf = (
  { history }: Pick<Views, 'history'>,
  accountId: AccountId,
  moment: Moment,
  { applied, now }: Present,
): E.Either<MomentNotReached, Position> => {
  switch (moment.type) {
    case 'Now':
      return E.right(applied)
    case 'AtPosition':
      return moment.position <= applied
        ? E.right(moment.position)
        : E.left({ type: 'MomentNotReached', applied })
    case 'AtTime':
      return moment.time <= now
        ? E.right(Math.min(positionAt(history, accountId, moment.time), applied))
        : E.left({ type: 'TimeNotReached', now })
  }
}

/**
 * Whether one moment lies before another. A time and a position are compared by the changes of
 * accounts between them, of whatever account: where there is none, neither is before the other.
 */
export const isBefore = (history: HistoryState, one: Moment, other: Moment): boolean => {
  if (one.type === 'Now' || other.type === 'Now') return false
  if (one.type === 'AtTime')
    return other.type === 'AtTime'
      ? one.time < other.time
      : one.time < timeAt(history, other.position)
  return other.type === 'AtPosition'
    ? one.position < other.position
    : one.position < positionAt(history, undefined, other.time)
}

/**
 * The event at a position or, where none stands there, the first one after it; undefined where
 * nothing came since. History knows the events of accounts alone, the log all of them.
 */
export const eventFrom = async (
  log: Pick<EventLog, 'readAll'>,
  position: Position,
): Promise<E.Either<LogError, StoredEvent | undefined>> => {
  const read = await log.readAll({ after: Math.max(position - 1, 0), limit: 1 })()
  return E.isLeft(read) ? read : E.right(read.right[0])
}
