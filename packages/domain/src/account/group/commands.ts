/** What may be asked about a group and its members. */
import * as t from 'io-ts'
import { GroupId, GroupName, UserName } from '../../names.js'
import { Comments } from '../limits.js'

/** Creates a group, without members and without policies. */
export const CreateGroup = t.intersection(
  [
    t.strict({ type: t.literal('CreateGroup'), groupId: GroupId, groupName: GroupName }),
    t.exact(t.partial({ comments: Comments })),
  ],
  'CreateGroup',
)
export type CreateGroup = t.TypeOf<typeof CreateGroup>

/** Renames a group or changes its comments; an absent member stays as it is. */
export const UpdateGroup = t.intersection(
  [
    t.strict({ type: t.literal('UpdateGroup'), groupName: GroupName }),
    t.exact(t.partial({ newGroupName: GroupName, newComments: Comments })),
  ],
  'UpdateGroup',
)
export type UpdateGroup = t.TypeOf<typeof UpdateGroup>

/** Deletes a group that has no members and no policies left. */
export const DeleteGroup = t.strict(
  { type: t.literal('DeleteGroup'), groupName: GroupName },
  'DeleteGroup',
)
export type DeleteGroup = t.TypeOf<typeof DeleteGroup>

/** Makes a user a member of a group, whose policies it then holds. */
export const AddUserToGroup = t.strict(
  { type: t.literal('AddUserToGroup'), userName: UserName, groupName: GroupName },
  'AddUserToGroup',
)
export type AddUserToGroup = t.TypeOf<typeof AddUserToGroup>

/** Ends a user's membership in a group. */
export const RemoveUserFromGroup = t.strict(
  { type: t.literal('RemoveUserFromGroup'), userName: UserName, groupName: GroupName },
  'RemoveUserFromGroup',
)
export type RemoveUserFromGroup = t.TypeOf<typeof RemoveUserFromGroup>
