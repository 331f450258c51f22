/** What can have happened to the way in which a user signs in. Stored for ever. */
import * as t from 'io-ts'
import { SecretRef, UserId } from '../../names.js'

/** A user may sign in with a password from now on. Neither it nor its hash is recorded. */
export const LoginProfileCreated = t.strict(
  {
    type: t.literal('LoginProfileCreated'),
    userId: UserId,
    passwordRef: SecretRef,
    passwordResetRequired: t.boolean,
    mfaBindRequired: t.boolean,
  },
  'LoginProfileCreated',
)
export type LoginProfileCreated = t.TypeOf<typeof LoginProfileCreated>

/** A user must do other things to sign in than before; only what changed is present. */
export const LoginProfileUpdated = t.intersection(
  [
    t.strict({ type: t.literal('LoginProfileUpdated'), userId: UserId }),
    t.exact(t.partial({ passwordResetRequired: t.boolean, mfaBindRequired: t.boolean })),
  ],
  'LoginProfileUpdated',
)
export type LoginProfileUpdated = t.TypeOf<typeof LoginProfileUpdated>

/** A user has another password, and whoever was signed in with the last one no longer is. */
export const PasswordChanged = t.strict(
  {
    type: t.literal('PasswordChanged'),
    userId: UserId,
    passwordRef: SecretRef,
    /** Passwords that nothing is compared with any more. */
    forgottenRefs: t.readonlyArray(SecretRef),
  },
  'PasswordChanged',
)
export type PasswordChanged = t.TypeOf<typeof PasswordChanged>

/** A user may no longer sign in, and is signed out everywhere. */
export const LoginProfileDeleted = t.strict(
  {
    type: t.literal('LoginProfileDeleted'),
    userId: UserId,
    /** Every password that the user had and that was still remembered. */
    forgottenRefs: t.readonlyArray(SecretRef),
  },
  'LoginProfileDeleted',
)
export type LoginProfileDeleted = t.TypeOf<typeof LoginProfileDeleted>
