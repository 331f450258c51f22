/** The names by which people sign in: `alice@acme.onaliyun.com`. */
import { type AccountId, UserName } from '@grantlog/domain'
import { findUser } from './questions.js'
import type { UserRow } from './rows.js'
import { accountAliasOf, accountCalled } from './sign-in-questions.js'
import type { DirectoryState } from './state.js'

const DOMAIN = '.onaliyun.com'

/** Source: RAM, user principal names. Unit: characters. */
export const PRINCIPAL_NAME_CHARACTERS_MAX = 128

export type NamedUser = { readonly accountId: AccountId; readonly user: UserRow }

/** What stands on either side of the last '@'; undefined where a side is empty. */
export const principalNameParts = (
  principalName: string,
): { readonly name: string; readonly domain: string } | undefined => {
  const at = principalName.lastIndexOf('@')
  const domain = principalName.slice(at + 1)
  return at < 1 || domain === '' ? undefined : { name: principalName.slice(0, at), domain }
}

/** The domain of an account, by its alias or, without one, by its uid. */
export const defaultDomainOf = (directory: DirectoryState, accountId: string): string =>
  `${accountAliasOf(directory, accountId) ?? accountId}${DOMAIN}`

/** What stands before the domain that all accounts share. */
export const accountNameIn = (domain: string): string => {
  const text = domain.toLowerCase()
  return text.endsWith(DOMAIN) ? text.slice(0, -DOMAIN.length) : text
}

/** Whose domain it is, by alias or by uid. Domains are compared without case, as hosts are. */
export const accountOfDomain = (directory: DirectoryState, domain: string): AccountId | undefined =>
  accountCalled(directory, accountNameIn(domain))

/** Whose domain a name ends in, whether a user has the name or not. */
export const accountOfPrincipalName = (
  directory: DirectoryState,
  principalName: string,
): AccountId | undefined => {
  if (principalName.length > PRINCIPAL_NAME_CHARACTERS_MAX) return undefined
  const parts = principalNameParts(principalName)
  return parts && accountOfDomain(directory, parts.domain)
}

export const userOfPrincipalName = (
  directory: DirectoryState,
  principalName: string,
): NamedUser | undefined => {
  const accountId = accountOfPrincipalName(directory, principalName)
  const { name } = principalNameParts(principalName) ?? {}
  if (accountId === undefined || !UserName.is(name)) return undefined
  const user = findUser(directory, accountId, name)
  return user && { accountId, user }
}
