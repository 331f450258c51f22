/** Who signs in, as far as the password has proved it, and what for that is asked now. */
import type { AccountId } from '@grantlog/domain'
import {
  type DirectoryState,
  type LoginProfileRow,
  loginProfileOf,
  passwordPolicyOf,
  type UserRow,
} from '@grantlog/views'
import type { Attempted } from './attempts.js'
import type { SignInScene } from './calls.js'

export type Known = {
  readonly accountId: AccountId
  readonly user: UserRow
  readonly profile: LoginProfileRow
  readonly attempted: Attempted
  readonly scene: SignInScene
}

/** Undefined for a user that can't sign in. */
export const knownOf = (
  directory: DirectoryState,
  accountId: AccountId,
  user: UserRow,
  scene: SignInScene,
): Known | undefined => {
  const { userId } = user
  const profile = loginProfileOf(directory, accountId, userId)
  if (profile === undefined) return undefined
  const policy = passwordPolicyOf(directory, accountId)
  const attempted = { accountId, userId, policy, passwordSetAt: profile.passwordSetAt }
  return { accountId, user, profile, attempted, scene }
}
