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
  RoleName,
  Sealed,
  SecretRef,
  UserId,
  UserName,
  VersionId,
} from '../names.js'
import { PrincipalRef } from './entity/events.js'
import { EntityKind, EntityName, EntityType } from './entity/limits.js'
import { Trustee } from './role/events.js'
import { AccessRecording } from './settings/access-recording.js'
import { PasswordPolicy } from './settings/password-policy.js'
import { SecurityPreference } from './settings/security-preference.js'
import type {
  AccessKeyRecord,
  AccountState,
  Attachments,
  EntityRecord,
  GroupRecord,
  PolicyRecord,
  RoleRecord,
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
      policies: t.number,
      roles: t.number,
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
  attachments,
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
  {},
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

/** What a row may hold; all of it can be written as JSON. */
export type StateRowValue =
  | AccountRow
  | UserRow
  | AccessKeyRow
  | GroupRow
  | RoleRow
  | PolicyRow
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
        policies: state.policies.size,
        roles: state.roles.size,
        users: state.users.size,
      }

export const userRow = ({
  userName,
  profile,
  groupIds,
  loginProfile,
  attachments,
}: UserRecord): UserRow => ({
  userName,
  ...(Object.keys(profile).length > 0 && { profile }),
  ...(!groupIds.isEmpty() && { groupIds: inOrder(groupIds) }),
  ...(loginProfile !== undefined && { loginProfile }),
  ...attachmentsRow(attachments),
})

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

export const roleRow = ({ roleId: _, attachments, ...role }: RoleRecord): RoleRow => ({
  ...role,
  ...attachmentsRow(attachments),
})

export const policyRow = ({ policyId: _, attachedTo: __, ...policy }: PolicyRecord): PolicyRow =>
  policy

export const entityRow = ({ entityId: _, ...entity }: EntityRecord): EntityRow => entity

const attachmentsRow = ({ custom, system }: Attachments) => ({
  ...(!custom.isEmpty() && { custom: inOrder(custom) }),
  ...(!system.isEmpty() && { system: inOrder(system) }),
})

const inOrder = <Text extends string>(texts: ISet<Text>): ReadonlyArray<Text> => [...texts].sort()
