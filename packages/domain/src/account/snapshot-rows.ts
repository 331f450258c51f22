/**
 * How one entity of an account's state is written as a row of a snapshot: a codec for each kind,
 * and the way from the entity to its row.
 *
 * A row says nothing that another row says too. Counts, indexes and the keys that a user holds are
 * left out, and found again from the rows they come from. Invariant: equal entities give equal
 * rows, so sets are written in order. A changed codec here raises SNAPSHOT_VERSION.
 */
import { closed } from '@grantlog/policy'
import type { Set as ISet } from 'immutable'
import * as t from 'io-ts'
import {
  AccessKeyStatus,
  AccountId,
  GroupId,
  GroupName,
  PolicyId,
  PolicyName,
  ProviderName,
  RoleName,
  Sealed,
  SecretRef,
  Tag,
  UserId,
  UserName,
  VersionId,
  VirtualMFADeviceName,
} from '../names.js'
import { PrincipalRef } from './entity/events.js'
import { EntityKind, EntityName, EntityType } from './entity/limits.js'
import { DeviceMaker } from './mfa/events.js'
import { Trustee } from './role/events.js'
import { SamlMetadata } from './saml-provider/metadata.js'
import { AccessRecording } from './settings/access-recording.js'
import { PasswordPolicy } from './settings/password-policy.js'
import { SecurityPreference } from './settings/security-preference.js'
import type {
  AccessKeyRecord,
  AccountState,
  Attachments,
  EntityRecord,
  GroupRecord,
  MFADeviceRecord,
  OIDCProviderRecord,
  PolicyRecord,
  RoleRecord,
  SAMLProviderRecord,
  UserRecord,
} from './state.js'

/** The key of the one row that every snapshot has. */
export const ACCOUNT_ROW = 'account'

/** The account itself, and how many rows of each kind there must be, so that none can be lost. */
export const AccountRow = t.union(
  [
    closed({ type: t.literal('Unopened') }),
    closed({
      type: t.literal('Open'),
      accountId: AccountId,
      accessRecording: AccessRecording,
      passwordPolicy: PasswordPolicy,
      securityPreference: SecurityPreference,
      accessKeys: t.number,
      entities: t.number,
      groups: t.number,
      mfaDevices: t.number,
      oidcProviders: t.number,
      policies: t.number,
      roles: t.number,
      samlProviders: t.number,
      users: t.number,
    }),
  ],
  'AccountRow',
)
export type AccountRow = t.TypeOf<typeof AccountRow>

const Profile = closed(
  {},
  { displayName: Sealed, mobilePhone: Sealed, email: Sealed, comments: Sealed },
  'Profile',
)

/** What is attached; a member is absent when it would be empty, as it is for most. */
const attachments = {
  custom: t.readonlyArray(PolicyId),
  /** Names without case. */
  system: t.readonlyArray(t.string),
}

const LoginProfile = closed(
  {
    passwordRef: SecretRef,
    earlierRefs: t.readonlyArray(SecretRef),
    passwordResetRequired: t.boolean,
    mfaBindRequired: t.boolean,
  },
  {},
  'LoginProfile',
)

export const UserRow = closed(
  { userName: UserName },
  {
    profile: Profile,
    groupIds: t.readonlyArray(GroupId),
    wrongCodes: closed({ inRow: t.number }, { lockedUntil: t.number }, 'WrongCodes'),
    loginProfile: LoginProfile,
    ...attachments,
  },
  'UserRow',
)
export type UserRow = t.TypeOf<typeof UserRow>

export const AccessKeyRow = closed(
  { status: AccessKeyStatus, secretRef: SecretRef },
  /** Absent for a key of the account itself. */
  { userId: UserId },
  'AccessKeyRow',
)
export type AccessKeyRow = t.TypeOf<typeof AccessKeyRow>

export const MFADeviceRow = closed(
  { deviceName: VirtualMFADeviceName, secretRef: SecretRef },
  /** Absent while it is bound to nobody, before its first code was used, and by the permitted. */
  { userId: UserId, lastStep: t.number, madeBy: DeviceMaker },
  'MFADeviceRow',
)
export type MFADeviceRow = t.TypeOf<typeof MFADeviceRow>

/** What a role or policy carries; absent when there are none, as for most. */
const tags = { tags: t.readonlyArray(Tag) }

export const GroupRow = closed(
  { groupName: GroupName, comments: t.string },
  attachments,
  'GroupRow',
)
export type GroupRow = t.TypeOf<typeof GroupRow>

