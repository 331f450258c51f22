/**
 * Whom a name means: who bears it at a moment or, where nobody does now, who bore it in the past.
 */
import type { Engine, Moment } from '@grantlog/engine'
import {
  groupByNameAt,
  type HistoryPrincipal,
  nameBearers,
  positionAt,
  roleByNameAt,
  userByNameAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { NamedPrincipal } from './principal.js'
import type { ReadFault } from './problem.js'

/** A principal whose past is kept by name: the account itself and sessions have none. */
export type NamedInHistory = Extract<NamedPrincipal, { readonly type: 'User' | 'Role' | 'Group' }>

/** The one who is meant, or why that can't be said. The past is searched for `Now` alone. */
export const bearerOf = (
  { views, status, clock }: Engine,
  principal: NamedInHistory,
  moment: Moment,
): E.Either<ReadFault, HistoryPrincipal> => {
  const { history } = views
  const { applied } = status()
  if (moment.type === 'AtPosition' && moment.position > applied)
    return E.left({ type: 'MomentNotReached', applied })
  if (moment.type === 'AtTime' && moment.time > clock.now())
    return E.left({ type: 'MomentNotReached', applied })
  const position = positionOf(views, principal.accountId, moment, applied)
  const bearer = bearerAt(history, principal, position)
  if (bearer !== undefined) return E.right(bearer)
  if (moment.type !== 'Now') return E.left({ type: 'PrincipalNotFound' })

  const [only, ...others] = nameBearers(history, { ...principal, name: nameOf(principal) })
  if (only === undefined) return E.left({ type: 'PrincipalNotFound' })
  return others.length === 0
    ? E.right(only)
    : E.left({ type: 'PrincipalAmbiguous', bearers: others.length + 1 })
}

const positionOf = (
  { history }: Engine['views'],
  accountId: string,
  moment: Moment,
  applied: number,
): number => {
  switch (moment.type) {
    case 'Now':
      return applied
    case 'AtPosition':
      return moment.position
    case 'AtTime':
      return positionAt(history, accountId, moment.time)
  }
}

const nameOf = (principal: NamedInHistory): string => {
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
