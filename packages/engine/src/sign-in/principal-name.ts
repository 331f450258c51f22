/** The names by which people sign in: `alice@acme.onaliyun.com`. */
import { type AccountId, UserName } from '@grantlog/domain'
import { accountCalled, type DirectoryState, findUser, type UserRow } from '@grantlog/views'

const DOMAIN = '.onaliyun.com'

/** Source: RAM, user principal names. Unit: characters. */
const PRINCIPAL_NAME_CHARACTERS_MAX = 128

export type NamedUser = { readonly accountId: AccountId; readonly user: UserRow }

/** Domains are compared without case, as names of hosts are; users as everywhere. */
export const userOfPrincipalName = (
  directory: DirectoryState,
  principalName: string,
): NamedUser | undefined => {
  if (principalName.length > PRINCIPAL_NAME_CHARACTERS_MAX) return undefined
  const at = principalName.lastIndexOf('@')
  const userName = principalName.slice(0, at)
  const domain = principalName.slice(at + 1).toLowerCase()
  if (at < 1 || !UserName.is(userName)) return undefined
  const name = domain.endsWith(DOMAIN) ? domain.slice(0, -DOMAIN.length) : domain
  const accountId = accountCalled(directory, name)
  const user = accountId === undefined ? undefined : findUser(directory, accountId, userName)
  return accountId === undefined || user === undefined ? undefined : { accountId, user }
}
