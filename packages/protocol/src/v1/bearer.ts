/**
 * Whom a name means: who bears it at a moment or, where nobody does now, who bore it in the past.
 */
import { type Engine, type Moment, type Present, positionOf } from '@grantlog/engine'
import {
  bearingsOf,
  groupByNameAt,
  type HistoryPrincipal,
  nameBearers,
  roleByNameAt,
  userByNameAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { nameAmbiguous } from './name-ambiguous.js'
import type { NamedPrincipal } from './principal.js'
import type { ReadFault } from './problem.js'

/** A principal whose past is kept by name: the account itself and sessions have none. */
export type NamedInHistory = Extract<NamedPrincipal, { readonly type: 'User' | 'Role' | 'Group' }>

/**
 * The one who is meant, or why that can't be said. The past is searched for `Now` alone, which is
 * `present` where an answer has pages.
 */
export const bearerOf = (
  { views, status, clock }: Engine,
  principal: NamedInHistory,
  moment: Moment,
  present: Present = { applied: status().applied, now: clock.now() },
): E.Either<ReadFault, HistoryPrincipal> => {
  const { history } = views
  const position = positionOf(views, principal.accountId, moment, present)
  if (E.isLeft(position)) return position
  const bearer = bearerAt(history, principal, position.right)
  if (bearer !== undefined) return E.right(bearer)
  if (moment.type !== 'Now') return E.left({ type: 'PrincipalNotFound' })

  const named = { ...principal, name: nameOf(principal) }
  const [only, ...others] = nameBearers(history, named)
  if (only === undefined) return E.left({ type: 'PrincipalNotFound' })
  return others.length === 0
    ? E.right(only)
    : E.left(nameAmbiguous('Principal', bearingsOf(history, named)))
}

/** What it is called, whatever it is. */
export const nameOf = (principal: NamedInHistory): string => {
  switch (principal.type) {
    case 'User':
      return principal.userName
    case 'Role':
      return principal.roleName
    case 'Group':
      return principal.groupName
  }
}

const bearerAt = (
  history: Engine['views']['history'],
  principal: NamedInHistory,
  position: number,
): HistoryPrincipal | undefined => {
  const { type, accountId } = principal
  switch (type) {
    case 'User': {
      const user = userByNameAt(history, accountId, principal.userName, position)
      return user && { type, accountId, id: user.userId }
    }
    case 'Role': {
      const role = roleByNameAt(history, accountId, principal.roleName, position)
      return role && { type, accountId, id: role.roleId }
    }
    case 'Group': {
      const group = groupByNameAt(history, accountId, principal.groupName, position)
      return group && { type, accountId, id: group.groupId }
    }
  }
}
