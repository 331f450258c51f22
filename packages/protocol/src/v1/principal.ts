/**
 * The principal that a question is about, named by its ARN.
 */
import type { AccountId } from '@grantlog/domain'
import {
  AccountId as AccountIdCodec,
  GroupName,
  RoleName,
  RoleSessionName,
  UserName,
} from '@grantlog/domain'
import { parseArn } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'

export type NamedPrincipal = { readonly accountId: AccountId } & (
  | { readonly type: 'Root' }
  | { readonly type: 'User'; readonly userName: string }
  | { readonly type: 'Role'; readonly roleName: string }
  | { readonly type: 'Session'; readonly roleName: string; readonly sessionName: string }
  | { readonly type: 'Group'; readonly groupName: string }
)

/** The longest ARN of a principal: a session's, with two names of 64. Unit: characters. */
export const PRINCIPAL_CHARACTERS_MAX = 256

/**
 * `acs:ram::<uid>:root`, or `user/<name>`, `role/<name>`, `group/<name>` or
 * `assumed-role/<role>/<session>` there. Null for anything else. A session may also be written
 * `role/<role>/<session>`, as AssumeRole answers it.
 */
export const parsePrincipal = (arn: string): NamedPrincipal | null => {
  if (arn.length > PRINCIPAL_CHARACTERS_MAX) return null
  const parsed = parseArn(arn)
  if (E.isLeft(parsed)) return null
  const { service, region, account: accountId, relativeId } = parsed.right
  if (service !== 'ram' || region !== '' || !AccountIdCodec.is(accountId)) return null
  if (relativeId === 'root') return { type: 'Root', accountId }
  const [kind, name, sessionName, ...rest] = relativeId.split('/')
  if (rest.length > 0) return null
  if (sessionName !== undefined)
    return (kind === 'assumed-role' || kind === 'role') &&
      RoleName.is(name) &&
      RoleSessionName.is(sessionName)
      ? { type: 'Session', accountId, roleName: name, sessionName }
      : null
  if (kind === 'user' && UserName.is(name)) return { type: 'User', accountId, userName: name }
  if (kind === 'role' && RoleName.is(name)) return { type: 'Role', accountId, roleName: name }
  if (kind === 'group' && GroupName.is(name)) return { type: 'Group', accountId, groupName: name }
  return null
}

/** The principal as a resource of grantlog's own actions. A session counts as its role. */
export const principalResource = (principal: NamedPrincipal): string => {
  const prefix = `acs:grantlog:*:${principal.accountId}:principal`
  switch (principal.type) {
    case 'Root':
      return `${prefix}/root`
    case 'User':
      return `${prefix}/user/${principal.userName}`
    case 'Role':
    case 'Session':
      return `${prefix}/role/${principal.roleName}`
    case 'Group':
      return `${prefix}/group/${principal.groupName}`
  }
}
