/** From what a question says about its window to the bounds that records are compared with. */
import type { AccountId } from '@grantlog/domain'
import { lastChangeAt, recordedSince } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { MomentNotReached, Views, WindowEmpty } from '../engine.js'
import { isBefore, type Present } from '../moment.js'
import type { GivenWindow } from './questions.js'
import type { AccessWindow } from './read-access.js'

/**
 * The bounds; none lies beyond what this node has applied. A window that ends before the account
 * was opened is none: what is said of an empty one would be said of nothing.
 */
export const windowOf = (
  views: Pick<Views, 'history' | 'recording'>,
  accountId: AccountId,
  { from, to }: GivenWindow,
  { applied, now }: Present,
): E.Either<MomentNotReached | WindowEmpty, AccessWindow> => {
  for (const end of [from, to]) {
    if (end.type === 'AtPosition' && end.position > applied)
      return E.left({ type: 'MomentNotReached', applied })
    if (end.type === 'AtTime' && end.time > now) return E.left({ type: 'TimeNotReached', now })
  }
  const opened = recordedSince(views.recording, accountId) ?? now
  const started = ((): number => {
    if (from.type === 'AtTime') return Math.max(from.time, opened)
    if (from.type === 'Now') return opened
    const change = lastChangeAt(views.history, accountId, from.position)
    return views.history.marks.at(change)?.recordedAt ?? opened
  })()
  const ended = to.type === 'AtTime' ? to.time : now
  const isBeforeOpening =
    to.type === 'AtPosition' && lastChangeAt(views.history, accountId, to.position) === 0
  if (ended < started || isBeforeOpening || isBefore(views.history, to, from))
    return E.left({ type: 'WindowEmpty', from: started })
  return E.right({
    from: started,
    to: ended,
    fromPosition: from.type === 'AtPosition' ? from.position : 0,
    toPosition: to.type === 'AtPosition' ? to.position : applied,
  })
}
