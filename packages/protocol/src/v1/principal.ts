/**
 * The principal that a question is about, named by its ARN.
 */
import type { AccountId } from '@grantlog/domain'
import { AccountId as AccountIdCodec, GroupName, RoleName, UserName } from '@grantlog/domain'
import { parseArn } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'

export type NamedPrincipal = { readonly accountId: AccountId } & (
  | { readonly type: 'Root' }
  | { readonly type: 'User'; readonly userName: string }
  | { readonly type: 'Role'; readonly roleName: string }
  | { readonly type: 'Group'; readonly groupName: string }
)

const ARN_CHARACTERS_MAX = 256

/**
 * `acs:ram::<uid>:root`, or `user/<name>`, `role/<name>`, `group/<name>` there. Null for anything
 * else.
 */
export const parsePrincipal = (arn: string): NamedPrincipal | null => {
  if (arn.length > ARN_CHARACTERS_MAX) return null
  const parsed = parseArn(arn)
  if (E.isLeft(parsed)) return null
  const { service, region, account, relativeId } = parsed.right
  if (service !== 'ram' || region !== '' || !AccountIdCodec.is(account)) return null
  if (relativeId === 'root') return { type: 'Root', accountId: account }
  const [kind, name, ...rest] = relativeId.split('/')
  if (rest.length > 0) return null
  if (kind === 'user' && UserName.is(name))
    return { type: 'User', accountId: account, userName: name }
  if (kind === 'role' && RoleName.is(name))
    return { type: 'Role', accountId: account, roleName: name }
  if (kind === 'group' && GroupName.is(name))
    return { type: 'Group', accountId: account, groupName: name }
  return null
}

/** The principal as a resource of grantlog's own actions. */
export const principalResource = (principal: NamedPrincipal): string => {
  const prefix = `acs:grantlog:*:${principal.accountId}:principal`
  switch (principal.type) {
    case 'Root':
      return `${prefix}/root`
    case 'User':
      return `${prefix}/user/${principal.userName}`
    case 'Role':
      return `${prefix}/role/${principal.roleName}`
    case 'Group':
      return `${prefix}/group/${principal.groupName}`
  }
}
