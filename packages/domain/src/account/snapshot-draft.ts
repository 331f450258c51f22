/**
 * The draft of a state that the rows of a snapshot lead to, row by row and in any order.
 */
import { Map as IMap, Set as ISet } from 'immutable'
import type * as t from 'io-ts'
import {
  AccessKeyId,
  GroupId,
  MFADeviceId,
  nameKey,
  PolicyId,
  ProviderId,
  RoleId,
  UserId,
} from '../names.js'
import { EntityId } from './entity/limits.js'
import {
  AccessKeyRow,
  EntityRow,
  GroupRow,
  MFADeviceRow,
  OIDCProviderRow,
  PolicyRow,
  RoleRow,
  SAMLProviderRow,
  UserRow,
} from './snapshot-rows.js'
import type {
  AccessKeyRecord,
  Attachments,
  EntityRecord,
  GroupRecord,
  MFADeviceRecord,
  OIDCProviderRecord,
  PolicyRecord,
  RoleRecord,
  SAMLProviderRecord,
  UserProfile,
  UserRecord,
} from './state.js'
import { entityKeyOf, NO_ATTACHMENTS } from './state.js'

/** What the rows lead to so far. The reader's own, and changed in place. */
export const emptyDraft = () => ({
  accessKeys: IMap<AccessKeyId, AccessKeyRecord>().asMutable(),
  users: IMap<UserId, UserRecord>().asMutable(),
  userIds: IMap<string, UserId>().asMutable(),
  groups: IMap<GroupId, GroupRecord>().asMutable(),
  groupIds: IMap<string, GroupId>().asMutable(),
  roles: IMap<RoleId, RoleRecord>().asMutable(),
  roleIds: IMap<string, RoleId>().asMutable(),
  policies: IMap<PolicyId, PolicyRecord>().asMutable(),
  policyIds: IMap<string, PolicyId>().asMutable(),
  oidcProviders: IMap<ProviderId, OIDCProviderRecord>().asMutable(),
  oidcProviderIds: IMap<string, ProviderId>().asMutable(),
  samlProviders: IMap<ProviderId, SAMLProviderRecord>().asMutable(),
  samlProviderIds: IMap<string, ProviderId>().asMutable(),
  entities: IMap<EntityId, EntityRecord>().asMutable(),
  entityIds: IMap<string, EntityId>().asMutable(),
  mfaDevices: IMap<MFADeviceId, MFADeviceRecord>().asMutable(),
  mfaDeviceIds: IMap<string, MFADeviceId>().asMutable(),
  deviceOf: new Map<UserId, MFADeviceId>(),
  rootKeys: [] as AccessKeyId[],
  keysOf: new Map<UserId, AccessKeyId[]>(),
  memberCounts: new Map<GroupId, number>(),
  attachedTo: new Map<PolicyId, PolicyRecord['attachedTo']>(),
})
export type Draft = ReturnType<typeof emptyDraft>

/** Users without a profile, who may be many, share this one. */
const NO_PROFILE: UserProfile = {}
const NOWHERE: PolicyRecord['attachedTo'] = { User: 0, Group: 0, Role: 0 }

const takeUser = (draft: Draft, userId: UserId, row: UserRow): void => {
  const { userName, profile = NO_PROFILE, loginProfile, wrongCodes } = row
  const mfaDeviceId = draft.deviceOf.get(userId)
  const groupIds = ISet(row.groupIds)
  for (const groupId of groupIds)
    draft.memberCounts.set(groupId, (draft.memberCounts.get(groupId) ?? 0) + 1)
  draft.users.set(userId, {
    userId,
    userName,
    profile,
    accessKeyIds: ISet(draft.keysOf.get(userId)),
    groupIds,
    attachments: takeAttachments(draft, 'User', row),
    ...(wrongCodes !== undefined && { wrongCodes }),
    ...(mfaDeviceId !== undefined && { mfaDeviceId }),
    ...(loginProfile !== undefined && { loginProfile }),
  })
  draft.userIds.set(nameKey(userName), userId)
}

/** Its owner may come before it or after it. */
const takeAccessKey = (draft: Draft, accessKeyId: AccessKeyId, row: AccessKeyRow): void => {
  const { userId, status, secretRef } = row
  if (userId === undefined) {
    draft.rootKeys.push(accessKeyId)
    draft.accessKeys.set(accessKeyId, { owner: { type: 'Account' }, status, secretRef })
    return
  }
  const held = draft.keysOf.get(userId) ?? []
  held.push(accessKeyId)
  draft.keysOf.set(userId, held)
  draft.accessKeys.set(accessKeyId, { owner: { type: 'User', userId }, status, secretRef })
  const user = draft.users.get(userId)
  if (user !== undefined)
    draft.users.set(userId, { ...user, accessKeyIds: user.accessKeyIds.add(accessKeyId) })
}

