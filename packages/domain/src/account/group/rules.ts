/** Whether a group may be created, changed and deleted, and who may join and leave it. */
import * as E from 'fp-ts/lib/Either.js'
import { accept, refuse, unchanged } from '../../decider.js'
import { nameKey } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision, AccountRefusal } from '../refusal.js'
import type { GroupRecord, OpenAccountState, UserRecord } from '../state.js'
import { groupNamed, holdsPolicies, userNamed } from '../state.js'
import type {
  AddUserToGroup,
  CreateGroup,
  DeleteGroup,
  RemoveUserFromGroup,
  UpdateGroup,
} from './commands.js'

export const createGroup = (
  command: CreateGroup,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { type: _, ...group } = command
  const { groupId, groupName } = group
  const holder = account.groups.get(groupId)
  if (holder !== undefined && holder.groupName === groupName) return unchanged
  if (holder !== undefined || account.groupIds.has(nameKey(groupName)))
    return refuse({ type: 'GroupAlreadyExists', groupName })
  if (account.groups.size >= quotas.groupsPerAccount)
    return refuse({ type: 'GroupLimitExceeded', limit: quotas.groupsPerAccount })

  return accept({ type: 'GroupCreated', ...group })
}

/** A new name may be the group's own in other letters. */
export const updateGroup = (command: UpdateGroup, account: OpenAccountState): AccountDecision => {
  const { groupName, newGroupName, newComments } = command
  const group = groupNamed(account, groupName)
  if (group === undefined) return refuse({ type: 'GroupNotFound', groupName })
  const holder = newGroupName === undefined ? group : groupNamed(account, newGroupName)
  if (newGroupName !== undefined && holder !== undefined && holder !== group)
    return refuse({ type: 'GroupAlreadyExists', groupName: newGroupName })

  const isRenamed = newGroupName !== undefined && newGroupName !== group.groupName
  const isReworded = newComments !== undefined && newComments !== group.comments
  if (!isRenamed && !isReworded) return unchanged
  return accept({
    type: 'GroupUpdated',
    groupId: group.groupId,
    ...(isRenamed && { groupName: newGroupName }),
    ...(isReworded && { comments: newComments }),
  })
}

export const deleteGroup = (command: DeleteGroup, account: OpenAccountState): AccountDecision => {
  const { groupName } = command
  const group = groupNamed(account, groupName)
  if (group === undefined) return refuse({ type: 'GroupNotFound', groupName })
  if (group.memberCount > 0) return refuse({ type: 'GroupHasUsers', groupName })
  if (holdsPolicies(group.attachments)) return refuse({ type: 'GroupHasPolicies', groupName })

  return accept({ type: 'GroupDeleted', groupId: group.groupId, groupName: group.groupName })
}

export const addUserToGroup = (
  command: AddUserToGroup,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { userName, groupName } = command
  const found = findBoth(command, account)
  if (E.isLeft(found)) return found
  const { user, group } = found.right
  if (user.groupIds.has(group.groupId))
    return refuse({ type: 'UserAlreadyInGroup', userName, groupName })
  if (user.groupIds.size >= quotas.groupsPerUser)
    return refuse({ type: 'UserGroupLimitExceeded', userName, limit: quotas.groupsPerUser })

  return accept({ type: 'UserAddedToGroup', userId: user.userId, groupId: group.groupId })
}

export const removeUserFromGroup = (
  command: RemoveUserFromGroup,
  account: OpenAccountState,
): AccountDecision => {
  const { userName, groupName } = command
  const found = findBoth(command, account)
  if (E.isLeft(found)) return found
  const { user, group } = found.right
  if (!user.groupIds.has(group.groupId))
    return refuse({ type: 'UserNotInGroup', userName, groupName })

  return accept({ type: 'UserRemovedFromGroup', userId: user.userId, groupId: group.groupId })
}

const findBoth = (
  { userName, groupName }: AddUserToGroup | RemoveUserFromGroup,
  account: OpenAccountState,
): E.Either<AccountRefusal, { readonly user: UserRecord; readonly group: GroupRecord }> => {
  const user = userNamed(account, userName)
  if (user === undefined) return E.left({ type: 'UserNotFound', userName })
  const group = groupNamed(account, groupName)
  if (group === undefined) return E.left({ type: 'GroupNotFound', groupName })
  return E.right({ user, group })
}
