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

export const userOfPrincipalName = (
  directory: DirectoryState,
  principalName: string,
): NamedUser | undefined => {
  if (principalName.length > PRINCIPAL_NAME_CHARACTERS_MAX) return undefined
  const parts = principalNameParts(principalName)
  if (parts === undefined || !UserName.is(parts.name)) return undefined
  const accountId = accountOfDomain(directory, parts.domain)
  const user = accountId === undefined ? undefined : findUser(directory, accountId, parts.name)
  return accountId === undefined || user === undefined ? undefined : { accountId, user }
}
