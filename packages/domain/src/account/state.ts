/**
 * What the account decider remembers: who and what exists, and no more than its rules ask for.
 *
 * Entities are kept by id, with an index from names without case to ids. Maps are persistent, so an
 * older state stays valid and every step costs O(log n). Invariant: the counts kept by a group and
 * by a policy agree with the sets kept by their users and targets.
 */
import { Map as IMap, Set as ISet } from 'immutable'
import type {
  AccessKeyId,
  AccessKeyStatus,
  AccountId,
  GroupId,
  GroupName,
  MFADeviceId,
  PolicyId,
  PolicyName,
  ProviderId,
  ProviderName,
  RoleId,
  RoleName,
  Sealed,
  SecretRef,
  Tag,
  UserId,
  UserName,
  VersionId,
  VirtualMFADeviceName,
} from '../names.js'
import { nameKey } from '../names.js'
import type { PrincipalRef } from './entity/events.js'
import type { EntityId, EntityKind, EntityName, EntityType } from './entity/limits.js'
import type { Trustee } from './role/events.js'
import type { SamlMetadata } from './saml-provider/metadata.js'
import { ACCESS_RECORDING_DEFAULT, type AccessRecording } from './settings/access-recording.js'
import { PASSWORD_POLICY_DEFAULT, type PasswordPolicy } from './settings/password-policy.js'
import {
  SECURITY_PREFERENCE_DEFAULT,
  type SecurityPreference,
} from './settings/security-preference.js'

/** What is attached to one user, group or role. System policies by their name without case. */
export type Attachments = {
  readonly custom: ISet<PolicyId>
  readonly system: ISet<string>
}

export type UserProfile = {
  readonly displayName?: Sealed
  readonly mobilePhone?: Sealed
  readonly email?: Sealed
  readonly comments?: Sealed
}

/** How a user signs in. Passwords are references into the vault. */
export type LoginProfileRecord = {
  readonly passwordRef: SecretRef
  /** Newest first: those that the next password must differ from too. */
  readonly earlierRefs: ReadonlyArray<SecretRef>
  readonly passwordResetRequired: boolean
  readonly mfaBindRequired: boolean
}

export type UserRecord = {
  readonly userId: UserId
  readonly userName: UserName
  readonly profile: UserProfile
  readonly accessKeyIds: ISet<AccessKeyId>
  readonly groupIds: ISet<GroupId>
  readonly attachments: Attachments
  /** Absent for a user that can't sign in. */
  readonly loginProfile?: LoginProfileRecord
  readonly mfaDeviceId?: MFADeviceId
  /** Wrong codes since the last right one; absent when there are none. */
  readonly wrongCodes?: { readonly inRow: number; readonly lockedUntil?: number }
}

export type MFADeviceRecord = {
  readonly deviceId: MFADeviceId
  readonly deviceName: VirtualMFADeviceName
  readonly secretRef: SecretRef
  /** Whose it is; absent while it is bound to nobody. */
  readonly userId?: UserId
  /** The latest step that was used; it and all before are used up. */
  readonly lastStep?: number
}

export type AccessKeyRecord = {
  readonly owner: { readonly type: 'Account' } | { readonly type: 'User'; readonly userId: UserId }
  readonly status: AccessKeyStatus
  readonly secretRef: SecretRef
}

export type GroupRecord = {
  readonly groupId: GroupId
  readonly groupName: GroupName
  readonly comments: string
  readonly memberCount: number
  readonly attachments: Attachments
}

export type RoleRecord = {
  readonly roleId: RoleId
  readonly roleName: RoleName
  readonly trustPolicy: string
  readonly trustees: ReadonlyArray<Trustee>
  readonly description: string
  readonly maxSessionDuration: number
  readonly tags: ReadonlyArray<Tag>
  readonly attachments: Attachments
}

export type PolicyRecord = {
  readonly policyId: PolicyId
  readonly policyName: PolicyName
  readonly description: string
  /** Oldest first; never empty. */
  readonly versionIds: ReadonlyArray<VersionId>
  readonly defaultVersionId: VersionId
  /** The number of the next version. Grows for ever, so that no number is used again. */
  readonly nextVersion: number
  readonly tags: ReadonlyArray<Tag>
  readonly attachedTo: { readonly User: number; readonly Group: number; readonly Role: number }
}

export type OIDCProviderRecord = {
  readonly providerId: ProviderId
  readonly providerName: ProviderName
  readonly issuerUrl: string
  readonly clientIds: ReadonlyArray<string>
  readonly fingerprints: ReadonlyArray<string>
  readonly issuanceLimitHours: number
  readonly description: string
}

export type SAMLProviderRecord = {
  readonly providerId: ProviderId
  readonly providerName: ProviderName
  readonly metadata: SamlMetadata
  readonly description: string
}

export type EntityRecord = {
  readonly entityId: EntityId
  readonly kind: EntityKind
  readonly entityType: EntityType
  readonly name: EntityName
  readonly actsAs: ReadonlyArray<PrincipalRef>
  readonly properties?: Sealed
}

