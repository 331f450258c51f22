/**
 * How the directory remembers users, groups, memberships and roles.
 *
 * A deleted entity takes its memberships, keys and attachments along: nothing is left that could be
 * counted or listed.
 */
import type {
  GroupCreated,
  GroupDeleted,
  GroupUpdated,
  Recorded,
  RoleCreated,
  RoleDeleted,
  RoleTrustChanged,
  RoleUpdated,
  UserAddedToGroup,
  UserCreated,
  UserDeleted,
  UserRemovedFromGroup,
  UserUpdated,
} from '@grantlog/domain'
import { entityKey, ownerKey, type TargetLike, targetKey } from '../keys.js'
import { unbindDeviceOf } from './mfa-devices.js'
import { attachmentKey, type DirectoryState, join, leave, membershipKey } from './state.js'

export const applyToUser = (
  state: DirectoryState,
  event: UserCreated | UserUpdated | UserDeleted,
  recorded: Recorded,
): DirectoryState => {
  const { accountId } = recorded
  switch (event.type) {
    case 'UserCreated': {
      const { type: _, ...user } = event
      state.users.put({ ...user, ...created(recorded) })
      return state
    }
    case 'UserUpdated': {
      const { type: _, ...changes } = event
      const row = state.users.byId(accountId, event.userId)
      if (row === undefined) return state
      state.users.put({ ...row, ...changes, updatedAt: recorded.recordedAt })
      return state
    }
    case 'UserDeleted': {
      const { userId } = event
      dropAttachments(state, accountId, { type: 'User', userId })
      for (const row of [...state.memberships.of('user', entityKey(accountId, userId))])
        leave(state, membershipKey(accountId, row.groupId, userId))
      for (const row of [
        ...state.accessKeys.of('owner', ownerKey(accountId, { type: 'User', userId })),
      ])
        state.accessKeys.drop(entityKey(accountId, row.accessKeyId))
      unbindDeviceOf(state, accountId, userId)
      state.tables.loginProfiles.delete(entityKey(accountId, userId))
      state.users.drop(accountId, userId)
      return state
    }
  }
}

export const applyToGroup = (
  state: DirectoryState,
  event: GroupCreated | GroupUpdated | GroupDeleted,
  recorded: Recorded,
): DirectoryState => {
  const { accountId } = recorded
  switch (event.type) {
    case 'GroupCreated': {
      const { type: _, ...group } = event
      state.groups.put({ ...group, ...created(recorded) })
      return state
    }
    case 'GroupUpdated': {
      const { type: _, ...changes } = event
      const row = state.groups.byId(accountId, event.groupId)
      if (row === undefined) return state
      state.groups.put({ ...row, ...changes, updatedAt: recorded.recordedAt })
      return state
    }
    case 'GroupDeleted': {
      const { groupId } = event
      dropAttachments(state, accountId, { type: 'Group', groupId })
      const members = state.members.get(entityKey(accountId, groupId))
      for (const key of members?.page(0, members.size()).ids ?? []) leave(state, key)
      state.groups.drop(accountId, groupId)
      return state
    }
  }
}

export const applyToMembership = (
  state: DirectoryState,
  event: UserAddedToGroup | UserRemovedFromGroup,
  { accountId, position, recordedAt }: Recorded,
): DirectoryState => {
  const { userId, groupId } = event
  switch (event.type) {
    case 'UserAddedToGroup':
      join(state, { accountId, userId, groupId, joinedAt: recordedAt, position })
      return state
    case 'UserRemovedFromGroup':
      leave(state, membershipKey(accountId, groupId, userId))
      return state
  }
}

export const applyToRole = (
  state: DirectoryState,
  event: RoleCreated | RoleUpdated | RoleTrustChanged | RoleDeleted,
  recorded: Recorded,
): DirectoryState => {
  const { accountId } = recorded
  switch (event.type) {
    case 'RoleCreated': {
      const { type: _, ...role } = event
      state.roles.put({ ...role, ...created(recorded) })
      return state
    }
    case 'RoleUpdated':
    case 'RoleTrustChanged': {
      const { type: _, ...changes } = event
      const row = state.roles.byId(accountId, event.roleId)
      if (row === undefined) return state
      state.roles.put({ ...row, ...changes, updatedAt: recorded.recordedAt })
      return state
    }
    case 'RoleDeleted':
      dropAttachments(state, accountId, { type: 'Role', roleId: event.roleId })
      state.roles.drop(accountId, event.roleId)
      return state
  }
}

const created = ({ accountId, position, recordedAt }: Recorded) => ({
  accountId,
  createdAt: recordedAt,
  updatedAt: recordedAt,
  position,
})

const dropAttachments = (state: DirectoryState, accountId: string, target: TargetLike): void => {
  for (const row of [...state.attachments.of('target', targetKey(accountId, target))])
    state.attachments.drop(attachmentKey(row))
}
