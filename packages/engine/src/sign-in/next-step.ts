/**
 * What is still to be shown by one who knows the password, and the session that comes of it once
 * there is nothing more.
 */
import { isPasswordExpired, type SignInId } from '@grantlog/domain'
import { type DirectoryState, findSignIn, securityPreferenceOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine-error.js'
import type { MFACalls } from '../mfa-calls.js'
import type { Clock, Ids, Position, Vault } from '../ports.js'
import type { Attempts } from './attempts.js'
import type { SignInRefusal, SignInStep } from './calls.js'
import { circumstancesIn } from './circumstances.js'
import type { Known } from './known.js'
import { type Refusing, refused } from './refusing.js'
import { consoleTokens, enrolments, TICKET_MS, tickets } from './tokens.js'

export type Step = Promise<E.Either<SignInRefusal | EngineError, SignInStep>>

/** What signing in asks of devices, and all that it knows of them. */
export type SecondFactor = Pick<
  MFACalls,
  'mfaBindingOf' | 'checkAuthenticationCode' | 'enrolMFADevice'
>

export type NextStepDependencies = {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly directory: DirectoryState
  readonly attempts: Attempts
  readonly secondFactor: SecondFactor
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
  readonly refusing: Refusing
}

/** What somebody showed beside the password. */
export type Shown = {
  /** Where the device was bound of which a code was shown; null for none. */
  readonly boundAt: Position | null
}

export const NOTHING_SHOWN: Shown = { boundAt: null }

/** Asks whatever signing in rests on anew, each time. */
export const nextStep = (needs: NextStepDependencies) => {
  const { vault, clock, directory, attempts, secondFactor } = needs
  const { fail, lockedOut } = needs.refusing

  const carriedBy = ({ user, profile }: Known) => ({
    userId: user.userId,
    passwordRef: profile.passwordRef,
    expiresAt: clock.now() + TICKET_MS,
  })

  const ticketFor = (known: Known, { boundAt }: Shown): string =>
    tickets(vault).seal(known.accountId, { ...carriedBy(known), boundAt })

  /** The seed is in the ticket, and kept nowhere until codes of it are shown. */
  const enrolmentFor = (known: Known): E.Either<never, SignInStep> => {
    const { accountId, user } = known
    const { userName } = user
    const seed = needs.ids.mfaSeed()
    const ticket = enrolments(vault).seal(accountId, { ...carriedBy(known), seed })
    return E.right({ type: 'MFADeviceRequired', ticket, seed, accountId, userName })
  }

  const begin = async (known: Known, mfaPresent: boolean): Step => {
    const { accountId, user, profile, attempted, scene } = known
    const { userId, userName } = user
    const { loginSessionDuration } = securityPreferenceOf(directory, accountId)
    const expiresAt = clock.now() + loginSessionDuration * 3_600_000
    const signInId = needs.ids.sessionId() as SignInId
    const { passwordRef } = profile
    const event = {
      type: 'SignedIn',
      userId,
      signInId,
      passwordRef,
      mfaPresent,
      expiresAt,
    } as const
    const circumstances = await circumstancesIn(needs, accountId, user, scene, { isProven: true })
    if (E.isLeft(circumstances)) return circumstances
    const noted = await attempts.note(attempted, event, circumstances.right)
    if (E.isLeft(noted)) return noted
    if (noted.right.type === 'Locked') return lockedOut(known)
    const { position } = noted.right
    const reached = await needs.waitFor(position)
    if (E.isLeft(reached)) return reached
    // Another password, or none, may have been given between: then nobody is in.
    if (findSignIn(directory, accountId, userId, signInId, clock.now()) === undefined)
      return refused('TicketRefused')
    const token = consoleTokens(vault).seal(accountId, { userId, signInId, expiresAt, position })
    const who = { accountId, userId, userName }
    return E.right({ type: 'SignedIn', ...who, mfaPresent, expiresAt, token, position })
  }

  return async (known: Known, shown: Shown): Step => {
    const { accountId, user, profile, attempted } = known
    const locked = await attempts.isLocked(attempted)
    if (E.isLeft(locked)) return locked
    if (locked.right) return lockedOut(known)
    const boundAt = secondFactor.mfaBindingOf(accountId, user.userId) ?? null
    // A code of a device that is the user's no more, or was bound anew, says nothing of this one.
    if (boundAt !== null && shown.boundAt !== boundAt)
      return E.right({ type: 'CodeRequired', ticket: ticketFor(known, NOTHING_SHOWN) })
    if (boundAt === null && profile.mfaBindRequired) return enrolmentFor(known)
    const isOld = isPasswordExpired(attempted.policy, profile.passwordSetAt, clock.now())
    if (isOld && attempted.policy.hardExpiry)
      return fail(known, 'PasswordExpired', { type: 'PasswordTooOld' })
    if (isOld || profile.passwordResetRequired)
      return E.right({ type: 'NewPasswordRequired', ticket: ticketFor(known, shown) })
    return begin(known, boundAt !== null)
  }
}
