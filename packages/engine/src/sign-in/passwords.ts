/**
 * Login profiles and their passwords: the hash goes into the vault before the event that names it,
 * and out of it after the event that forgets it.
 *
 * Invariant: what a new password is compared with is what the event replaces; else all is done
 * again. No password is in a command, an event or an error.
 */
import {
  type AccountCommand,
  type AccountId,
  type AccountRefusal,
  isPasswordFit,
  type SecretRef,
  type UserName,
} from '@grantlog/domain'
import {
  type DirectoryState,
  findUser,
  findUserById,
  type LoginProfileRow,
  loginProfileOf,
  passwordPolicyOf,
  type UserRow,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Circumstances, EngineError } from '../engine-error.js'
import type { Executed } from '../executed.js'
import type { Ids, Vault } from '../ports.js'
import type { Attempts } from './attempts.js'
import type { LoginProfileChanges, NewLoginProfile, PasswordRefusal } from './calls.js'

type Outcome = Promise<E.Either<AccountRefusal | PasswordRefusal | EngineError, Executed>>

export type PasswordDependencies = {
  readonly vault: Vault
  readonly ids: Ids
  readonly directory: DirectoryState
  readonly attempts: Attempts
  readonly execute: (
    accountId: AccountId,
    command: AccountCommand,
    circumstances: Circumstances,
  ) => Promise<E.Either<AccountRefusal | EngineError, Executed>>
}

/** How often a password is compared anew because another one came between. */
const ATTEMPTS_MAX = 3

const REFUSED_FOR_CERTAIN: ReadonlySet<string> = new Set([
  'UserNotFound',
  'LoginProfileNotFound',
  'LoginProfileAlreadyExists',
  'PasswordSuperseded',
])

type Holder = { readonly user: UserRow; readonly profile: LoginProfileRow }

const holderOf = (
  directory: DirectoryState,
  accountId: AccountId,
  user: UserRow | undefined,
  userName: UserName,
): E.Either<AccountRefusal, Holder> => {
  if (user === undefined) return E.left({ type: 'UserNotFound', userName })
  const profile = loginProfileOf(directory, accountId, user.userId)
  return profile === undefined
    ? E.left({ type: 'LoginProfileNotFound', userName })
    : E.right({ user, profile })
}

