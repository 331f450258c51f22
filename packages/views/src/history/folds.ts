/**
 * How each kind of event opens and closes intervals.
 *
 * A deleted user, group or role closes what it held, so that nothing is left to be held again.
 */
import type {
  AccessKeyCreated,
  AccessKeyDeleted,
  AccessKeyStatusChanged,
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
import { entityKey, ownerKey, type TargetLike, targetKey } from '../keys.js'
import {
  attachmentSubject,
  type HistoryState,
  membershipSubject,
  type PastUser,
  versionSubject,
} from './state.js'

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
      for (const key of state.memberships.subjects('group', subject)) leave(state, key, position)
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
      state.groupsOfUser.take(entityKey(accountId, userId), {
        key,
        from: position,
        item: membership,
      })
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
      const { roleName, trustPolicy, maxSessionDuration } = event
      const value = { accountId, roleId, roleName }
      state.roles.open(subject, value, position)
      state.roleNames.take({ subject, from: position, value })
      state.roleSettings.open(subject, { maxSessionDuration }, position)
      state.trusts.open(subject, { trustPolicy, version: 1 }, position)
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
      const { trustPolicy } = event
      state.trusts.open(subject, { trustPolicy, version: now.value.version + 1 }, position)
      return state
    }
    case 'RoleDeleted':
      detachAll(state, accountId, { type: 'Role', roleId }, position)
      for (const relation of [state.roles, state.roleSettings, state.trusts])
        relation.close(subject, position)
      return state
  }
}

export const applyToPolicy = (
  state: HistoryState,
  event:
    | PolicyCreated
    | PolicyVersionCreated
    | DefaultPolicyVersionChanged
    | PolicyVersionDeleted
    | PolicyDeleted,
  { accountId, position }: Recorded,
): HistoryState => {
  const { policyId } = event
  const subject = entityKey(accountId, policyId)
  const { policies, policyVersions, defaultVersions } = state
  switch (event.type) {
    case 'PolicyCreated': {
      const { policyName, versionId, document } = event
      policies.open(subject, { accountId, policyId, policyName }, position)
      policyVersions.open(versionSubject(accountId, policyId, versionId), { document }, position)
      defaultVersions.open(subject, { versionId }, position)
      return state
    }
    case 'PolicyVersionCreated': {
      const { versionId, document } = event
      policyVersions.open(versionSubject(accountId, policyId, versionId), { document }, position)
      return state
    }
    case 'DefaultPolicyVersionChanged':
      defaultVersions.open(subject, { versionId: event.versionId }, position)
      return state
    case 'PolicyVersionDeleted':
      policyVersions.close(versionSubject(accountId, policyId, event.versionId), position)
      return state
    case 'PolicyDeleted': {
      const last = defaultVersions.close(subject, position)
      policies.close(subject, position)
      if (last !== undefined)
        policyVersions.close(versionSubject(accountId, policyId, last.value.versionId), position)
      return state
    }
  }
}

export const applyToAttachment = (
  state: HistoryState,
  event: PolicyAttached | PolicyDetached,
  { accountId, position }: Recorded,
): HistoryState => {
  const { policy, target } = event
  const attachment = { accountId, policy, target }
  const key = attachmentSubject(attachment)
  switch (event.type) {
    case 'PolicyAttached':
      if (state.attachments.current(key) !== undefined) return state
      state.attachments.open(key, attachment, position)
      state.policiesOfTarget.take(targetKey(accountId, target), {
        key,
        from: position,
        item: attachment,
      })
      return state
    case 'PolicyDetached':
      detach(state, key, position)
      return state
  }
}

const leave = (state: HistoryState, key: string, position: number): void => {
  const closed = state.memberships.close(key, position)
  if (closed === undefined) return
  const { accountId, userId } = closed.value
  state.groupsOfUser.release(entityKey(accountId, userId), key, position)
}

const detach = (state: HistoryState, key: string, position: number): void => {
  const closed = state.attachments.close(key, position)
  if (closed === undefined) return
  const { accountId, target } = closed.value
  state.policiesOfTarget.release(targetKey(accountId, target), key, position)
}

const detachAll = (
  state: HistoryState,
  accountId: string,
  target: TargetLike,
  position: number,
): void => {
  for (const key of state.attachments.subjects('target', targetKey(accountId, target)))
    detach(state, key, position)
}
