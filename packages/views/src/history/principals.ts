/**
 * How events of users, keys, groups and roles open and close intervals.
 *
 * A deleted user, group or role closes what it held, so that nothing is left to be held again.
 */
import type {
  AccessKeyCreated,
  AccessKeyDeleted,
  AccessKeyStatusChanged,
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
import { entityKey, ownerKey } from '../keys.js'
import { detachAll } from './policies.js'
import { type HistoryState, membershipSubject, type PastGroup, type PastUser } from './state.js'

export const applyToUser = (
  state: HistoryState,
  event: UserCreated | UserUpdated | UserDeleted,
  { accountId, position }: Recorded,
): HistoryState => {
  const { userId } = event
  const subject = entityKey(accountId, userId)
  switch (event.type) {
    case 'UserCreated':
      openUser(state, subject, { accountId, userId, userName: event.userName }, position)
      return state
    case 'UserUpdated': {
      const now = state.users.current(subject)
      if (now === undefined) return state
      openUser(
        state,
        subject,
        { ...now.value, userName: event.userName ?? now.value.userName },
        position,
      )
      return state
    }
    case 'UserDeleted':
      for (const key of state.memberships.subjects('user', subject)) leave(state, key, position)
      for (const key of state.accessKeys.subjects(
        'owner',
        ownerKey(accountId, { type: 'User', userId }),
      ))
        state.accessKeys.close(key, position)
      detachAll(state, accountId, { type: 'User', userId }, position)
      state.users.close(subject, position)
      return state
  }
}

const openUser = (
  state: HistoryState,
  subject: string,
  value: PastUser,
  position: number,
): void => {
  state.users.open(subject, value, position)
  state.userNames.take({ subject, from: position, value })
}

export const applyToAccessKey = (
  state: HistoryState,
  event: AccessKeyCreated | AccessKeyStatusChanged | AccessKeyDeleted,
  { accountId, position }: Recorded,
): HistoryState => {
  const { accessKeyId, owner } = event
  const subject = entityKey(accountId, accessKeyId)
  switch (event.type) {
    case 'AccessKeyCreated': {
      const status = 'Active'
      state.accessKeys.open(subject, { accountId, accessKeyId, owner, status }, position)
      return state
    }
    case 'AccessKeyStatusChanged': {
      const now = state.accessKeys.current(subject)
      const { status } = event
      if (now !== undefined) state.accessKeys.open(subject, { ...now.value, status }, position)
      return state
    }
    case 'AccessKeyDeleted':
      state.accessKeys.close(subject, position)
      return state
  }
}

export const applyToGroup = (
  state: HistoryState,
  event: GroupCreated | GroupUpdated | GroupDeleted,
  { accountId, position }: Recorded,
): HistoryState => {
  const { groupId } = event
  const subject = entityKey(accountId, groupId)
  switch (event.type) {
    case 'GroupCreated': {
      const { groupName } = event
      openGroup(state, subject, { accountId, groupId, groupName }, position)
      return state
    }
    case 'GroupUpdated': {
      const now = state.groups.current(subject)
      if (now === undefined) return state
      const groupName = event.groupName ?? now.value.groupName
      openGroup(state, subject, { ...now.value, groupName }, position)
      return state
    }
    case 'GroupDeleted':
      for (const key of state.memberships.subjects('group', subject)) leave(state, key, position)
      detachAll(state, accountId, { type: 'Group', groupId }, position)
      state.groups.close(subject, position)
      return state
  }
}

const openGroup = (
  state: HistoryState,
  subject: string,
  value: PastGroup,
  position: number,
): void => {
  state.groups.open(subject, value, position)
  state.groupNames.take({ subject, from: position, value })
}

export const applyToMembership = (
  state: HistoryState,
  event: UserAddedToGroup | UserRemovedFromGroup,
  { accountId, position }: Recorded,
): HistoryState => {
  const { userId, groupId } = event
  const membership = { accountId, userId, groupId }
  const key = membershipSubject(membership)
  switch (event.type) {
    case 'UserAddedToGroup':
      if (state.memberships.current(key) !== undefined) return state
      state.memberships.open(key, membership, position)
      state.groupsOfUser.take({ subject: key, from: position, value: membership })
      return state
    case 'UserRemovedFromGroup':
      leave(state, key, position)
      return state
  }
}

export const applyToRole = (
  state: HistoryState,
  event: RoleCreated | RoleUpdated | RoleTrustChanged | RoleDeleted,
  { accountId, position }: Recorded,
): HistoryState => {
  const { roleId } = event
  const subject = entityKey(accountId, roleId)
  switch (event.type) {
    case 'RoleCreated': {
      const { roleName, trustPolicy, trustees = [], maxSessionDuration } = event
      const value = { accountId, roleId, roleName }
      state.roles.open(subject, value, position)
      state.roleNames.take({ subject, from: position, value })
      state.roleSettings.open(subject, { maxSessionDuration }, position)
      state.trusts.open(subject, { trustPolicy, trustees, version: 1 }, position)
      return state
    }
    case 'RoleUpdated': {
      const now = state.roleSettings.current(subject)
      if (now === undefined) return state
      const maxSessionDuration = event.maxSessionDuration ?? now.value.maxSessionDuration
      state.roleSettings.open(subject, { maxSessionDuration }, position)
      return state
    }
    case 'RoleTrustChanged': {
      const now = state.trusts.current(subject)
      if (now === undefined) return state
      const { trustPolicy, trustees = [] } = event
      const version = now.value.version + 1
      state.trusts.open(subject, { trustPolicy, trustees, version }, position)
      return state
    }
    case 'RoleDeleted':
      detachAll(state, accountId, { type: 'Role', roleId }, position)
      for (const relation of [state.roles, state.roleSettings, state.trusts])
        relation.close(subject, position)
      return state
  }
}

const leave = (state: HistoryState, key: string, position: number): void => {
  const closed = state.memberships.close(key, position)
  if (closed !== undefined) state.groupsOfUser.release(closed, position)
}
