/** How events of login profiles open and close intervals: one for each way of signing in. */
import type {
  LoginProfileCreated,
  LoginProfileDeleted,
  LoginProfileUpdated,
  PasswordChanged,
  Recorded,
} from '@grantlog/domain'
import { entityKey } from '../keys.js'
import type { HistoryState } from './state.js'

export const applyToLoginProfile = (
  state: HistoryState,
  event: LoginProfileCreated | LoginProfileUpdated | PasswordChanged | LoginProfileDeleted,
  { accountId, position }: Recorded,
): HistoryState => {
  const subject = entityKey(accountId, event.userId)
  const profiles = state.loginProfiles
  const now = profiles.current(subject)?.value
  switch (event.type) {
    case 'LoginProfileCreated': {
      const { passwordResetRequired, mfaBindRequired } = event
      const isThere = state.users.current(subject) !== undefined
      const value = { password: 1, passwordResetRequired, mfaBindRequired }
      if (isThere) profiles.open(subject, value, position)
      return state
    }
    case 'LoginProfileUpdated': {
      const { type: _, userId: __, ...changes } = event
      if (now !== undefined) profiles.open(subject, { ...now, ...changes }, position)
      return state
    }
    case 'PasswordChanged':
      if (now !== undefined)
        profiles.open(subject, { ...now, password: now.password + 1 }, position)
      return state
    case 'LoginProfileDeleted':
      profiles.close(subject, position)
      return state
  }
}
