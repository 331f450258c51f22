/** What can be asked of the directory about signing in: settings, aliases, profiles, sign-ins. */
import {
  AccountAlias,
  type AccountId,
  PASSWORD_POLICY_DEFAULT,
  type PasswordPolicy,
  SECURITY_PREFERENCE_DEFAULT,
  type SecurityPreference,
} from '@grantlog/domain'
import { entityKey } from '../keys.js'
import type { LoginProfileRow, SignInRow } from './rows.js'
import type { DirectoryState } from './state.js'

export const passwordPolicyOf = (state: DirectoryState, accountId: string): PasswordPolicy =>
  state.tables.accounts.get(accountId)?.passwordPolicy ?? PASSWORD_POLICY_DEFAULT

export const securityPreferenceOf = (
  state: DirectoryState,
  accountId: string,
): SecurityPreference =>
  state.tables.accounts.get(accountId)?.securityPreference ?? SECURITY_PREFERENCE_DEFAULT

/**
 * The position from which on the devices of an account's users may be remembered, which tells one
 * such stretch from every other; undefined while they may not.
 */
export const mfaTicketsSince = (state: DirectoryState, accountId: string): number | undefined =>
  state.tables.accounts.get(accountId)?.mfaTicketsSince

export const accountAliasOf = (
  state: DirectoryState,
  accountId: string,
): AccountAlias | undefined => state.tables.accounts.get(accountId)?.alias

export const accountWithAlias = (
  state: DirectoryState,
  alias: AccountAlias,
): AccountId | undefined => state.aliases.get(alias)

/** The account behind the first part of a sign-in domain: its alias, or its uid. */
export const accountCalled = (state: DirectoryState, name: string): AccountId | undefined =>
  AccountAlias.is(name) ? accountWithAlias(state, name) : state.tables.accounts.get(name)?.accountId

/** Undefined for a user that can't sign in. */
export const loginProfileOf = (
  state: DirectoryState,
  accountId: string,
  userId: string,
): LoginProfileRow | undefined => state.tables.loginProfiles.get(entityKey(accountId, userId))

/** What a user began by signing in, unless it was ended or, at this moment, is over. */
export const findSignIn = (
  state: DirectoryState,
  accountId: string,
  userId: string,
  signInId: string,
  now: number,
): SignInRow | undefined =>
  loginProfileOf(state, accountId, userId)?.signIns.find(
    (each) => each.signInId === signInId && now < each.expiresAt,
  )
