/** Why a command about a user may be refused, in checking order. */
import * as t from 'io-ts'
import { UserName } from '../../names.js'

/** No user of the account has this name. */
export const UserNotFound = t.strict(
  { type: t.literal('UserNotFound'), userName: UserName },
  'UserNotFound',
)
export type UserNotFound = t.TypeOf<typeof UserNotFound>

/** Another user of the account has this name, whatever the case of its letters. */
export const UserAlreadyExists = t.strict(
  { type: t.literal('UserAlreadyExists'), userName: UserName },
  'UserAlreadyExists',
)
export type UserAlreadyExists = t.TypeOf<typeof UserAlreadyExists>

/** The account holds as many users as it may. */
export const UserLimitExceeded = t.strict(
  { type: t.literal('UserLimitExceeded'), limit: t.number },
  'UserLimitExceeded',
)
export type UserLimitExceeded = t.TypeOf<typeof UserLimitExceeded>

/** A user that is in a group cannot be deleted. */
export const UserHasGroups = t.strict(
  { type: t.literal('UserHasGroups'), userName: UserName },
  'UserHasGroups',
)
export type UserHasGroups = t.TypeOf<typeof UserHasGroups>

/** A user that holds an AccessKey cannot be deleted. */
export const UserHasAccessKeys = t.strict(
  { type: t.literal('UserHasAccessKeys'), userName: UserName },
  'UserHasAccessKeys',
)
export type UserHasAccessKeys = t.TypeOf<typeof UserHasAccessKeys>

/** A user that can sign in cannot be deleted. */
export const UserHasLoginProfile = t.strict(
  { type: t.literal('UserHasLoginProfile'), userName: UserName },
  'UserHasLoginProfile',
)
export type UserHasLoginProfile = t.TypeOf<typeof UserHasLoginProfile>

/** A user with an MFA device bound to it cannot be deleted. */
export const UserHasMFADevice = t.strict(
  { type: t.literal('UserHasMFADevice'), userName: UserName },
  'UserHasMFADevice',
)
export type UserHasMFADevice = t.TypeOf<typeof UserHasMFADevice>

/** A user with a policy attached to it cannot be deleted. */
export const UserHasPolicies = t.strict(
  { type: t.literal('UserHasPolicies'), userName: UserName },
  'UserHasPolicies',
)
export type UserHasPolicies = t.TypeOf<typeof UserHasPolicies>