export const RoleRow = closed(
  {
    roleName: RoleName,
    trustPolicy: t.string,
    trustees: t.readonlyArray(Trustee),
    description: t.string,
    maxSessionDuration: t.number,
  },
  { ...attachments, ...tags },
  'RoleRow',
)
export type RoleRow = t.TypeOf<typeof RoleRow>

export const PolicyRow = closed(
  {
    policyName: PolicyName,
    description: t.string,
    versionIds: t.readonlyArray(VersionId),
    defaultVersionId: VersionId,
    nextVersion: t.number,
  },
  tags,
  'PolicyRow',
)
export type PolicyRow = t.TypeOf<typeof PolicyRow>

export const EntityRow = closed(
  {
    kind: EntityKind,
    entityType: EntityType,
    name: EntityName,
    actsAs: t.readonlyArray(PrincipalRef),
  },
  { properties: Sealed },
  'EntityRow',
)
export type EntityRow = t.TypeOf<typeof EntityRow>

export const OIDCProviderRow = closed(
  {
    providerName: ProviderName,
    issuerUrl: t.string,
    clientIds: t.readonlyArray(t.string),
    fingerprints: t.readonlyArray(t.string),
    issuanceLimitHours: t.number,
    description: t.string,
  },
  {},
  'OIDCProviderRow',
)
export type OIDCProviderRow = t.TypeOf<typeof OIDCProviderRow>

export const SAMLProviderRow = closed(
  { providerName: ProviderName, metadata: SamlMetadata, description: t.string },
  {},
  'SAMLProviderRow',
)
export type SAMLProviderRow = t.TypeOf<typeof SAMLProviderRow>

/** What a row may hold; all of it can be written as JSON. */
export type StateRowValue =
  | AccountRow
  | UserRow
  | AccessKeyRow
  | MFADeviceRow
  | GroupRow
  | RoleRow
  | PolicyRow
  | OIDCProviderRow
  | SAMLProviderRow
  | EntityRow

export const accountRow = (state: AccountState): AccountRow =>
  state.type === 'Unopened'
    ? { type: 'Unopened' }
    : {
        type: 'Open',
        accountId: state.accountId,
        accessRecording: state.accessRecording,
        passwordPolicy: state.passwordPolicy,
        securityPreference: state.securityPreference,
        accessKeys: state.accessKeys.size,
        entities: state.entities.size,
        groups: state.groups.size,
        mfaDevices: state.mfaDevices.size,
        oidcProviders: state.oidcProviders.size,
        policies: state.policies.size,
        roles: state.roles.size,
        samlProviders: state.samlProviders.size,
        users: state.users.size,
      }

export const userRow = (user: UserRecord): UserRow => {
  const { userName, profile, groupIds, loginProfile, wrongCodes, attachments } = user
  return {
    userName,
    ...(Object.keys(profile).length > 0 && { profile }),
    ...(!groupIds.isEmpty() && { groupIds: inOrder(groupIds) }),
    ...(loginProfile !== undefined && { loginProfile }),
    ...(wrongCodes !== undefined && { wrongCodes }),
    ...attachmentsRow(attachments),
  }
}

export const mfaDeviceRow = ({ deviceId: _, ...device }: MFADeviceRecord): MFADeviceRow => device

export const accessKeyRow = ({ owner, status, secretRef }: AccessKeyRecord): AccessKeyRow => ({
  status,
  secretRef,
  ...(owner.type === 'User' && { userId: owner.userId }),
})

export const groupRow = ({ groupName, comments, attachments }: GroupRecord): GroupRow => ({
  groupName,
  comments,
  ...attachmentsRow(attachments),
})

export const roleRow = ({ roleId: _, attachments, tags, ...role }: RoleRecord): RoleRow => ({
  ...role,
  ...tagsRow(tags),
  ...attachmentsRow(attachments),
})

export const policyRow = (record: PolicyRecord): PolicyRow => {
  const { policyId: _, attachedTo: __, tags, ...policy } = record
  return { ...policy, ...tagsRow(tags) }
}

export const oidcProviderRow = ({
  providerId: _,
  ...provider
}: OIDCProviderRecord): OIDCProviderRow => provider

export const samlProviderRow = ({
  providerId: _,
  ...provider
}: SAMLProviderRecord): SAMLProviderRow => provider

export const entityRow = ({ entityId: _, ...entity }: EntityRecord): EntityRow => entity

const tagsRow = (tags: ReadonlyArray<Tag>) => (tags.length === 0 ? {} : { tags })

const attachmentsRow = ({ custom, system }: Attachments) => ({
  ...(!custom.isEmpty() && { custom: inOrder(custom) }),
  ...(!system.isEmpty() && { system: inOrder(system) }),
})

const inOrder = <Text extends string>(texts: ISet<Text>): ReadonlyArray<Text> => [...texts].sort()
