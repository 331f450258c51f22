/**
 * What the account remembers of its groups. Who is a member stands with the user; the group counts.
 */
import { nameKey } from '../../names.js'
import type { OpenAccountState } from '../state.js'
import { NO_ATTACHMENTS, renamed, unnamed, withoutAttachments } from '../state.js'
import type {
  GroupCreated,
  GroupDeleted,
  GroupUpdated,
  UserAddedToGroup,
  UserRemovedFromGroup,
} from './events.js'

export const foldGroup = (
  account: OpenAccountState,
  event: GroupCreated | GroupUpdated | GroupDeleted | UserAddedToGroup | UserRemovedFromGroup,
): OpenAccountState => {
  switch (event.type) {
    case 'GroupCreated':
      return created(account, event)
    case 'GroupUpdated':
      return updated(account, event)
    case 'GroupDeleted':
      return deleted(account, event)
    case 'UserAddedToGroup':
      return userAdded(account, event)
    case 'UserRemovedFromGroup':
      return userRemoved(account, event)
  }
}

const created = (account: OpenAccountState, event: GroupCreated): OpenAccountState => {
  const { groupId, groupName, comments = '' } = event
  if (account.groups.has(groupId)) return account
  const group = { groupId, groupName, comments, memberCount: 0, attachments: NO_ATTACHMENTS }
  return {
    ...account,
    groups: account.groups.set(groupId, group),
    groupIds: account.groupIds.set(nameKey(groupName), groupId),
  }
}

const updated = (account: OpenAccountState, event: GroupUpdated): OpenAccountState => {
  const group = account.groups.get(event.groupId)
  if (group === undefined) return account
  const { groupName = group.groupName, comments = group.comments } = event
  return {
    ...account,
    groups: account.groups.set(group.groupId, { ...group, groupName, comments }),
    groupIds: renamed(account.groupIds, group.groupId, group.groupName, groupName),
  }
}

const deleted = (account: OpenAccountState, event: GroupDeleted): OpenAccountState => {
  const group = account.groups.get(event.groupId)
  if (group === undefined) return account
  return {
    ...account,
    groups: account.groups.delete(group.groupId),
    groupIds: unnamed(account.groupIds, group.groupId, group.groupName),
    policies: withoutAttachments(account.policies, 'Group', group.attachments),
  }
}

const userAdded = (
  account: OpenAccountState,
  { userId, groupId }: UserAddedToGroup,
): OpenAccountState => {
  const user = account.users.get(userId)
  const group = account.groups.get(groupId)
  if (user === undefined || group === undefined || user.groupIds.has(groupId)) return account
  return {
    ...account,
    users: account.users.set(userId, { ...user, groupIds: user.groupIds.add(groupId) }),
    groups: account.groups.set(groupId, { ...group, memberCount: group.memberCount + 1 }),
  }
}

const userRemoved = (
  account: OpenAccountState,
  { userId, groupId }: UserRemovedFromGroup,
): OpenAccountState => {
  const user = account.users.get(userId)
  if (user === undefined || !user.groupIds.has(groupId)) return account
  const users = account.users.set(userId, { ...user, groupIds: user.groupIds.delete(groupId) })
  const group = account.groups.get(groupId)
  if (group === undefined) return { ...account, users }
  return {
    ...account,
    users,
    groups: account.groups.set(groupId, { ...group, memberCount: group.memberCount - 1 }),
  }
}
