/** What the account remembers of how its users sign in: references to passwords, newest first. */
import type { UserId } from '../../names.js'
import type { LoginProfileRecord, OpenAccountState } from '../state.js'
import type {
  LoginProfileCreated,
  LoginProfileDeleted,
  LoginProfileUpdated,
  PasswordChanged,
} from './events.js'

export const foldLoginProfile = (
  account: OpenAccountState,
  event: LoginProfileCreated | LoginProfileUpdated | PasswordChanged | LoginProfileDeleted,
): OpenAccountState => {
  switch (event.type) {
    case 'LoginProfileCreated': {
      const { passwordRef, passwordResetRequired, mfaBindRequired } = event
      const rest = { passwordResetRequired, mfaBindRequired }
      return withProfile(account, event.userId, () => ({ passwordRef, earlierRefs: [], ...rest }))
    }
    case 'LoginProfileUpdated': {
      const { type: _, userId, ...changes } = event
      return withProfile(account, userId, (profile) => profile && { ...profile, ...changes })
    }
    case 'PasswordChanged':
      return withProfile(account, event.userId, (profile) => profile && changed(profile, event))
    case 'LoginProfileDeleted':
      return withProfile(account, event.userId, () => undefined)
  }
}

const changed = (
  { passwordRef: before, earlierRefs, ...rest }: LoginProfileRecord,
  { passwordRef, forgottenRefs }: PasswordChanged,
): LoginProfileRecord => ({
  ...rest,
  passwordRef,
  earlierRefs: [before, ...earlierRefs].filter((ref) => !forgottenRefs.includes(ref)),
})

const withProfile = (
  account: OpenAccountState,
  userId: UserId,
  change: (profile: LoginProfileRecord | undefined) => LoginProfileRecord | undefined,
): OpenAccountState => {
  const user = account.users.get(userId)
  if (user === undefined) return account
  const { loginProfile: before, ...others } = user
  const loginProfile = change(before)
  const next = loginProfile === undefined ? others : { ...others, loginProfile }
  return { ...account, users: account.users.set(userId, next) }
}
