/**
 * The rows of the directory: what RAM's Get and List operations show of an account.
 *
 * Times are milliseconds since the epoch, UTC. `position` is where in the log the row came into
 * being.
 */
import type {
  AccessKeyId,
  AccessKeyOwner,
  AccessKeyStatus,
  AccountAlias,
  AccountId,
  AttachmentTarget,
  DeviceMaker,
  GroupId,
  GroupName,
  MFADeviceId,
  PasswordPolicy,
  PolicyId,
  PolicyName,
  PolicyRef,
  ProviderId,
  ProviderName,
  RoleId,
  RoleName,
  SamlMetadata,
  Sealed,
  SecretRef,
  SecurityPreference,
  SignInId,
  Tag,
  UserId,
  UserName,
  VersionId,
  VirtualMFADeviceName,
} from '@grantlog/domain'

type Dated = {
  readonly accountId: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly position: number
}

export type AccountRow = {
  readonly accountId: AccountId
  readonly createdAt: number
  readonly position: number
  /** Absent for an account without one. */
  readonly alias?: AccountAlias
  /** Absent while the defaults hold. */
  readonly passwordPolicy?: PasswordPolicy
  readonly securityPreference?: SecurityPreference
  /** The position from which on devices may be remembered; absent while they may not. */
  readonly mfaTicketsSince?: number
}

/** What one signing in began; it is over at `expiresAt`. */
export type SignInRow = {
  readonly signInId: SignInId
  readonly expiresAt: number
  readonly mfaPresent: boolean
}

/** How a user signs in, and where it is signed in. Passwords are references into the vault. */
export type LoginProfileRow = {
  readonly userId: UserId
  readonly passwordRef: SecretRef
  /** Newest first. */
  readonly earlierRefs: ReadonlyArray<SecretRef>
  readonly passwordSetAt: number
  readonly passwordResetRequired: boolean
  readonly mfaBindRequired: boolean
  readonly createdAt: number
  /** Oldest first. Those that are over may still be in it. */
  readonly signIns: ReadonlyArray<SignInRow>
}

/** Personal data stays sealed; an absent member was never set. */
export type UserRow = Dated & {
  readonly userId: UserId
  readonly userName: UserName
  readonly displayName?: Sealed
  readonly mobilePhone?: Sealed
  readonly email?: Sealed
  readonly comments?: Sealed
  /** Absent for a user that never signed in. */
  readonly lastLoginAt?: number
}

export type GroupRow = Dated & {
  readonly groupId: GroupId
  readonly groupName: GroupName
  readonly comments?: string
}

export type MembershipRow = {
  readonly accountId: string
  readonly userId: UserId
  readonly groupId: GroupId
  readonly joinedAt: number
  readonly position: number
}

export type RoleRow = Dated & {
  readonly roleId: RoleId
  readonly roleName: RoleName
  readonly trustPolicy: string
  /** Seconds. */
  readonly maxSessionDuration: number
  readonly description?: string
  readonly tags?: ReadonlyArray<Tag>
}

/** An OIDC provider. A changed one is a new object. */
export type OIDCProviderRow = Dated & {
  readonly providerId: ProviderId
  readonly providerName: ProviderName
  readonly issuerUrl: string
  readonly clientIds: ReadonlyArray<string>
  readonly fingerprints: ReadonlyArray<string>
  /** Hours. */
  readonly issuanceLimitHours: number
  readonly description?: string
}

/** A SAML provider. A changed one is a new object. */
export type SAMLProviderRow = Dated & {
  readonly providerId: ProviderId
  readonly providerName: ProviderName
  readonly metadata: SamlMetadata
  readonly description?: string
}

export type PolicyVersionRow = {
  readonly versionId: VersionId
  readonly isDefault: boolean
  /** The document as submitted. */
  readonly document: string
  readonly createdAt: number
}

export type CustomPolicyRow = Dated & {
  readonly policyId: PolicyId
  readonly policyName: PolicyName
  readonly description?: string
  readonly tags?: ReadonlyArray<Tag>
  readonly defaultVersion: VersionId
  /** Oldest first. */
  readonly versions: ReadonlyArray<PolicyVersionRow>
}

export type AttachmentRow = {
  readonly accountId: string
  readonly policy: PolicyRef
  readonly target: AttachmentTarget
  readonly attachedAt: number
  readonly position: number
}

export type AccessKeyRow = {
  readonly accountId: string
  readonly accessKeyId: AccessKeyId
  readonly owner: AccessKeyOwner
  readonly status: AccessKeyStatus
  readonly createdAt: number
  readonly position: number
}

export type MFADeviceRow = {
  readonly accountId: string
  readonly deviceId: MFADeviceId
  readonly deviceName: VirtualMFADeviceName
  readonly secretRef: SecretRef
  /** Absent where whoever made it was permitted to make devices. */
  readonly madeBy?: DeviceMaker
  /**
   * Whose it is and since when; absent while it is bound to nobody. The position tells one binding
   * from every other.
   */
  readonly boundTo?: { readonly userId: UserId; readonly at: number; readonly position: number }
  readonly createdAt: number
  readonly position: number
}

/**
 * A policy as it is shown: one of the account's own, or one of the catalogue of system policies.
 */
export type PolicyRecord = {
  readonly policyType: 'Custom' | 'System'
  readonly ref: PolicyRef
  readonly policyName: PolicyName
  readonly description?: string
  readonly tags?: ReadonlyArray<Tag>
  readonly defaultVersion: VersionId
  /** Oldest first. */
  readonly versions: ReadonlyArray<PolicyVersionRow>
  readonly createdAt: number
  readonly updatedAt: number
}

/** Which page of a list: what comes after a position, oldest first. */
export type PageRequest = {
  /** Exclusive; absent for the first page. It is the `next` of the page before. */
  readonly after?: number
  /** How many items at most. Unit: items. */
  readonly limit: number
}

export type Page<Item> = {
  readonly items: ReadonlyArray<Item>
  /** There when more items follow. */
  readonly next?: number
}

/** Matches what carries every pair; a pair without a value matches any value of its key. */
export type TagFilter = ReadonlyArray<{ readonly key: string; readonly value?: string }>
