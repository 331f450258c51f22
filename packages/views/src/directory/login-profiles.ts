/**
 * How the directory remembers how users sign in, and where they are signed in.
 *
 * Invariant: another password, or no way to sign in, leaves nothing of what was begun with the last
 * one, in whatever order the streams of account and user were read.
 */
import type {
  LoginProfileCreated,
  LoginProfileDeleted,
  LoginProfileUpdated,
  PasswordChanged,
  Recorded,
  SignedIn,
  SignedOut,
} from '@grantlog/domain'
import { entityKey } from '../keys.js'
import type { LoginProfileRow } from './rows.js'
import type { DirectoryState } from './state.js'

/** At how many places one user may be signed in; the oldest gives way. Unit: places. Ours. */
export const SIGN_INS_PER_USER_MAX = 100

export const applyToLoginProfile = (
  state: DirectoryState,
  event: LoginProfileCreated | LoginProfileUpdated | PasswordChanged | LoginProfileDeleted,
  { accountId, recordedAt }: Recorded,
): DirectoryState => {
  const key = entityKey(accountId, event.userId)
  const { loginProfiles } = state.tables
  const row = loginProfiles.get(key)
  switch (event.type) {
    case 'LoginProfileCreated': {
      const { type: _, ...profile } = event
      const dates = { createdAt: recordedAt, passwordSetAt: recordedAt }
      if (state.users.byId(accountId, event.userId) !== undefined)
        loginProfiles.set(key, { ...profile, earlierRefs: [], ...dates, signIns: [] })
      return state
    }
    case 'LoginProfileUpdated': {
      const { type: _, ...changes } = event
      if (row !== undefined) loginProfiles.set(key, { ...row, ...changes })
      return state
    }
    case 'PasswordChanged':
      if (row !== undefined) loginProfiles.set(key, withPassword(row, event, recordedAt))
      return state
    case 'LoginProfileDeleted':
      loginProfiles.delete(key)
      return state
  }
}

const withPassword = (
  row: LoginProfileRow,
  { passwordRef, forgottenRefs }: PasswordChanged,
  passwordSetAt: number,
): LoginProfileRow => ({
  ...row,
  passwordRef,
  passwordSetAt,
  earlierRefs: [row.passwordRef, ...row.earlierRefs].filter((ref) => !forgottenRefs.includes(ref)),
  signIns: [],
})

export const applyToSignIn = (
  state: DirectoryState,
  event: SignedIn | SignedOut,
  { accountId, recordedAt }: Recorded,
): DirectoryState => {
  const key = entityKey(accountId, event.userId)
  const row = state.tables.loginProfiles.get(key)
  const user = state.users.byId(accountId, event.userId)
  if (event.type === 'SignedIn' && user !== undefined)
    state.users.put({ ...user, lastLoginAt: recordedAt })
  if (row === undefined) return state
  const { signInId } = event
  const others = row.signIns.filter((each) => each.signInId !== signInId)
  switch (event.type) {
    case 'SignedIn': {
      // Whoever showed a password that was replaced meanwhile is not in.
      if (event.passwordRef !== row.passwordRef) return state
      const { expiresAt, mfaPresent } = event
      const going = others.filter((each) => recordedAt < each.expiresAt)
      const signIns = [
        ...going.slice(1 - SIGN_INS_PER_USER_MAX),
        { signInId, expiresAt, mfaPresent },
      ]
      state.tables.loginProfiles.set(key, { ...row, signIns })
      return state
    }
    case 'SignedOut':
      state.tables.loginProfiles.set(key, { ...row, signIns: others })
      return state
  }
}