export type OpenAccountState = {
  readonly type: 'Open'
  readonly accountId: AccountId
  readonly accessRecording: AccessRecording
  readonly passwordPolicy: PasswordPolicy
  readonly securityPreference: SecurityPreference
  readonly rootAccessKeyIds: ISet<AccessKeyId>
  readonly accessKeys: IMap<AccessKeyId, AccessKeyRecord>
  readonly users: IMap<UserId, UserRecord>
  readonly userIds: IMap<string, UserId>
  readonly groups: IMap<GroupId, GroupRecord>
  readonly groupIds: IMap<string, GroupId>
  readonly roles: IMap<RoleId, RoleRecord>
  readonly roleIds: IMap<string, RoleId>
  readonly policies: IMap<PolicyId, PolicyRecord>
  readonly policyIds: IMap<string, PolicyId>
  readonly oidcProviders: IMap<ProviderId, OIDCProviderRecord>
  readonly oidcProviderIds: IMap<string, ProviderId>
  readonly samlProviders: IMap<ProviderId, SAMLProviderRecord>
  readonly samlProviderIds: IMap<string, ProviderId>
  readonly entities: IMap<EntityId, EntityRecord>
  readonly entityIds: IMap<string, EntityId>
  readonly mfaDevices: IMap<MFADeviceId, MFADeviceRecord>
  readonly mfaDeviceIds: IMap<string, MFADeviceId>
}

/** An account before and after it was opened. */
export type AccountState = { readonly type: 'Unopened' } | OpenAccountState

export const UNOPENED: AccountState = { type: 'Unopened' }

export const NO_ATTACHMENTS: Attachments = { custom: ISet(), system: ISet() }

/** An account with nothing in it. */
export const openState = (accountId: AccountId): OpenAccountState => ({
  type: 'Open',
  accountId,
  accessRecording: ACCESS_RECORDING_DEFAULT,
  passwordPolicy: PASSWORD_POLICY_DEFAULT,
  securityPreference: SECURITY_PREFERENCE_DEFAULT,
  rootAccessKeyIds: ISet(),
  accessKeys: IMap(),
  users: IMap(),
  userIds: IMap(),
  groups: IMap(),
  groupIds: IMap(),
  roles: IMap(),
  roleIds: IMap(),
  policies: IMap(),
  policyIds: IMap(),
  oidcProviders: IMap(),
  oidcProviderIds: IMap(),
  samlProviders: IMap(),
  samlProviderIds: IMap(),
  entities: IMap(),
  entityIds: IMap(),
  mfaDevices: IMap(),
  mfaDeviceIds: IMap(),
})

/** The entity that holds a name, whatever the case of the name's letters. */
const named =
  <Id, Entity>(
    ids: (account: OpenAccountState) => IMap<string, Id>,
    entities: (account: OpenAccountState) => IMap<Id, Entity>,
  ) =>
  (account: OpenAccountState, name: string): Entity | undefined => {
    const id = ids(account).get(nameKey(name))
    return id === undefined ? undefined : entities(account).get(id)
  }

/** The index of names once an entity is called `to`, having been called `from` before. */
export const renamed = <Id>(
  ids: IMap<string, Id>,
  id: Id,
  from: string,
  to: string,
): IMap<string, Id> => unnamed(ids, id, from).set(nameKey(to), id)

/** The index of names once an entity is gone; a name that another entity holds stays. */
export const unnamed = <Id>(ids: IMap<string, Id>, id: Id, name: string): IMap<string, Id> =>
  ids.get(nameKey(name)) === id ? ids.delete(nameKey(name)) : ids

export const userNamed = named(
  (account) => account.userIds,
  (account) => account.users,
)
export const groupNamed = named(
  (account) => account.groupIds,
  (account) => account.groups,
)
export const roleNamed = named(
  (account) => account.roleIds,
  (account) => account.roles,
)
export const policyNamed = named(
  (account) => account.policyIds,
  (account) => account.policies,
)
export const mfaDeviceNamed = named(
  (account) => account.mfaDeviceIds,
  (account) => account.mfaDevices,
)

export const oidcProviderNamed = named(
  (account) => account.oidcProviderIds,
  (account) => account.oidcProviders,
)
export const samlProviderNamed = named(
  (account) => account.samlProviderIds,
  (account) => account.samlProviders,
)

/** Names of entities see case: they are the applications' own. A type holds no '/'. */
export const entityKeyOf = ({
  kind,
  entityType,
  name,
}: Pick<EntityRecord, 'kind' | 'entityType' | 'name'>): string => `${kind}/${entityType}/${name}`

/** Whether a role's name says that a cloud service manages it for itself. */
export const isServiceLinked = (roleName: string): boolean =>
  nameKey(roleName).startsWith('aliyunservicerolefor')

export const holdsPolicies = ({ custom, system }: Attachments): boolean =>
  !custom.isEmpty() || !system.isEmpty()

/** The policies once a target with these attachments is gone. */
export const withoutAttachments = (
  policies: OpenAccountState['policies'],
  target: keyof PolicyRecord['attachedTo'],
  attachments: Attachments,
): OpenAccountState['policies'] =>
  attachments.custom.reduce(
    (rest, policyId) => countAttachment(rest, policyId, target, -1),
    policies,
  )

/** The policies once one of them is attached to one target more or less. */
export const countAttachment = (
  policies: OpenAccountState['policies'],
  policyId: PolicyId,
  target: keyof PolicyRecord['attachedTo'],
  change: 1 | -1,
): OpenAccountState['policies'] => {
  const policy = policies.get(policyId)
  if (policy === undefined) return policies
  const attachedTo = { ...policy.attachedTo, [target]: policy.attachedTo[target] + change }
  return policies.set(policyId, { ...policy, attachedTo })
}
