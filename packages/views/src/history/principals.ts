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
  MFAEvent,
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
import { membershipSubject } from './rows.js'
import type { HistoryState } from './state.js'

export const applyToUser = (
  state: HistoryState,
  event: UserCreated | UserUpdated | UserDeleted,
  { accountId, position }: Recorded,
): HistoryState => {
  const { userId } = event
  const subject = entityKey(accountId, userId)
  switch (event.type) {
    case 'UserCreated':
      state.users.open(subject, { accountId, userId, userName: event.userName }, position)
      return state
    case 'UserUpdated': {
      const now = state.users.current(subject)
      if (now === undefined) return state
      const userName = event.userName ?? now.value.userName
      state.users.open(subject, { ...now.value, userName }, position)
      return state
    }
    case 'UserDeleted':
      for (const key of state.memberships.subjects('user', subject))
        state.memberships.close(key, position)
      for (const key of state.accessKeys.subjects(
        'owner',
        ownerKey(accountId, { type: 'User', userId }),
      ))
        state.accessKeys.close(key, position)
      detachAll(state, accountId, { type: 'User', userId }, position)
      state.mfaDevices.close(subject, position)
      state.loginProfiles.close(subject, position)
      state.users.close(subject, position)
      return state
  }
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

export const applyToMFADevice = (
  state: HistoryState,
  event: MFAEvent,
  { accountId, position }: Recorded,
): HistoryState => {
  switch (event.type) {
    case 'MFADeviceBound': {
      const { deviceId, deviceName } = event
      const subject = entityKey(accountId, event.userId)
      state.mfaDevices.open(subject, { deviceId, deviceName }, position)
      return state
    }
    case 'MFADeviceUnbound':
      state.mfaDevices.close(entityKey(accountId, event.userId), position)
      return state
    case 'VirtualMFADeviceCreated':
    case 'VirtualMFADeviceDeleted':
    case 'AuthenticationCodeAccepted':
    case 'AuthenticationCodeRejected':
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
      state.groups.open(subject, { accountId, groupId, groupName }, position)
      return state
    }
    case 'GroupUpdated': {
      const now = state.groups.current(subject)
      if (now === undefined) return state
      const groupName = event.groupName ?? now.value.groupName
      state.groups.open(subject, { ...now.value, groupName }, position)
      return state
    }
    case 'GroupDeleted':
      for (const key of state.memberships.subjects('group', subject))
        state.memberships.close(key, position)
      detachAll(state, accountId, { type: 'Group', groupId }, position)
      state.groups.close(subject, position)
      return state
  }
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
      return state
    case 'UserRemovedFromGroup':
      state.memberships.close(key, position)
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
      state.roles.open(subject, { accountId, roleId, roleName }, position)
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
