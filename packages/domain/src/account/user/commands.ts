/** What may be asked about a user. Personal data comes sealed with the user's own key. */
import * as t from 'io-ts'
import { Sealed, UserId, UserName } from '../../names.js'

/** Creates a user, without any permission. */
export const CreateUser = t.intersection(
  [
    t.strict({ type: t.literal('CreateUser'), userId: UserId, userName: UserName }),
    t.exact(
      t.partial({
        displayName: Sealed,
        mobilePhone: Sealed,
        email: Sealed,
        comments: Sealed,
      }),
    ),
  ],
  'CreateUser',
)
export type CreateUser = t.TypeOf<typeof CreateUser>

/** Renames a user or changes its profile; an absent member stays as it is. */
export const UpdateUser = t.intersection(
  [
    t.strict({ type: t.literal('UpdateUser'), userName: UserName }),
    t.exact(
      t.partial({
        /** Whom the sealed members were sealed for; another holder of the name is not found. */
        userId: UserId,
        newUserName: UserName,
        newDisplayName: Sealed,
        newMobilePhone: Sealed,
        newEmail: Sealed,
        newComments: Sealed,
      }),
    ),
  ],
  'UpdateUser',
)
export type UpdateUser = t.TypeOf<typeof UpdateUser>

/** Deletes a user that has no groups, keys, login profile, MFA device and policies left. */
export const DeleteUser = t.strict(
  { type: t.literal('DeleteUser'), userName: UserName },
  'DeleteUser',
)
export type DeleteUser = t.TypeOf<typeof DeleteUser>
