/**
 * What is still to be shown by one who knows the password, and the session that comes of it once
 * there is nothing more.
 */
import { isPasswordExpired, type SignedIn, type SignInId } from '@grantlog/domain'
import {
  type DirectoryState,
  findSignIn,
  mfaTicketsSince,
  securityPreferenceOf,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine-error.js'
import type { MFACalls } from '../mfa-calls.js'
import type { Clock, Ids, Position, Vault } from '../ports.js'
import type { Attempts } from './attempts.js'
import type { SignInRefusal, SignInStep } from './calls.js'
import { circumstancesIn } from './circumstances.js'
import type { Known } from './known.js'
import { type Refusing, refused } from './refusing.js'
import {
  consoleTokens,
  enrolments,
  MFA_TICKET_MS,
  mfaTickets,
  TICKET_MS,
  tickets,
} from './tokens.js'

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
  /** Whether that device is to be remembered. */
  readonly savesMFATicket: boolean
}

export const NOTHING_SHOWN: Shown = { boundAt: null, savesMFATicket: false }

/** In place of what somebody is let in with a device: a code of it, a ticket, or neither. */
type SecondProof =
  | { readonly type: 'None'; readonly boundAt: null }
  | { readonly type: 'Code'; readonly boundAt: Position; readonly isSaved: boolean }
  | { readonly type: 'MFATicket'; readonly boundAt: Position; readonly of: SignInId }

/** Asks whatever signing in rests on anew, each time. */
export const nextStep = (needs: NextStepDependencies) => {
  const { vault, clock, directory, attempts, secondFactor } = needs
  const { fail, lockedOut } = needs.refusing

  const carriedBy = ({ user, profile }: Known) => ({
    userId: user.userId,
    passwordRef: profile.passwordRef,
    expiresAt: clock.now() + TICKET_MS,
  })

  const ticketFor = (known: Known, { boundAt, savesMFATicket }: Shown): string =>
    tickets(vault).seal(known.accountId, { ...carriedBy(known), boundAt, savesMFATicket })

  /** The seed is in the ticket, and kept nowhere until codes of it are shown. */
  const enrolmentFor = (known: Known): E.Either<never, SignInStep> => {
    const { accountId, user } = known
    const { userName } = user
    const seed = needs.ids.mfaSeed()
    const ticket = enrolments(vault).seal(accountId, { ...carriedBy(known), seed })
    return E.right({ type: 'MFADeviceRequired', ticket, seed, accountId, userName })
  }

  /**
   * The signing in that a ticket is of, if all that it rests on is still so: the user, its
   * password, the binding of its device, and that the account has let devices be remembered ever
   * since.
   */
  const rememberedSince = (
    { accountId, user, profile }: Known,
    boundAt: Position,
    text: string | undefined,
  ): SignInId | undefined => {
    const allowedSince = mfaTicketsSince(directory, accountId)
    const opened = text === undefined ? null : mfaTickets(vault).open(text)
    if (allowedSince === undefined || opened?.accountId !== accountId) return undefined
    const { content: ticket } = opened
    const isStillSo =
      ticket.userId === user.userId &&
      ticket.passwordRef === profile.passwordRef &&
      ticket.boundAt === boundAt &&
      ticket.allowedSince === allowedSince &&
      clock.now() < ticket.expiresAt
    return isStillSo ? ticket.signInId : undefined
  }

  /** What a browser is to remember, where the user wants it and the account lets it. */
  const remembered = (known: Known, proof: SecondProof, signInId: SignInId) => {
    const { accountId, user, profile } = known
    const allowedSince = mfaTicketsSince(directory, accountId)
    if (proof.type !== 'Code' || !proof.isSaved || allowedSince === undefined) return undefined
    const expiresAt = clock.now() + MFA_TICKET_MS
    const { boundAt } = proof
    const rests = { userId: user.userId, passwordRef: profile.passwordRef, boundAt, allowedSince }
    const token = mfaTickets(vault).seal(accountId, { ...rests, signInId, expiresAt })
    return { token, expiresAt }
  }

  const begin = async (known: Known, proof: SecondProof): Step => {
    const { accountId, user, profile, attempted, scene } = known
    const { userId, userName } = user
    const { loginSessionDuration } = securityPreferenceOf(directory, accountId)
    const expiresAt = clock.now() + loginSessionDuration * 3_600_000
    const signInId = needs.ids.sessionId() as SignInId
    const mfaPresent = proof.type === 'Code'
    const mfaTicket = remembered(known, proof, signInId)
    const event: SignedIn = {
      type: 'SignedIn',
      userId,
      signInId,
      passwordRef: profile.passwordRef,
      mfaPresent,
      expiresAt,
      ...(mfaTicket && { mfaTicketUntil: mfaTicket.expiresAt }),
      ...(proof.type === 'MFATicket' && { mfaTicketOf: proof.of }),
    }
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
    const { boundAt } = proof
    const rests = { userId, signInId, expiresAt, position, boundAt }
    const token = consoleTokens(vault).seal(accountId, rests)
    const begun = { accountId, userId, userName, mfaPresent, expiresAt, token, position }
    return E.right({ type: 'SignedIn', ...begun, ...(mfaTicket && { mfaTicket }) })
  }

  return async (known: Known, shown: Shown, mfaTicket?: string): Step => {
    const { accountId, user, profile, attempted } = known
    const locked = await attempts.isLocked(attempted)
    if (E.isLeft(locked)) return locked
    if (locked.right) return lockedOut(known)
    const boundAt = secondFactor.mfaBindingOf(accountId, user.userId) ?? null
    if (boundAt === null && profile.mfaBindRequired) return enrolmentFor(known)
    const isOld = isPasswordExpired(attempted.policy, profile.passwordSetAt, clock.now())
    const isReplaced = isOld || profile.passwordResetRequired
    // A code of a device that is the user's no more, or was bound anew, says nothing of this one.
    if (boundAt !== null && shown.boundAt !== boundAt) {
      // What may change a password is never spared a code.
      const of = isReplaced ? undefined : rememberedSince(known, boundAt, mfaTicket)
      return of === undefined
        ? E.right({ type: 'CodeRequired', ticket: ticketFor(known, NOTHING_SHOWN) })
        : begin(known, { type: 'MFATicket', boundAt, of })
    }
    if (isOld && attempted.policy.hardExpiry)
      return fail(known, 'PasswordExpired', { type: 'PasswordTooOld' })
    if (isReplaced) return E.right({ type: 'NewPasswordRequired', ticket: ticketFor(known, shown) })
    const isSaved = shown.savesMFATicket
    return begin(
      known,
      boundAt === null ? { type: 'None', boundAt } : { type: 'Code', boundAt, isSaved },
    )
  }
}
