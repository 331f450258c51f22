/**
 * Signing in: the password, then a code, then another password, and at last a session; each step
 * asks again whatever the ones before it rested on.
 *
 * Invariant: who does not know the password learns nothing but that it did not work, in the same
 * words and after the same work. The lock is asked before and after a secret is looked at, and from
 * where somebody comes before anything else, so that no answer to that tells of a password.
 */
import {
  type AccountId,
  type AccountRefusal,
  AccountRefusalCodecs,
  admitsAddress,
  isPasswordExpired,
  type SignInFault,
  type SignInId,
} from '@grantlog/domain'
import {
  accountOfPrincipalName,
  type DirectoryState,
  findSignIn,
  findUserById,
  type LoginProfileRow,
  loginProfileOf,
  passwordPolicyOf,
  securityPreferenceOf,
  type UserRow,
  userOfPrincipalName,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine-error.js'
import type { MFACalls } from '../mfa-calls.js'
import type { Clock, Ids, Position, Vault } from '../ports.js'
import type { Attempted, Attempts } from './attempts.js'
import type {
  PasswordRefusal,
  SignInCalls,
  SignInRefusal,
  SignInScene,
  SignInStep,
} from './calls.js'
import { circumstancesIn } from './circumstances.js'
import type { PasswordCalls } from './passwords.js'
import { consoleTokens, TICKET_MS, type Ticket, tickets } from './tokens.js'
import type { TurnedAwayAttempt, TurningAway } from './turned-away.js'

/** What signing in asks of devices, and all that it knows of them. */
export type SecondFactor = Pick<MFACalls, 'hasMFADevice' | 'checkAuthenticationCode'>

export type SignInDependencies = {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly directory: DirectoryState
  readonly attempts: Attempts
  readonly turning: TurningAway
  readonly passwords: PasswordCalls
  readonly secondFactor: SecondFactor
  readonly ready: () => Promise<E.Either<EngineError, void>>
  readonly readyFor: (accountId: AccountId) => Promise<E.Either<EngineError, void>>
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
}

type Step = Promise<E.Either<SignInRefusal | EngineError, SignInStep>>

/** Who signs in, as far as the password has proved it, and what for that is asked now. */
type Known = {
  readonly accountId: AccountId
  readonly user: UserRow
  readonly profile: LoginProfileRow
  readonly attempted: Attempted
  readonly scene: SignInScene
}

const refused = <Type extends Exclude<SignInRefusal['type'], never>>(
  type: Type,
): E.Either<{ readonly type: Type }, never> => E.left({ type })

/** To one who is signing in, an account that changed meanwhile is a ticket that is void. */
const refusalOf = (
  fault: AccountRefusal | PasswordRefusal | EngineError,
): SignInRefusal | EngineError =>
  Object.hasOwn(AccountRefusalCodecs, fault.type)
    ? { type: 'TicketRefused' }
    : (fault as PasswordRefusal | EngineError)

/** The steps of signing in. */
export const signInSteps = (
  needs: SignInDependencies,
): Pick<SignInCalls, 'signIn' | 'giveCode' | 'giveNewPassword'> => {
  const { vault, clock, directory, attempts, turning, passwords, secondFactor } = needs
  const ticketsOf = tickets(vault)

  const knownOf = (accountId: AccountId, user: UserRow, scene: SignInScene): Known | undefined => {
    const { userId } = user
    const profile = loginProfileOf(directory, accountId, userId)
    if (profile === undefined) return undefined
    const policy = passwordPolicyOf(directory, accountId)
    const attempted = { accountId, userId, policy, passwordSetAt: profile.passwordSetAt }
    return { accountId, user, profile, attempted, scene }
  }

  /** Records why somebody did not get in, then says so; to one who is locked only that. */
  const fail = async (known: Known, fault: SignInFault, refusal: SignInRefusal): Step => {
    const circumstances = await circumstancesIn(needs, known.accountId, known.user, known.scene, {
      isProven: fault !== 'PasswordWrong',
    })
    if (E.isLeft(circumstances)) return circumstances
    const noted = await attempts.failed(known.attempted, fault, circumstances.right)
    if (E.isLeft(noted)) return noted
    return noted.right.type === 'Locked' ? lockedOut(known) : E.left(refusal)
  }

  /** Counts who was turned away, then says so. */
  const turnAway = async (
    attempt: TurnedAwayAttempt,
    scene: SignInScene,
    refusal: SignInRefusal,
  ): Promise<E.Either<SignInRefusal | EngineError, never>> => {
    const noted = await turning.note(attempt, scene)
    return E.isLeft(noted) ? noted : E.left(refusal)
  }

  const lockedOut = ({ accountId, user, scene }: Known) => {
    const attempt = { accountId, reason: 'UserLocked', name: user.userName, user } as const
    return turnAway(attempt, scene, { type: 'SignInRefused' })
  }

  /** Asked before all else, and told the same of every name: it says nothing of a user. */
  const isFromElsewhere = (accountId: AccountId, { sourceIp }: SignInScene): boolean =>
    !admitsAddress(securityPreferenceOf(directory, accountId).loginNetworkMasks, sourceIp)

  const fromElsewhere = (accountId: AccountId, name: string, scene: SignInScene) =>
    turnAway({ accountId, reason: 'NetworkNotAllowed', name }, scene, { type: 'AddressNotAllowed' })

  const ticketFor = ({ accountId, user, profile }: Known, mfaPresent: boolean): string => {
    const expiresAt = clock.now() + TICKET_MS
    const { passwordRef } = profile
    return ticketsOf.seal(accountId, { userId: user.userId, passwordRef, mfaPresent, expiresAt })
  }

  /** What is still to be shown by one who knows the password. */
  const proceed = async (known: Known, mfaPresent: boolean): Step => {
    const { accountId, user, profile, attempted } = known
    const locked = await attempts.isLocked(attempted)
    if (E.isLeft(locked)) return locked
    if (locked.right) return lockedOut(known)
    if (!mfaPresent) {
      if (secondFactor.hasMFADevice(accountId, user.userId))
        return E.right({ type: 'CodeRequired', ticket: ticketFor(known, false) })
      if (profile.mfaBindRequired) return fail(known, 'DeviceMissing', { type: 'DeviceRequired' })
    }
    const isOld = isPasswordExpired(attempted.policy, profile.passwordSetAt, clock.now())
    if (isOld && attempted.policy.hardExpiry)
      return fail(known, 'PasswordExpired', { type: 'PasswordTooOld' })
    if (isOld || profile.passwordResetRequired)
      return E.right({ type: 'NewPasswordRequired', ticket: ticketFor(known, mfaPresent) })
    return begin(known, mfaPresent)
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
    const shown = await needs.waitFor(position)
    if (E.isLeft(shown)) return shown
    // Another password, or none, may have been given between: then nobody is in.
    if (findSignIn(directory, accountId, userId, signInId, clock.now()) === undefined)
      return refused('TicketRefused')
    const token = consoleTokens(vault).seal(accountId, { userId, signInId, expiresAt, position })
    const who = { accountId, userId, userName }
    return E.right({ type: 'SignedIn', ...who, mfaPresent, expiresAt, token, position })
  }

  /** Whose ticket it is, if all that it rests on is still so. */
  const reopen = async (
    text: string,
    scene: SignInScene,
  ): Promise<E.Either<SignInRefusal | EngineError, { known: Known; ticket: Ticket }>> => {
    const opened = ticketsOf.open(text)
    if (opened === null) return refused('TicketRefused')
    const { accountId, content: ticket } = opened
    const ready = await needs.readyFor(accountId)
    if (E.isLeft(ready)) return ready
    if (isFromElsewhere(accountId, scene)) return fromElsewhere(accountId, ticket.userId, scene)
    const user = findUserById(directory, accountId, ticket.userId)
    const known = user === undefined ? undefined : knownOf(accountId, user, scene)
    if (known === undefined || known.profile.passwordRef !== ticket.passwordRef)
      return refused('TicketRefused')
    if (clock.now() >= ticket.expiresAt) return refused('TicketRefused')
    const locked = await attempts.isLocked(known.attempted)
    if (E.isLeft(locked)) return locked
    return locked.right ? lockedOut(known) : E.right({ known, ticket })
  }

  return {
    signIn: (principalName, password, scene) => async () => {
      const ready = await needs.ready()
      if (E.isLeft(ready)) return ready
      const accountId = accountOfPrincipalName(directory, principalName)
      const readable = accountId === undefined ? ready : await needs.readyFor(accountId)
      if (E.isLeft(readable)) return readable
      if (accountId !== undefined && isFromElsewhere(accountId, scene))
        return fromElsewhere(accountId, principalName, scene)
      const named = userOfPrincipalName(directory, principalName)
      const known = named === undefined ? undefined : knownOf(named.accountId, named.user, scene)
      const locked = known === undefined ? E.right(true) : await attempts.isLocked(known.attempted)
      if (E.isLeft(locked)) return locked
      const isAsked = known !== undefined && !locked.right
      const ref = isAsked ? known.profile.passwordRef : null
      const owner = isAsked ? { accountId: known.accountId, userId: known.user.userId } : null
      const isRight = await vault.isPassword(ref, owner, password)()
      if (E.isLeft(isRight)) return isRight
      if (isAsked)
        return isRight.right
          ? proceed(known, false)
          : fail(known, 'PasswordWrong', { type: 'SignInRefused' })
      if (known !== undefined) return lockedOut(known)
      if (accountId === undefined) return refused('SignInRefused')
      const attempt = { accountId, reason: 'NameUnknown', name: principalName } as const
      return turnAway(attempt, scene, { type: 'SignInRefused' })
    },

    giveCode: (text, code, scene) => async () => {
      const opened = await reopen(text, scene)
      if (E.isLeft(opened)) return opened
      const { known } = opened.right
      const { accountId, user } = known
      if (!secondFactor.hasMFADevice(accountId, user.userId)) return refused('TicketRefused')
      const circumstances = await circumstancesIn(needs, accountId, user, scene, { isProven: true })
      if (E.isLeft(circumstances)) return circumstances
      const shown = { accountId, userId: user.userId, code }
      const verdict = await secondFactor.checkAuthenticationCode(shown, circumstances.right)()
      if (E.isLeft(verdict)) return verdict
      return verdict.right === 'Accepted'
        ? proceed(known, true)
        : fail(known, 'CodeWrong', { type: 'CodeRefused' })
    },

    giveNewPassword: (text, password, scene) => async () => {
      const opened = await reopen(text, scene)
      if (E.isLeft(opened)) return opened
      const { known, ticket } = opened.right
      const { accountId, user } = known
      // The step before it must not have become another one meanwhile.
      const next = await proceed(known, ticket.mfaPresent)
      if (E.isLeft(next) || next.right.type !== 'NewPasswordRequired') return next
      if (!passwords.isFit(accountId, password)) return E.left({ type: 'PasswordTooWeak' })
      const same = await vault.isPassword(
        known.profile.passwordRef,
        { accountId, userId: user.userId },
        password,
      )()
      if (E.isLeft(same)) return same
      if (same.right) return E.left({ type: 'PasswordReused' })
      const circumstances = await circumstancesIn(needs, accountId, user, scene, { isProven: true })
      if (E.isLeft(circumstances)) return circumstances
      const changed = await passwords.replaceOwn(
        accountId,
        user.userId,
        ticket.passwordRef,
        password,
        circumstances.right,
      )
      if (E.isLeft(changed)) return E.left(refusalOf(changed.left))
      const renewed = knownOf(accountId, user, scene)
      return renewed === undefined ? refused('TicketRefused') : proceed(renewed, ticket.mfaPresent)
    },
  }
}
