/**
 * Signing in: the password, then a code or the device that it is to come from, then another
 * password, and at last a session; each step asks again whatever the ones before it rested on.
 *
 * Invariant: who does not know the password learns nothing but that it did not work, in the same
 * words and after the same work. The lock is asked before and after a secret is looked at, and from
 * where somebody comes before anything else, so that no answer to that tells of a password.
 */
import { type AccountId, type AccountRefusal, AccountRefusalCodecs } from '@grantlog/domain'
import { accountOfPrincipalName, findUserById, userOfPrincipalName } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine-error.js'
import type { PasswordRefusal, SignInCalls, SignInRefusal, SignInScene } from './calls.js'
import { circumstancesIn } from './circumstances.js'
import { type Known, knownOf } from './known.js'
import { type NextStepDependencies, NOTHING_SHOWN, nextStep } from './next-step.js'
import type { PasswordCalls } from './passwords.js'
import { refused } from './refusing.js'
import { type Carried, enrolments, type Proven, tickets } from './tokens.js'

export type SignInDependencies = NextStepDependencies & {
  readonly passwords: PasswordCalls
  readonly ready: () => Promise<E.Either<EngineError, void>>
  readonly readyFor: (accountId: AccountId) => Promise<E.Either<EngineError, void>>
}

const PROVEN = { isProven: true }

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
): Pick<
  SignInCalls,
  'signIn' | 'giveCode' | 'giveNewPassword' | 'enrolDevice' | 'ticketHolder'
