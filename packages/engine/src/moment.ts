/** From the moment that a question names to a position of the log. */
import type { AccountId } from '@grantlog/domain'
import { positionAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Moment, MomentNotReached, Present, Views } from './engine.js'
import type { Position } from './ports.js'

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
