/** Why a command about a group may be refused, in checking order; a user is looked up first. */
import * as t from 'io-ts'
import { GroupName, UserName } from '../../names.js'

/** No group of the account has this name. */
export const GroupNotFound = t.strict(
  { type: t.literal('GroupNotFound'), groupName: GroupName },
  'GroupNotFound',
)
export type GroupNotFound = t.TypeOf<typeof GroupNotFound>

/** The user is not a member of the group. */
export const UserNotInGroup = t.strict(
  { type: t.literal('UserNotInGroup'), userName: UserName, groupName: GroupName },
  'UserNotInGroup',
)
export type UserNotInGroup = t.TypeOf<typeof UserNotInGroup>

/** Another group of the account has this name, whatever the case of its letters. */
export const GroupAlreadyExists = t.strict(
  { type: t.literal('GroupAlreadyExists'), groupName: GroupName },
  'GroupAlreadyExists',
)
export type GroupAlreadyExists = t.TypeOf<typeof GroupAlreadyExists>

/** The user is a member of the group already. */
export const UserAlreadyInGroup = t.strict(
  { type: t.literal('UserAlreadyInGroup'), userName: UserName, groupName: GroupName },
  'UserAlreadyInGroup',
)
export type UserAlreadyInGroup = t.TypeOf<typeof UserAlreadyInGroup>

/** The account holds as many groups as it may. */
export const GroupLimitExceeded = t.strict(
  { type: t.literal('GroupLimitExceeded'), limit: t.number },
  'GroupLimitExceeded',
)
export type GroupLimitExceeded = t.TypeOf<typeof GroupLimitExceeded>

/** The user is in as many groups as it may be. */
export const UserGroupLimitExceeded = t.strict(
  { type: t.literal('UserGroupLimitExceeded'), userName: UserName, limit: t.number },
  'UserGroupLimitExceeded',
)
export type UserGroupLimitExceeded = t.TypeOf<typeof UserGroupLimitExceeded>

/** A group with members cannot be deleted. */
export const GroupHasUsers = t.strict(
  { type: t.literal('GroupHasUsers'), groupName: GroupName },
  'GroupHasUsers',
)
export type GroupHasUsers = t.TypeOf<typeof GroupHasUsers>

/** A group with a policy attached to it cannot be deleted. */
export const GroupHasPolicies = t.strict(
  { type: t.literal('GroupHasPolicies'), groupName: GroupName },
  'GroupHasPolicies',
)
export type GroupHasPolicies = t.TypeOf<typeof GroupHasPolicies>