> => {
  const { vault, clock, directory, attempts, passwords, secondFactor } = needs
  const { fail, turnAway, lockedOut, isFromElsewhere, fromElsewhere } = needs.refusing
  const proceed = nextStep(needs)

  /** Whose ticket it is, if all that it rests on is still so. */
  const reopen = async <Ticket extends Proven>(
    carried: Carried<Ticket>,
    text: string,
    scene: SignInScene,
  ): Promise<E.Either<SignInRefusal | EngineError, { known: Known; ticket: Ticket }>> => {
    const opened = carried.open(text)
    if (opened === null) return refused('TicketRefused')
    const { accountId, content: ticket } = opened
    const ready = await needs.readyFor(accountId)
    if (E.isLeft(ready)) return ready
    if (isFromElsewhere(accountId, scene)) return fromElsewhere(accountId, ticket.userId, scene)
    const user = findUserById(directory, accountId, ticket.userId)
    const known = user && knownOf(directory, accountId, user, scene)
    if (known === undefined || known.profile.passwordRef !== ticket.passwordRef)
      return refused('TicketRefused')
    if (clock.now() >= ticket.expiresAt) return refused('TicketRefused')
    const locked = await attempts.isLocked(known.attempted)
    if (E.isLeft(locked)) return locked
    return locked.right ? lockedOut(known) : E.right({ known, ticket })
  }

  return {
    signIn: (principalName, password, scene, mfaTicket) => async () => {
      const ready = await needs.ready()
      if (E.isLeft(ready)) return ready
      const accountId = accountOfPrincipalName(directory, principalName)
      const readable = accountId === undefined ? ready : await needs.readyFor(accountId)
      if (E.isLeft(readable)) return readable
      if (accountId !== undefined && isFromElsewhere(accountId, scene))
        return fromElsewhere(accountId, principalName, scene)
      const named = userOfPrincipalName(directory, principalName)
      const known = named && knownOf(directory, named.accountId, named.user, scene)
      const locked = known === undefined ? E.right(true) : await attempts.isLocked(known.attempted)
      if (E.isLeft(locked)) return locked
      const isAsked = known !== undefined && !locked.right
      const ref = isAsked ? known.profile.passwordRef : null
      const owner = isAsked ? { accountId: known.accountId, userId: known.user.userId } : null
      const isRight = await vault.isPassword(ref, owner, password)()
      if (E.isLeft(isRight)) return isRight
      if (isAsked)
        return isRight.right
          ? proceed(known, NOTHING_SHOWN, mfaTicket)
          : fail(known, 'PasswordWrong', { type: 'SignInRefused' })
      if (known !== undefined) return lockedOut(known)
      if (accountId === undefined) return refused('SignInRefused')
      const attempt = { accountId, reason: 'NameUnknown', name: principalName } as const
      return turnAway(attempt, scene, { type: 'SignInRefused' })
    },

    giveCode:
      (text, code, scene, savesMFATicket = false) =>
      async () => {
        const opened = await reopen(tickets(vault), text, scene)
        if (E.isLeft(opened)) return opened
        const { known } = opened.right
        const { accountId, user } = known
        const boundAt = secondFactor.mfaBindingOf(accountId, user.userId)
        if (boundAt === undefined) return refused('TicketRefused')
        const circumstances = await circumstancesIn(needs, accountId, user, scene, PROVEN)
        if (E.isLeft(circumstances)) return circumstances
        const shown = { accountId, userId: user.userId, code }
        const verdict = await secondFactor.checkAuthenticationCode(shown, circumstances.right)()
        if (E.isLeft(verdict)) return verdict
        return verdict.right === 'Accepted'
          ? proceed(known, { boundAt, savesMFATicket })
          : fail(known, 'CodeWrong', { type: 'CodeRefused' })
      },

    enrolDevice:
      (text, codes, scene, savesMFATicket = false) =>
      async () => {
        const opened = await reopen(enrolments(vault), text, scene)
        if (E.isLeft(opened)) return opened
        const { known, ticket } = opened.right
        const { accountId, user, profile } = known
        const { userId, userName } = user
        const isBound = secondFactor.mfaBindingOf(accountId, userId) !== undefined
        if (isBound || !profile.mfaBindRequired) return refused('TicketRefused')
        const circumstances = await circumstancesIn(needs, accountId, user, scene, PROVEN)
        if (E.isLeft(circumstances)) return circumstances
        const { passwordRef, seed } = ticket
        const enrolment = { userId, userName, passwordRef, seed, codes }
        const enrolled = await secondFactor.enrolMFADevice(
          accountId,
          enrolment,
          circumstances.right,
        )()
        if (E.isRight(enrolled))
          return proceed(known, {
            boundAt: secondFactor.mfaBindingOf(accountId, userId) ?? null,
            savesMFATicket,
          })
        switch (enrolled.left.type) {
          case 'AuthenticationCodeWrong':
          case 'AuthenticationLocked':
            return fail(known, 'CodeWrong', { type: 'CodeRefused' })
          case 'MFADeviceLimitExceeded':
            return refused('NoMoreDevices')
        }
        return E.left(refusalOf(enrolled.left))
      },

    giveNewPassword: (text, password, scene) => async () => {
      const opened = await reopen(tickets(vault), text, scene)
      if (E.isLeft(opened)) return opened
      const { known, ticket } = opened.right
      const { accountId, user } = known
      // The step before it must not have become another one meanwhile.
      const next = await proceed(known, ticket)
      if (E.isLeft(next) || next.right.type !== 'NewPasswordRequired') return next
      if (!passwords.isFit(accountId, password)) return E.left({ type: 'PasswordTooWeak' })
      const same = await vault.isPassword(
        known.profile.passwordRef,
        { accountId, userId: user.userId },
        password,
      )()
      if (E.isLeft(same)) return same
      if (same.right) return E.left({ type: 'PasswordReused' })
      const circumstances = await circumstancesIn(needs, accountId, user, scene, PROVEN)
      if (E.isLeft(circumstances)) return circumstances
      const changed = await passwords.replaceOwn(
        accountId,
        user.userId,
        ticket.passwordRef,
        password,
        circumstances.right,
      )
      if (E.isLeft(changed)) return E.left(refusalOf(changed.left))
      const renewed = knownOf(directory, accountId, user, scene)
      return renewed === undefined ? refused('TicketRefused') : proceed(renewed, ticket)
    },

    ticketHolder: (text) => {
      const opened = tickets(vault).open(text) ?? enrolments(vault).open(text)
      return opened && { accountId: opened.accountId, userId: opened.content.userId }
    },
  }
}
