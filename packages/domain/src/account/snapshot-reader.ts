/**
 * From the rows of a snapshot back to the state, row by row and in any order.
 *
 * Every index and count is built anew. Rows that do not decode, that are missing, or that point at
 * what is not there give no state at all: whoever asked then reads the events.
 */
import * as E from 'fp-ts/lib/Either.js'
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
import type { StateRow } from './snapshot.js'
import {
  ACCOUNT_ROW,
  AccessKeyRow,
  AccountRow,
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
  AccountState,
  Attachments,
  EntityRecord,
  GroupRecord,
  MFADeviceRecord,
  OIDCProviderRecord,
  OpenAccountState,
  PolicyRecord,
  RoleRecord,
  SAMLProviderRecord,
  UserProfile,
  UserRecord,
} from './state.js'
import { entityKeyOf, NO_ATTACHMENTS, UNOPENED } from './state.js'

/** Why rows are not the rows of a state. */
export type SnapshotFault =
  | { readonly type: 'RowUnreadable'; readonly key: string }
  | { readonly type: 'RowsDisagree' }

export type StateReader = {
  /** Takes one row in. Cost: O(log n). */
  readonly take: (key: string, value: unknown) => void
  /** The state that the rows make, or the first fault. To be asked once, after the last row. */
  readonly state: () => E.Either<SnapshotFault, AccountState>
}

/** What the rows lead to so far. The reader's own, and changed in place. */
const emptyDraft = () => ({
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
type Draft = ReturnType<typeof emptyDraft>

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

const READINGS: ReadonlyMap<string, Reading> = new Map([
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

/** Whether what was read is whole: as many as there should be, each name once, no loose end. */
const agrees = (draft: Draft, account: Extract<AccountRow, { readonly type: 'Open' }>): boolean =>
  draft.accessKeys.size === account.accessKeys &&
  [draft.entities.size, draft.entityIds.size].every((size) => size === account.entities) &&
  [draft.groups.size, draft.groupIds.size].every((size) => size === account.groups) &&
  [draft.oidcProviders.size, draft.oidcProviderIds.size].every(
    (size) => size === account.oidcProviders,
  ) &&
  [draft.samlProviders.size, draft.samlProviderIds.size].every(
    (size) => size === account.samlProviders,
  ) &&
  [draft.policies.size, draft.policyIds.size].every((size) => size === account.policies) &&
  [draft.roles.size, draft.roleIds.size].every((size) => size === account.roles) &&
  [draft.users.size, draft.userIds.size].every((size) => size === account.users) &&
  [draft.mfaDevices.size, draft.mfaDeviceIds.size].every((size) => size === account.mfaDevices) &&
  boundOnce(draft) &&
  [...draft.keysOf.keys()].every((userId) => draft.users.has(userId)) &&
  [...draft.memberCounts.keys()].every((groupId) => draft.groups.has(groupId)) &&
  [...draft.attachedTo.keys()].every((policyId) => draft.policies.has(policyId)) &&
  draft.policies.every(isWhole)

/** Each device that is bound has a user, who has no other. */
const boundOnce = ({ mfaDevices, deviceOf, users }: Draft): boolean =>
  mfaDevices.every(
    ({ deviceId, userId }) =>
      userId === undefined || (deviceOf.get(userId) === deviceId && users.has(userId)),
  )

const isWhole = ({ versionIds, defaultVersionId, nextVersion }: PolicyRecord): boolean =>
  versionIds.includes(defaultVersionId) &&
  new Set(versionIds).size === versionIds.length &&
  Number.isInteger(nextVersion) &&
  versionIds.every((versionId) => Number(versionId.slice(1)) < nextVersion)

const finished = (
  draft: Draft,
  {
    accountId,
    accessRecording,
    passwordPolicy,
    securityPreference,
  }: Extract<AccountRow, { readonly type: 'Open' }>,
): OpenAccountState => {
  for (const [groupId, memberCount] of draft.memberCounts)
    draft.groups.update(groupId, (group) => group && { ...group, memberCount })
  for (const [policyId, attachedTo] of draft.attachedTo)
    draft.policies.update(policyId, (policy) => policy && { ...policy, attachedTo })
  return {
    type: 'Open',
    accountId,
    accessRecording,
    passwordPolicy,
    securityPreference,
    rootAccessKeyIds: ISet(draft.rootKeys),
    accessKeys: draft.accessKeys.asImmutable(),
    users: draft.users.asImmutable(),
    userIds: draft.userIds.asImmutable(),
    groups: draft.groups.asImmutable(),
    groupIds: draft.groupIds.asImmutable(),
    roles: draft.roles.asImmutable(),
    roleIds: draft.roleIds.asImmutable(),
    policies: draft.policies.asImmutable(),
    policyIds: draft.policyIds.asImmutable(),
    oidcProviders: draft.oidcProviders.asImmutable(),
    oidcProviderIds: draft.oidcProviderIds.asImmutable(),
    samlProviders: draft.samlProviders.asImmutable(),
    samlProviderIds: draft.samlProviderIds.asImmutable(),
    entities: draft.entities.asImmutable(),
    entityIds: draft.entityIds.asImmutable(),
    mfaDevices: draft.mfaDevices.asImmutable(),
    mfaDeviceIds: draft.mfaDeviceIds.asImmutable(),
  }
}

const isEmpty = ({
  accessKeys,
  entities,
  groups,
  mfaDevices,
  policies,
  roles,
  users,
  ...more
}: Draft): boolean =>
  [accessKeys, entities, groups, mfaDevices, policies, roles, users].every((all) =>
    all.isEmpty(),
  ) && [more.oidcProviders, more.samlProviders].every((all) => all.isEmpty())

/** Reads a state from its rows, each of which comes once. */
export const stateReader = (): StateReader => {
  const draft = emptyDraft()
  let account: AccountRow | undefined
  let fault: SnapshotFault | undefined

  const takeAccount = (value: unknown): boolean => {
    if (!AccountRow.is(value)) return false
    account = value
    return true
  }
  const takeRow = (key: string, value: unknown): boolean => {
    const slash = key.indexOf('/')
    const read = READINGS.get(key.slice(0, slash))
    return slash > 0 && read !== undefined && read(draft, key.slice(slash + 1), value)
  }

  return {
    take: (key, value) => {
      if (fault !== undefined) return
      const taken = key === ACCOUNT_ROW ? takeAccount(value) : takeRow(key, value)
      if (!taken) fault = { type: 'RowUnreadable', key }
    },
    state: () => {
      if (fault !== undefined) return E.left(fault)
      if (account?.type === 'Open' && agrees(draft, account))
        return E.right(finished(draft, account))
      if (account?.type === 'Unopened' && isEmpty(draft)) return E.right(UNOPENED)
      return E.left({ type: 'RowsDisagree' })
    },
  }
}

/** The state that these rows make. Law: `stateFromRows(stateRows(s))` behaves as `s`. */
export const stateFromRows = (
  rows: Iterable<readonly [StateRow[0], unknown]>,
): E.Either<SnapshotFault, AccountState> => {
  const reader = stateReader()
  for (const [key, value] of rows) reader.take(key, value)
  return reader.state()
}
