/**
 * What the account remembers of its users. Deleting is by id: a later holder of the name is new.
 */
import { Set as ISet } from 'immutable'
import { nameKey } from '../../names.js'
import type { OpenAccountState, UserProfile, UserRecord } from '../state.js'
import { NO_ATTACHMENTS, renamed, unnamed, withoutAttachments } from '../state.js'
import type { UserCreated, UserDeleted, UserUpdated } from './events.js'

export const foldUser = (
  account: OpenAccountState,
  event: UserCreated | UserUpdated | UserDeleted,
): OpenAccountState => {
  switch (event.type) {
    case 'UserCreated':
      return created(account, event)
    case 'UserUpdated':
      return updated(account, event)
    case 'UserDeleted':
      return deleted(account, event)
  }
}

/** Users without a profile, who may be many, share this one. */
const NO_PROFILE: UserProfile = {}

const profileOf = ({ displayName, mobilePhone, email, comments }: UserProfile): UserProfile =>
  [displayName, mobilePhone, email, comments].every((text) => text === undefined)
    ? NO_PROFILE
    : {
        ...(displayName !== undefined && { displayName }),
        ...(mobilePhone !== undefined && { mobilePhone }),
        ...(email !== undefined && { email }),
        ...(comments !== undefined && { comments }),
      }

const created = (account: OpenAccountState, event: UserCreated): OpenAccountState => {
  const { userId, userName } = event
  if (account.users.has(userId)) return account
  const user = {
    userId,
    userName,
    profile: profileOf(event),
    accessKeyIds: ISet<never>(),
    groupIds: ISet<never>(),
    attachments: NO_ATTACHMENTS,
  }
  return {
    ...account,
    users: account.users.set(userId, user),
    userIds: account.userIds.set(nameKey(userName), userId),
  }
}

const updated = (account: OpenAccountState, event: UserUpdated): OpenAccountState => {
  const user = account.users.get(event.userId)
  if (user === undefined) return account
  const userName = event.userName ?? user.userName
  const profile = profileOf({ ...user.profile, ...profileOf(event) })
  return {
    ...account,
    users: account.users.set(user.userId, { ...user, userName, profile }),
    userIds: renamed(account.userIds, user.userId, user.userName, userName),
  }
}

/** A user is deleted empty-handed; what it should still hold goes with it all the same. */
const deleted = (account: OpenAccountState, event: UserDeleted): OpenAccountState => {
  const user = account.users.get(event.userId)
  if (user === undefined) return account
  return {
    ...account,
    mfaDevices: withoutHolder(account, user),
    users: account.users.delete(user.userId),
    userIds: unnamed(account.userIds, user.userId, user.userName),
    accessKeys: account.accessKeys.deleteAll(user.accessKeyIds),
    groups: user.groupIds.reduce((groups, groupId) => {
      const group = groups.get(groupId)
      return group === undefined
        ? groups
        : groups.set(groupId, { ...group, memberCount: group.memberCount - 1 })
    }, account.groups),
    policies: withoutAttachments(account.policies, 'User', user.attachments),
  }
}

/** The devices once a user is gone: the next user of the name must bind one of its own. */
const withoutHolder = (
  { mfaDevices }: OpenAccountState,
  { mfaDeviceId }: UserRecord,
): OpenAccountState['mfaDevices'] => {
  const device = mfaDeviceId === undefined ? undefined : mfaDevices.get(mfaDeviceId)
  if (device === undefined) return mfaDevices
  const { userId: _, ...free } = device
  return mfaDevices.set(device.deviceId, free)
}
