/** What is remembered of each entity of an account. */
import type { Set as ISet } from 'immutable'
import type {
  AccessKeyId,
  AccessKeyStatus,
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
import type { PrincipalRef } from './entity/events.js'
import type { EntityId, EntityKind, EntityName, EntityType } from './entity/limits.js'
import type { DeviceMaker } from './mfa/events.js'
import type { Trustee } from './role/events.js'
import type { SamlMetadata } from './saml-provider/metadata.js'

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
  /** Absent where whoever made it was permitted to make devices. */
  readonly madeBy?: DeviceMaker
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
