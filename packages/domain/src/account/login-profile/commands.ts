/**
 * What may be asked about how a user signs in. Passwords stay in the vault, as hashes; commands
 * carry the references.
 */
import * as t from 'io-ts'
import { SecretRef, UserId, UserName } from '../../names.js'

/** A new password, and the one that it was compared with: another one meanwhile is no base. */
export const PasswordChange = t.strict(
  { passwordRef: SecretRef, basedOn: SecretRef },
  'PasswordChange',
)
export type PasswordChange = t.TypeOf<typeof PasswordChange>

/** Lets a user sign in with a password. */
export const CreateLoginProfile = t.strict(
  {
    type: t.literal('CreateLoginProfile'),
    userName: UserName,
    /** Whom the password was kept for; another holder of the name is not found. */
    userId: UserId,
    passwordRef: SecretRef,
    passwordResetRequired: t.boolean,
    mfaBindRequired: t.boolean,
  },
  'CreateLoginProfile',
)
export type CreateLoginProfile = t.TypeOf<typeof CreateLoginProfile>

/** Changes how a user signs in; an absent member stays as it is. */
export const UpdateLoginProfile = t.intersection(
  [
    t.strict({ type: t.literal('UpdateLoginProfile'), userName: UserName, userId: UserId }),
    t.exact(
      t.partial({
        password: PasswordChange,
        passwordResetRequired: t.boolean,
        mfaBindRequired: t.boolean,
      }),
    ),
  ],
  'UpdateLoginProfile',
)
export type UpdateLoginProfile = t.TypeOf<typeof UpdateLoginProfile>

/** Takes the sign-in from a user, with every password that it had. */
export const DeleteLoginProfile = t.strict(
  { type: t.literal('DeleteLoginProfile'), userName: UserName },
  'DeleteLoginProfile',
)
export type DeleteLoginProfile = t.TypeOf<typeof DeleteLoginProfile>

/** Gives a user another password at its own wish; a reset that was required is done with it. */
export const ChangePassword = t.strict(
  {
    type: t.literal('ChangePassword'),
    userName: UserName,
    userId: UserId,
    password: PasswordChange,
  },
  'ChangePassword',
)
export type ChangePassword = t.TypeOf<typeof ChangePassword>
