/** What can have happened to a group and its members. Stored for ever. */
import * as t from 'io-ts'
import { GroupId, GroupName, UserId } from '../../names.js'

/** A group came into being, without members and without policies. */
export const GroupCreated = t.intersection(
  [
    t.strict({ type: t.literal('GroupCreated'), groupId: GroupId, groupName: GroupName }),
    t.exact(t.partial({ comments: t.string })),
  ],
  'GroupCreated',
)
export type GroupCreated = t.TypeOf<typeof GroupCreated>

/** A group's name or comments changed; only the members that changed are present. */
export const GroupUpdated = t.intersection(
  [
    t.strict({ type: t.literal('GroupUpdated'), groupId: GroupId }),
    t.exact(t.partial({ groupName: GroupName, comments: t.string })),
  ],
  'GroupUpdated',
)
export type GroupUpdated = t.TypeOf<typeof GroupUpdated>

/** A group ceased to exist. It had neither members nor policies. */
export const GroupDeleted = t.strict(
  { type: t.literal('GroupDeleted'), groupId: GroupId, groupName: GroupName },
  'GroupDeleted',
)
export type GroupDeleted = t.TypeOf<typeof GroupDeleted>

/** A user joined a group and holds its policies from now on. */
export const UserAddedToGroup = t.strict(
  { type: t.literal('UserAddedToGroup'), userId: UserId, groupId: GroupId },
  'UserAddedToGroup',
)
export type UserAddedToGroup = t.TypeOf<typeof UserAddedToGroup>

/** A user left a group and no longer holds its policies. */
export const UserRemovedFromGroup = t.strict(
  { type: t.literal('UserRemovedFromGroup'), userId: UserId, groupId: GroupId },
  'UserRemovedFromGroup',
)
export type UserRemovedFromGroup = t.TypeOf<typeof UserRemovedFromGroup>