/** Whose it is may come before it or after it. */
const takeMFADevice = (draft: Draft, deviceId: MFADeviceId, row: MFADeviceRow): void => {
  const { userId } = row
  draft.mfaDevices.set(deviceId, { deviceId, ...row })
  draft.mfaDeviceIds.set(nameKey(row.deviceName), deviceId)
  if (userId === undefined) return
  draft.deviceOf.set(userId, deviceId)
  const user = draft.users.get(userId)
  if (user !== undefined) draft.users.set(userId, { ...user, mfaDeviceId: deviceId })
}

const takeGroup = (draft: Draft, groupId: GroupId, row: GroupRow): void => {
  const { groupName, comments } = row
  const attachments = takeAttachments(draft, 'Group', row)
  draft.groups.set(groupId, { groupId, groupName, comments, memberCount: 0, attachments })
  draft.groupIds.set(nameKey(groupName), groupId)
}

const takeRole = (draft: Draft, roleId: RoleId, row: RoleRow): void => {
  const { custom: _, system: __, tags = [], ...role } = row
  const attachments = takeAttachments(draft, 'Role', row)
  draft.roles.set(roleId, { roleId, ...role, tags, attachments })
  draft.roleIds.set(nameKey(row.roleName), roleId)
}

const takePolicy = (draft: Draft, policyId: PolicyId, row: PolicyRow): void => {
  draft.policies.set(policyId, { policyId, ...row, tags: row.tags ?? [], attachedTo: NOWHERE })
  draft.policyIds.set(nameKey(row.policyName), policyId)
}

const takeOIDCProvider = (draft: Draft, providerId: ProviderId, row: OIDCProviderRow): void => {
  draft.oidcProviders.set(providerId, { providerId, ...row })
  draft.oidcProviderIds.set(nameKey(row.providerName), providerId)
}

const takeSAMLProvider = (draft: Draft, providerId: ProviderId, row: SAMLProviderRow): void => {
  draft.samlProviders.set(providerId, { providerId, ...row })
  draft.samlProviderIds.set(nameKey(row.providerName), providerId)
}

const takeEntity = (draft: Draft, entityId: EntityId, row: EntityRow): void => {
  draft.entities.set(entityId, { entityId, ...row })
  draft.entityIds.set(entityKeyOf(row), entityId)
}

const takeAttachments = (
  draft: Draft,
  target: keyof PolicyRecord['attachedTo'],
  row: Pick<GroupRow, 'custom' | 'system'>,
): Attachments => {
  const [custom, system] = [ISet(row.custom), ISet(row.system)]
  for (const policyId of custom) {
    const counts = draft.attachedTo.get(policyId) ?? NOWHERE
    draft.attachedTo.set(policyId, { ...counts, [target]: counts[target] + 1 })
  }
  return custom.isEmpty() && system.isEmpty() ? NO_ATTACHMENTS : { custom, system }
}

type Reading = (draft: Draft, id: string, value: unknown) => boolean

/**
 * False for an id or a row that does not follow its codec. These codecs change nothing, so asking
 * whether a row fits is as good as decoding it, and several times as fast.
 */
const reading =
  <Id extends string, Row>(
    id: t.Type<Id, string>,
    codec: t.Type<Row, unknown>,
    take: (draft: Draft, id: Id, row: Row) => void,
  ): Reading =>
  (draft, idText, row) => {
    if (!id.is(idText) || !codec.is(row)) return false
    take(draft, idText, row)
    return true
  }

/** How a row of each kind is taken, by what its key begins with. */
export const READINGS: ReadonlyMap<string, Reading> = new Map([
  ['entity', reading(EntityId, EntityRow, takeEntity)],
  ['group', reading(GroupId, GroupRow, takeGroup)],
  ['key', reading(AccessKeyId, AccessKeyRow, takeAccessKey)],
  ['mfa-device', reading(MFADeviceId, MFADeviceRow, takeMFADevice)],
  ['oidc-provider', reading(ProviderId, OIDCProviderRow, takeOIDCProvider)],
  ['policy', reading(PolicyId, PolicyRow, takePolicy)],
  ['role', reading(RoleId, RoleRow, takeRole)],
  ['saml-provider', reading(ProviderId, SAMLProviderRow, takeSAMLProvider)],
  ['user', reading(UserId, UserRow, takeUser)],
])
