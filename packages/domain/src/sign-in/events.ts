/** What can have happened while a user signed in. Stored for ever, in a stream for each user. */
import * as t from 'io-ts'
import { SecretRef, SignInId, UserId } from '../names.js'

/**
 * Why a user did not get in. The first three count against guessing. `NetworkNotAllowed` and
 * `DeviceMissing` are not written any more: from where somebody comes is asked before who it is,
 * and who must have a device is let to bind one.
 */
export const SignInFault = t.union(
  [
    t.literal('PasswordWrong'),
    t.literal('OldPasswordWrong'),
    t.literal('CodeWrong'),
    t.literal('PasswordExpired'),
    t.literal('DeviceMissing'),
    t.literal('NetworkNotAllowed'),
  ],
  'SignInFault',
)
export type SignInFault = t.TypeOf<typeof SignInFault>

/** Somebody did not get in as this user, or did not know its password where it was asked for. */
export const SignInFailed = t.strict(
  { type: t.literal('SignInFailed'), userId: UserId, fault: SignInFault },
  'SignInFailed',
)
export type SignInFailed = t.TypeOf<typeof SignInFailed>

/** A user signed in; wrong passwords from before no longer count. */
export const SignedIn = t.intersection(
  [
    t.strict({
      type: t.literal('SignedIn'),
      userId: UserId,
      signInId: SignInId,
      /** The password that was shown: when the user has another one, this is over. */
      passwordRef: SecretRef,
      /** Whether a code was shown too. */
      mfaPresent: t.boolean,
      /** Milliseconds since the epoch, UTC. */
      expiresAt: t.number,
    }),
    t.exact(
      t.partial({
        /** Until when the device is remembered from now on. Milliseconds since the epoch, UTC. */
        mfaTicketUntil: t.number,
        /** The signing in by which the device was remembered, in place of a code. */
        mfaTicketOf: SignInId,
      }),
    ),
  ],
  'SignedIn',
)
export type SignedIn = t.TypeOf<typeof SignedIn>

/** A user ended what one signing in began. */
export const SignedOut = t.strict(
  { type: t.literal('SignedOut'), userId: UserId, signInId: SignInId },
  'SignedOut',
)
export type SignedOut = t.TypeOf<typeof SignedOut>

/** Why nobody's password was looked at: nobody who may sign in has the name, for instance. */
export const TurnedAway = t.union(
  [t.literal('NameUnknown'), t.literal('NetworkNotAllowed'), t.literal('UserLocked')],
  'TurnedAway',
)
export type TurnedAway = t.TypeOf<typeof TurnedAway>

/**
 * Attempts to sign in were turned away unexamined. Told of the first in an hour, and again
 * whenever there were twice as many, so that a flood of attempts is none of events.
 */
export const SignInsTurnedAway = t.intersection(
  [
    t.strict({
      type: t.literal('SignInsTurnedAway'),
      reason: TurnedAway,
      /** How many there were on this node since `since`, with this one. */
      attempts: t.number,
      /** By how many names, which are not kept: one may be a password in the wrong place. */
      names: t.number,
      /** When the first of them was. Milliseconds since the epoch, UTC. */
      since: t.number,
    }),
    /** The user that is locked; absent where there are too many to count each of them. */
    t.exact(t.partial({ userId: UserId })),
  ],
  'SignInsTurnedAway',
)
export type SignInsTurnedAway = t.TypeOf<typeof SignInsTurnedAway>
