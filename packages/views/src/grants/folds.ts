/**
 * How the grants view remembers each kind of entity.
 *
 * A deleted user, group or role takes along what it held, so that nothing is left to be held again.
 */
import type {
  DefaultPolicyVersionChanged,
  GroupCreated,
  GroupDeleted,
  GroupUpdated,
  PolicyAttached,
  PolicyCreated,
  PolicyDeleted,
  PolicyDetached,
  PolicyVersionCreated,
  PolicyVersionDeleted,
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
import { entityKey, type TargetLike, targetKey } from '../keys.js'
import {
  dropGrantPolicy,
  dropGrantRole,
  type GrantMembershipRow,
  type GrantPolicyRow,
  type GrantsState,
  grantAttachmentKey,
  grantMembershipKey,
  putGrantPolicy,
  putGrantRole,
} from './state.js'

export const applyToUser = (
  state: GrantsState,
  event: UserCreated | UserUpdated | UserDeleted,
  { accountId, position }: Recorded,
): GrantsState => {
  const { userId } = event
  const key = entityKey(accountId, userId)
  const { users } = state.tables
  switch (event.type) {
    case 'UserCreated':
      users.set(key, { accountId, userId, userName: event.userName, position })
      return state
    case 'UserUpdated': {
      const row = users.get(key)
      const { userName } = event
      if (row !== undefined && userName !== undefined) users.set(key, { ...row, userName })
      return state
    }
    case 'UserDeleted':
      for (const row of [...state.memberships.of('user', key)])
        state.memberships.drop(grantMembershipKey(accountId, userId, row.groupId))
      dropAttachments(state, accountId, { type: 'User', userId })
      users.delete(key)
      return state
  }
}

export const applyToGroup = (
  state: GrantsState,
  event: GroupCreated | GroupUpdated | GroupDeleted,
  { accountId, position }: Recorded,
): GrantsState => {
  const { groupId } = event
  const key = entityKey(accountId, groupId)
  const { groups } = state.tables
  switch (event.type) {
    case 'GroupCreated':
      groups.set(key, { accountId, groupId, groupName: event.groupName, position })
      return state
    case 'GroupUpdated': {
      const row = groups.get(key)
      const { groupName } = event
      if (row !== undefined && groupName !== undefined) groups.set(key, { ...row, groupName })
      return state
    }
    case 'GroupDeleted':
      for (const row of [...state.memberships.of('group', key)])
        state.memberships.drop(grantMembershipKey(accountId, row.userId, groupId))
      dropAttachments(state, accountId, { type: 'Group', groupId })
      groups.delete(key)
      return state
  }
}

export const applyToMembership = (
  state: GrantsState,
  event: UserAddedToGroup | UserRemovedFromGroup,
  { accountId, position }: Recorded,
): GrantsState => {
  const { userId, groupId } = event
  const key = grantMembershipKey(accountId, userId, groupId)
  switch (event.type) {
    case 'UserAddedToGroup':
      if (state.memberships.get(key) === undefined)
        state.memberships.put(membership(state, { accountId, userId, groupId, position }))
      return state
    case 'UserRemovedFromGroup':
      state.memberships.drop(key)
      return state
  }
}

/**
 * The row with the texts of the ids that the user and the group have, since every event brings its
 * own. Spelled out: V8 gives each object that is spread and added to a shape of its own.
 */
const membership = (state: GrantsState, row: GrantMembershipRow): GrantMembershipRow => {
  const user = state.tables.users.get(entityKey(row.accountId, row.userId))
  const group = state.tables.groups.get(entityKey(row.accountId, row.groupId))
  return {
    accountId: group?.accountId ?? row.accountId,
    userId: user?.userId ?? row.userId,
    groupId: group?.groupId ?? row.groupId,
    position: row.position,
  }
}

export const applyToRole = (
  state: GrantsState,
  event: RoleCreated | RoleUpdated | RoleTrustChanged | RoleDeleted,
  { accountId, position }: Recorded,
): GrantsState => {
  const { roleId } = event
  const row = state.roles.get(entityKey(accountId, roleId))
  switch (event.type) {
    case 'RoleCreated': {
      const { roleName, trustPolicy, trustees = [], maxSessionDuration } = event
      const settings = { roleName, trustPolicy, trustees, trustVersion: 1, maxSessionDuration }
      putGrantRole(state, { accountId, roleId, ...settings, position })
      return state
    }
    case 'RoleUpdated': {
      const { maxSessionDuration } = event
      if (row !== undefined && maxSessionDuration !== undefined)
        putGrantRole(state, { ...row, maxSessionDuration })
      return state
    }
    case 'RoleTrustChanged': {
      const { trustPolicy, trustees = [] } = event
      if (row !== undefined)
        putGrantRole(state, { ...row, trustPolicy, trustees, trustVersion: row.trustVersion + 1 })
      return state
    }
    case 'RoleDeleted':
      dropAttachments(state, accountId, { type: 'Role', roleId })
      dropGrantRole(state, accountId, roleId)
      return state
  }
}

export const applyToPolicy = (
  state: GrantsState,
  event:
    | PolicyCreated
    | PolicyVersionCreated
    | DefaultPolicyVersionChanged
    | PolicyVersionDeleted
    | PolicyDeleted,
  { accountId, position }: Recorded,
): GrantsState => {
  const { policyId } = event
  switch (event.type) {
    case 'PolicyCreated': {
      const { policyName, versionId, document } = event
      const versions = [{ versionId, document }]
      const policy = { accountId, policyId, policyName, defaultVersion: versionId, versions }
      putGrantPolicy(state, { ...policy, position })
      return state
    }
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyVersionDeleted': {
      const row = state.tables.policies.get(entityKey(accountId, policyId))
      if (row !== undefined) putGrantPolicy(state, changed(row, event))
      return state
    }
    case 'PolicyDeleted':
      dropGrantPolicy(state, accountId, policyId)
      return state
  }
}

const changed = (
  row: GrantPolicyRow,
  event: PolicyVersionCreated | DefaultPolicyVersionChanged | PolicyVersionDeleted,
): GrantPolicyRow => {
  const { versionId } = event
  switch (event.type) {
    case 'PolicyVersionCreated':
      return { ...row, versions: [...row.versions, { versionId, document: event.document }] }
    case 'DefaultPolicyVersionChanged':
      return { ...row, defaultVersion: versionId }
    case 'PolicyVersionDeleted':
      return { ...row, versions: row.versions.filter((v) => v.versionId !== versionId) }
  }
}

export const applyToAttachment = (
  state: GrantsState,
  event: PolicyAttached | PolicyDetached,
  { accountId, position }: Recorded,
): GrantsState => {
  const { policy, target } = event
  const row = { accountId, policy, target, position }
  const key = grantAttachmentKey(row)
  switch (event.type) {
    case 'PolicyAttached':
      if (state.attachments.get(key) === undefined) state.attachments.put(row)
      return state
    case 'PolicyDetached':
      state.attachments.drop(key)
      return state
  }
}

const dropAttachments = (state: GrantsState, accountId: string, target: TargetLike): void => {
  for (const row of [...state.attachments.of('target', targetKey(accountId, target))])
    state.attachments.drop(grantAttachmentKey(row))
}
