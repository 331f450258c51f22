/**
 * The state of the directory: its tables, and the indexes that make its questions quick.
 *
 * Invariant: the indexes are a function of the tables.
 */

import type { AccountAlias, AccountId } from '@grantlog/domain'
import { entityKey, ownerKey, policyKey, targetKey } from '../keys.js'
import type { OrderedList } from '../ordered-list.js'
import { byPosition, type Relation, relation } from '../relation.js'
import { type Table, table } from '../table.js'
import { listIn, type Roster, roster } from './roster.js'
import type {
  AccessKeyRow,
  AccountRow,
  AttachmentRow,
  CustomPolicyRow,
  GroupRow,
  LoginProfileRow,
  MembershipRow,
  MFADeviceRow,
  OIDCProviderRow,
  RoleRow,
  SAMLProviderRow,
  UserRow,
} from './rows.js'

export type DirectoryState = {
  readonly tables: {
    readonly accounts: Table<AccountRow>
    readonly users: Table<UserRow>
    readonly groups: Table<GroupRow>
    readonly memberships: Table<MembershipRow>
    readonly roles: Table<RoleRow>
    readonly policies: Table<CustomPolicyRow>
    readonly oidcProviders: Table<OIDCProviderRow>
    readonly samlProviders: Table<SAMLProviderRow>
    readonly attachments: Table<AttachmentRow>
    readonly accessKeys: Table<AccessKeyRow>
    readonly mfaDevices: Table<MFADeviceRow>
    readonly loginProfiles: Table<LoginProfileRow>
  }
  /** Who has which alias. */
  readonly aliases: Map<AccountAlias, AccountId>
  readonly users: Roster<UserRow>
  readonly groups: Roster<GroupRow>
  readonly roles: Roster<RoleRow>
  readonly policies: Roster<CustomPolicyRow>
  readonly oidcProviders: Roster<OIDCProviderRow>
  readonly samlProviders: Roster<SAMLProviderRow>
  readonly memberships: Relation<MembershipRow, 'user'>
  /** The memberships of each group, in the order of joining. */
  readonly members: Map<string, OrderedList>
  readonly attachments: Relation<AttachmentRow, 'target' | 'policy'>
  readonly accessKeys: Relation<AccessKeyRow, 'owner'>
  readonly mfaDevices: Roster<MFADeviceRow>
  /** The id of the device that is bound to each user. */
  readonly deviceOfUser: Map<string, string>
}

export const membershipKey = (accountId: string, groupId: string, userId: string): string =>
  `${accountId}/${groupId}/${userId}`

export const attachmentKey = (row: Pick<AttachmentRow, 'accountId' | 'target' | 'policy'>) =>
  `${targetKey(row.accountId, row.target)}/${policyKey(row.policy)}`

/** The group of a policy's attachments: inside one account, also for a system policy. */
export const policyInAccountKey = (accountId: string, policy: Parameters<typeof policyKey>[0]) =>
  `${accountId}/${policyKey(policy)}`

/** The named entities of each kind. */
const rosters = () => {
  const users = roster<UserRow>(
    (row) => row.userId,
    (row) => row.userName,
  )
  const groups = roster<GroupRow>(
    (row) => row.groupId,
    (row) => row.groupName,
  )
  const roles = roster<RoleRow>(
    (row) => row.roleId,
    (row) => row.roleName,
  )
  const policies = roster<CustomPolicyRow>(
    (row) => row.policyId,
    (row) => row.policyName,
  )
  const oidcProviders = roster<OIDCProviderRow>(
    (row) => row.providerId,
    (row) => row.providerName,
  )
  const samlProviders = roster<SAMLProviderRow>(
    (row) => row.providerId,
    (row) => row.providerName,
  )
  const mfaDevices = roster<MFADeviceRow>(
    (row) => row.deviceId,
    (row) => row.deviceName,
  )
  return { users, groups, roles, policies, oidcProviders, samlProviders, mfaDevices }
}

export const emptyDirectory = (): DirectoryState => {
  const named = rosters()
  const memberships = relation<MembershipRow, 'user'>(
    (row) => membershipKey(row.accountId, row.groupId, row.userId),
    { user: (row) => entityKey(row.accountId, row.userId) },
  )
  const attachments = relation<AttachmentRow, 'target' | 'policy'>(attachmentKey, {
    target: (row) => targetKey(row.accountId, row.target),
    policy: (row) => policyInAccountKey(row.accountId, row.policy),
  })
  const accessKeys = relation<AccessKeyRow, 'owner'>(
    (row) => entityKey(row.accountId, row.accessKeyId),
    { owner: (row) => ownerKey(row.accountId, row.owner) },
  )
  const tables = {
    accounts: table<AccountRow>(),
    users: named.users.rows,
    groups: named.groups.rows,
    memberships: memberships.rows,
    roles: named.roles.rows,
    policies: named.policies.rows,
    oidcProviders: named.oidcProviders.rows,
    samlProviders: named.samlProviders.rows,
    attachments: attachments.rows,
    accessKeys: accessKeys.rows,
    mfaDevices: named.mfaDevices.rows,
    loginProfiles: table<LoginProfileRow>(),
  }
  const relations = { memberships, attachments, accessKeys }
  const members = new Map<string, OrderedList>()
  const deviceOfUser = new Map<string, string>()
  const aliases = new Map<AccountAlias, AccountId>()
  return { tables, ...named, ...relations, members, deviceOfUser, aliases }
}

export const join = (state: DirectoryState, row: MembershipRow): void => {
  const key = membershipKey(row.accountId, row.groupId, row.userId)
  if (state.memberships.get(key) !== undefined) return
  state.memberships.put(row)
  listIn(state.members, entityKey(row.accountId, row.groupId)).add(row.position, key)
}

export const leave = (state: DirectoryState, key: string): void => {
  const row = state.memberships.drop(key)
  if (row === undefined) return
  state.members.get(entityKey(row.accountId, row.groupId))?.remove(row.position)
}

export const reindexDirectory = (state: DirectoryState): DirectoryState => {
  const providers = [state.oidcProviders, state.samlProviders]
  const indexes = [
    state.users,
    state.groups,
    state.roles,
    state.policies,
    state.mfaDevices,
    ...providers,
  ]
  for (const index of [...indexes, state.memberships, state.attachments, state.accessKeys])
    index.reindex()
  state.members.clear()
  for (const [key, row] of byPosition(state.tables.memberships))
    listIn(state.members, entityKey(row.accountId, row.groupId)).add(row.position, key)
  state.deviceOfUser.clear()
  for (const [, { accountId, deviceId, boundTo }] of state.tables.mfaDevices.entries())
    if (boundTo !== undefined)
      state.deviceOfUser.set(entityKey(accountId, boundTo.userId), deviceId)
  state.aliases.clear()
  for (const [, { accountId, alias }] of state.tables.accounts.entries())
    if (alias !== undefined) state.aliases.set(alias, accountId)
  return state
}
