/**
 * Whom a question is about: found by name, now or at a position of the past.
 *
 * Deny on doubt: whoever is not there, or holds what cannot be read, is not found.
 */
import type { AccountId } from '@grantlog/domain'
import type { PolicyInForce, Principal } from '@grantlog/policy'
import {
  findRole,
  findUser,
  type HolderRef,
  isKnownHolder,
  openedAt,
  policiesInForce,
  policiesInForceAt,
  roleByNameAt,
  userByNameAt,
} from '@grantlog/views'
import type { AccessQuestion, Views } from './engine.js'
import type { Position } from './ports.js'

export type Found = {
  readonly principal: Principal
  readonly id: string
  /** Undefined for a root, which holds no policies. */
  readonly holder: HolderRef | undefined
  /** Everything that it holds. */
  readonly policies: () => ReadonlyArray<PolicyInForce>
}

/** What the holder held; undefined when that is not known. */
type Policies = (holder: HolderRef) => Found['policies'] | undefined

const policiesNow =
  ({ grants }: Views): Policies =>
  (holder) =>
    isKnownHolder(grants, holder)
      ? () => policiesInForce(grants, holder)?.policies ?? []
      : undefined

const policiesThen =
  ({ history }: Views, position: Position): Policies =>
  (holder) => {
    const found = policiesInForceAt(history, holder, position)
    return found && (() => found.policies)
  }

/** Nobody could do anything in an account before it was opened, its root neither. */
const foundRoot = (
  accountId: AccountId,
  opened: Position | undefined,
  position: Position,
): Found | undefined =>
  opened === undefined || position < opened
    ? undefined
    : {
        id: accountId,
        principal: { type: 'Root', accountId },
        holder: undefined,
        policies: () => [],
      }

const foundUser = (
  accountId: AccountId,
  user: { readonly userId: string; readonly userName: string } | undefined,
  policiesOf: Policies,
): Found | undefined => {
  if (user === undefined) return undefined
  const { userId, userName } = user
  const holder: HolderRef = { type: 'User', accountId, id: userId }
  const policies = policiesOf(holder)
  const principal: Principal = { type: 'User', accountId, userId, userName }
  return policies && { id: userId, holder, principal, policies }
}

const foundRole = (
  accountId: AccountId,
  role: { readonly roleId: string; readonly roleName: string } | undefined,
  sessionName: string,
  policiesOf: Policies,
): Found | undefined => {
  if (role === undefined) return undefined
  const { roleId, roleName } = role
  const holder: HolderRef = { type: 'Role', accountId, id: roleId }
  const policies = policiesOf(holder)
  const principal: Principal = { type: 'Session', accountId, roleId, roleName, sessionName }
  return policies && { id: roleId, holder, principal, policies }
}

export const findPrincipal = (
  views: Views,
  { principal, moment }: Pick<AccessQuestion, 'principal' | 'moment'>,
  position: Position,
): Found | undefined => {
  const { directory, history } = views
  const { accountId } = principal
  const now = moment.type === 'Now'
  const policiesOf = now ? policiesNow(views) : policiesThen(views, position)
  switch (principal.type) {
    case 'Root':
      return foundRoot(accountId, openedAt(history, accountId), position)
    case 'User': {
      const { userName } = principal
      const user = now
        ? findUser(directory, accountId, userName)
        : userByNameAt(history, accountId, userName, position)
      return foundUser(accountId, user, policiesOf)
    }
    case 'Role':
    case 'Session': {
      const { roleName } = principal
      const role = now
        ? findRole(directory, accountId, roleName)
        : roleByNameAt(history, accountId, roleName, position)
      const sessionName = principal.type === 'Session' ? principal.sessionName : ''
      return foundRole(accountId, role, sessionName, policiesOf)
    }
  }
}
