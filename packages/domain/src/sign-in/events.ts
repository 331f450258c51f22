/** What can have happened while a user signed in. Stored for ever, in a stream for each user. */
import * as t from 'io-ts'
import { SecretRef, SignInId, UserId } from '../names.js'

/** Why a user did not get in. The first three count against guessing. */
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
export const SignedIn = t.strict(
  {
    type: t.literal('SignedIn'),
    userId: UserId,
    signInId: SignInId,
    /** The password that was shown: when the user has another one, this is over. */
    passwordRef: SecretRef,
    /** Whether a code was shown too. */
    mfaPresent: t.boolean,
    /** Milliseconds since the epoch, UTC. */
    expiresAt: t.number,
  },
  'SignedIn',
)
export type SignedIn = t.TypeOf<typeof SignedIn>

/** A user ended what one signing in began. */
export const SignedOut = t.strict(
  { type: t.literal('SignedOut'), userId: UserId, signInId: SignInId },
  'SignedOut',
)
export type SignedOut = t.TypeOf<typeof SignedOut>
