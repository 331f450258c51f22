/**
 * Whether a user may get a way to sign in, and another password.
 *
 * What a password is like is judged before its hash is made; here it is a reference.
 */
import * as E from 'fp-ts/lib/Either.js'
import { accept, refuse, unchanged } from '../../decider.js'
import type { AccountEvent } from '../../event.js'
import type { SecretRef, UserId, UserName } from '../../names.js'
import type { AccountDecision, AccountRefusal } from '../refusal.js'
import type { LoginProfileRecord, OpenAccountState, UserRecord } from '../state.js'
import { userNamed } from '../state.js'
import type {
  ChangePassword,
  CreateLoginProfile,
  DeleteLoginProfile,
  PasswordChange,
  UpdateLoginProfile,
} from './commands.js'
import type { LoginProfileUpdated, PasswordChanged } from './events.js'

export const createLoginProfile = (
  command: CreateLoginProfile,
  account: OpenAccountState,
): AccountDecision => {
  const { type: _, userName, ...profile } = command
  const user = userNamed(account, userName)
  if (user === undefined || user.userId !== command.userId)
    return refuse({ type: 'UserNotFound', userName })
  if (user.loginProfile?.passwordRef === command.passwordRef) return unchanged
  if (user.loginProfile !== undefined)
    return refuse({ type: 'LoginProfileAlreadyExists', userName })

  return accept({ type: 'LoginProfileCreated', ...profile })
}

export const updateLoginProfile = (
  command: UpdateLoginProfile,
  account: OpenAccountState,
): AccountDecision => {
  const { userName, password, passwordResetRequired, mfaBindRequired } = command
  const found = findProfile(account, userName, command.userId)
  if (E.isLeft(found)) return found
  const { user, profile } = found.right
  if (password !== undefined && isSuperseded(profile, password))
    return refuse({ type: 'PasswordSuperseded', userName })

  const changes = {
    ...(passwordResetRequired !== undefined &&
      passwordResetRequired !== profile.passwordResetRequired && { passwordResetRequired }),
    ...(mfaBindRequired !== undefined &&
      mfaBindRequired !== profile.mfaBindRequired && { mfaBindRequired }),
  }
  return accept<AccountEvent>(
    ...(password === undefined ? [] : changed(account, user.userId, profile, password)),
    ...updated(user.userId, changes),
  )
}

export const changePassword = (
  command: ChangePassword,
  account: OpenAccountState,
): AccountDecision => {
  const { userName, password } = command
  const found = findProfile(account, userName, command.userId)
  if (E.isLeft(found)) return found
  const { user, profile } = found.right
  if (isSuperseded(profile, password)) return refuse({ type: 'PasswordSuperseded', userName })

  const changes = profile.passwordResetRequired ? { passwordResetRequired: false } : {}
  return accept<AccountEvent>(
    ...changed(account, user.userId, profile, password),
    ...updated(user.userId, changes),
  )
}

export const deleteLoginProfile = (
  { userName }: DeleteLoginProfile,
  account: OpenAccountState,
): AccountDecision => {
  const found = findProfile(account, userName)
  if (E.isLeft(found)) return found
  const { user, profile } = found.right
  const forgottenRefs = [profile.passwordRef, ...profile.earlierRefs]

  return accept({ type: 'LoginProfileDeleted', userId: user.userId, forgottenRefs })
}

type Found = { readonly user: UserRecord; readonly profile: LoginProfileRecord }

const findProfile = (
  account: OpenAccountState,
  userName: UserName,
  userId?: UserId,
): E.Either<AccountRefusal, Found> => {
  const user = userNamed(account, userName)
  if (user === undefined || (userId !== undefined && user.userId !== userId))
    return E.left({ type: 'UserNotFound', userName })
  return user.loginProfile === undefined
    ? E.left({ type: 'LoginProfileNotFound', userName })
    : E.right({ user, profile: user.loginProfile })
}

/** A password that the user has already is the same command again. */
const isSuperseded = (profile: LoginProfileRecord, { passwordRef, basedOn }: PasswordChange) =>
  profile.passwordRef !== passwordRef && profile.passwordRef !== basedOn

/** As many passwords are remembered as a new one must differ from. */
const changed = (
  { passwordPolicy }: OpenAccountState,
  userId: UserId,
  profile: LoginProfileRecord,
  { passwordRef }: PasswordChange,
): ReadonlyArray<PasswordChanged> => {
  if (profile.passwordRef === passwordRef) return []
  const earlier: ReadonlyArray<SecretRef> = [profile.passwordRef, ...profile.earlierRefs]
  const forgottenRefs = earlier.slice(Math.max(0, passwordPolicy.passwordReusePrevention - 1))
  return [{ type: 'PasswordChanged', userId, passwordRef, forgottenRefs }]
}

const updated = (
  userId: UserId,
  changes: Omit<LoginProfileUpdated, 'type' | 'userId'>,
): ReadonlyArray<LoginProfileUpdated> =>
  Object.keys(changes).length === 0 ? [] : [{ type: 'LoginProfileUpdated', userId, ...changes }]