export const passwordCalls = (needs: PasswordDependencies) => {
  const { vault, ids, directory, execute } = needs

  const forget = async (refs: ReadonlyArray<string>): Promise<void> => {
    for (const ref of refs) await vault.destroySecret(ref)()
  }

  /** Keeps the hash, has the command executed, and keeps what is certainly not needed out. */
  const withPassword = async (
    accountId: AccountId,
    userId: string,
    password: string,
    circumstances: Circumstances,
    commandOf: (passwordRef: SecretRef) => AccountCommand,
  ): Outcome => {
    const ref = `password/${accountId}/${userId}/${ids.uuid()}` as SecretRef
    const kept = await vault.putPassword(ref, { accountId, userId }, password)()
    if (E.isLeft(kept)) return kept
    const executed = await execute(accountId, commandOf(ref), circumstances)
    if (E.isLeft(executed)) {
      if (REFUSED_FOR_CERTAIN.has(executed.left.type)) await forget([ref])
      return executed
    }
    for (const event of executed.right.events)
      if (event.type === 'PasswordChanged') await forget(event.forgottenRefs)
    return executed
  }

  const isReused = async (
    accountId: AccountId,
    { userId, passwordRef, earlierRefs }: LoginProfileRow,
    password: string,
  ): Promise<E.Either<EngineError, boolean>> => {
    const { passwordReusePrevention } = passwordPolicyOf(directory, accountId)
    for (const ref of [passwordRef, ...earlierRefs].slice(0, passwordReusePrevention)) {
      const same = await vault.isPassword(ref, { accountId, userId }, password)()
      if (E.isLeft(same) || same.right) return same
    }
    return E.right(false)
  }

  const isFit = (accountId: AccountId, password: string): boolean =>
    isPasswordFit(passwordPolicyOf(directory, accountId), password)

  /** Gives a user another password that is none of its last ones. */
  const replace = async (
    accountId: AccountId,
    holder: () => E.Either<AccountRefusal, Holder>,
    password: string,
    circumstances: Circumstances,
    commandOf: (holder: Holder, passwordRef: SecretRef) => AccountCommand,
  ): Outcome => {
    for (let attempt = 1; ; attempt++) {
      const found = holder()
      if (E.isLeft(found)) return found
      const { user, profile } = found.right
      const reused = await isReused(accountId, profile, password)
      if (E.isLeft(reused)) return reused
      if (reused.right) return E.left({ type: 'PasswordReused' })
      const executed = await withPassword(accountId, user.userId, password, circumstances, (ref) =>
        commandOf(found.right, ref),
      )
      const isOvertaken = E.isLeft(executed) && executed.left.type === 'PasswordSuperseded'
      if (!isOvertaken || attempt === ATTEMPTS_MAX) return executed
    }
  }

  return {
    createLoginProfile: async (
      accountId: AccountId,
      { password, ...profile }: NewLoginProfile,
      circumstances: Circumstances,
    ): Outcome => {
      const { userName } = profile
      if (!isFit(accountId, password)) return E.left({ type: 'PasswordTooWeak' })
      const user = findUser(directory, accountId, userName)
      if (user === undefined) return E.left({ type: 'UserNotFound', userName })
      const { userId } = user
      if (loginProfileOf(directory, accountId, userId) !== undefined)
        return E.left({ type: 'LoginProfileAlreadyExists', userName })
      return withPassword(accountId, userId, password, circumstances, (passwordRef) => ({
        type: 'CreateLoginProfile',
        ...profile,
        userId,
        passwordRef,
      }))
    },

    updateLoginProfile: async (
      accountId: AccountId,
      userName: UserName,
      { password, ...changes }: LoginProfileChanges,
      circumstances: Circumstances,
    ): Outcome => {
      const type = 'UpdateLoginProfile'
      if (password !== undefined && !isFit(accountId, password))
        return E.left({ type: 'PasswordTooWeak' })
      const holder = () =>
        holderOf(directory, accountId, findUser(directory, accountId, userName), userName)
      const found = holder()
      if (E.isLeft(found)) return found
      const { userId } = found.right.user
      if (password === undefined)
        return execute(accountId, { type, userName, userId, ...changes }, circumstances)
      return replace(accountId, holder, password, circumstances, ({ user, profile }, ref) => ({
        type,
        userName,
        userId: user.userId,
        password: { passwordRef: ref, basedOn: profile.passwordRef },
        ...changes,
      }))
    },

    deleteLoginProfile: async (
      accountId: AccountId,
      userName: UserName,
      circumstances: Circumstances,
    ): Promise<E.Either<AccountRefusal | EngineError, Executed>> => {
      const command = { type: 'DeleteLoginProfile', userName } as const
      const executed = await execute(accountId, command, circumstances)
      // The event alone ends it; a hash that stays behind lets nobody in.
      if (E.isRight(executed))
        for (const event of executed.right.events)
          if (event.type === 'LoginProfileDeleted') await forget(event.forgottenRefs)
      return executed
    },

    /**
     * A user's own change of a password that it has shown, `shownRef`. The new one must be fit
     * already.
     */
    replaceOwn: (
      accountId: AccountId,
      userId: string,
      shownRef: string,
      password: string,
      circumstances: Circumstances,
    ): Outcome =>
      replace(
        accountId,
        () => {
          const user = findUserById(directory, accountId, userId)
          const userName = user?.userName ?? ('' as UserName)
          const holder = holderOf(directory, accountId, user, userName)
          return E.isRight(holder) && holder.right.profile.passwordRef !== shownRef
            ? E.left({ type: 'PasswordSuperseded', userName })
            : holder
        },
        password,
        circumstances,
        ({ user, profile }, ref) => ({
          type: 'ChangePassword',
          userName: user.userName,
          userId: user.userId,
          password: { passwordRef: ref, basedOn: profile.passwordRef },
        }),
      ),

    isFit,
  }
}

export type PasswordCalls = ReturnType<typeof passwordCalls>

/** A user gives itself another password, and shows the one that it has. */
export const changePassword = async (
  { vault, directory, attempts }: PasswordDependencies,
  { isFit, replaceOwn }: PasswordCalls,
  accountId: AccountId,
  user: UserRow,
  { oldPassword, newPassword }: { readonly oldPassword: string; readonly newPassword: string },
  circumstances: Circumstances,
): Outcome => {
  const { userId, userName } = user
  if (!isFit(accountId, newPassword)) return E.left({ type: 'PasswordTooWeak' })
  const profile = loginProfileOf(directory, accountId, userId)
  if (profile === undefined) return E.left({ type: 'LoginProfileNotFound', userName })
  const policy = passwordPolicyOf(directory, accountId)
  const attempted = { accountId, userId, policy, passwordSetAt: profile.passwordSetAt }
  const before = await attempts.isLocked(attempted)
  if (E.isLeft(before)) return before
  if (before.right) return E.left({ type: 'OldPasswordIncorrect' })
  const right = await vault.isPassword(profile.passwordRef, { accountId, userId }, oldPassword)()
  if (E.isLeft(right)) return right
  if (!right.right) {
    const noted = await attempts.failed(attempted, 'OldPasswordWrong', circumstances)
    return E.isLeft(noted) ? noted : E.left({ type: 'OldPasswordIncorrect' })
  }
  const after = await attempts.isLocked(attempted)
  if (E.isLeft(after)) return after
  if (after.right) return E.left({ type: 'OldPasswordIncorrect' })
  return replaceOwn(accountId, userId, profile.passwordRef, newPassword, circumstances)
}
