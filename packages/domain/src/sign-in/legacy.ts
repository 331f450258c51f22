/** The first shape of SignedIn, when no device was remembered. Kept for ever. */
import type * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { SecretRef, SignInId, UserId } from '../names.js'
import type { SignedIn } from './events.js'

/** Version 1 of SignedIn. */
export const SignedInV1 = t.strict(
  {
    type: t.literal('SignedIn'),
    userId: UserId,
    signInId: SignInId,
    passwordRef: SecretRef,
    mfaPresent: t.boolean,
    expiresAt: t.number,
  },
  'SignedInV1',
)

/** Whatever version 1 said, today's version says in the same words. */
export const readSignedInV1 = (data: unknown): E.Either<t.Errors, SignedIn> =>
  SignedInV1.decode(data)
