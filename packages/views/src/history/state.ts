/**
 * The state of the history view: for each relation its intervals, and the indexes that follow from
 * them.
 *
 * Invariant: the indexes are a function of the tables.
 */
import { type PastDocuments, pastDocuments } from '../documents.js'
import { entityKey, nameIndexKey, ownerKey, policyKey } from '../keys.js'
import { type Table, table } from '../table.js'
import { type CompiledHistory, compiledHistory } from './compiled.js'
import { type Holders, holders } from './holders.js'
import { type Interval, type Intervals, intervals } from './intervals.js'
import { type Mark, type Marks, marks } from './marks.js'
import { type NameHistory, nameHistory } from './names.js'
import {
  type PastAccessKey,
  type PastAttachment,
  type PastDefault,
  type PastGroup,
  type PastLoginProfile,
  type PastMembership,
  type PastMFADevice,
  type PastPolicy,
  type PastPolicyVersion,
  type PastProvider,
  type PastRole,
  type PastRoleSettings,
  type PastTrust,
  type PastUser,
  policyOfVersion,
  targetOf,
} from './rows.js'

type Rows<Value> = Table<Interval<Value>>

export type HistoryState = {
  readonly tables: {
    readonly marks: Table<Mark>
    readonly users: Rows<PastUser>
    readonly groups: Rows<PastGroup>
    readonly roles: Rows<PastRole>
    readonly roleSettings: Rows<PastRoleSettings>
    readonly trusts: Rows<PastTrust>
    readonly memberships: Rows<PastMembership>
    readonly attachments: Rows<PastAttachment>
    readonly policies: Rows<PastPolicy>
    readonly policyVersions: Rows<PastPolicyVersion>
    readonly defaultVersions: Rows<PastDefault>
    readonly accessKeys: Rows<PastAccessKey>
    readonly mfaDevices: Rows<PastMFADevice>
    readonly loginProfiles: Rows<PastLoginProfile>
    readonly providers: Rows<PastProvider>
    /** The first revocation of each session that was revoked. */
    readonly revocations: Table<Mark>
  }
  readonly marks: Marks
  readonly users: Intervals<PastUser, 'account'>
  readonly groups: Intervals<PastGroup>
  readonly roles: Intervals<PastRole, 'account'>
  readonly roleSettings: Intervals<PastRoleSettings>
  readonly trusts: Intervals<PastTrust>
  readonly memberships: Intervals<PastMembership, 'user' | 'group'>
  readonly attachments: Intervals<PastAttachment, 'target' | 'policy'>
  readonly policies: Intervals<PastPolicy, 'account'>
  readonly policyVersions: Intervals<PastPolicyVersion, 'policy'>
  readonly defaultVersions: Intervals<PastDefault>
  readonly accessKeys: Intervals<PastAccessKey, 'owner'>
  /** By the user that a device is bound to. */
  readonly mfaDevices: Intervals<PastMFADevice>
  readonly loginProfiles: Intervals<PastLoginProfile>
  readonly providers: Intervals<PastProvider>
  readonly holders: Holders
  readonly userNames: NameHistory<PastUser>
  readonly roleNames: NameHistory<PastRole>
  readonly groupNames: NameHistory<PastGroup>
  readonly policyNames: NameHistory<PastPolicy>
  readonly identityDocuments: PastDocuments
  readonly trustDocuments: PastDocuments
  readonly compiled: CompiledHistory
}

const indexes = () => {
  const identityDocuments = pastDocuments('identity')
  return {
    identityDocuments,
    trustDocuments: pastDocuments('trust'),
    compiled: compiledHistory(),
    holders: holders(identityDocuments),
    userNames: nameHistory<PastUser>((row) => nameIndexKey(row.accountId, row.userName)),
    roleNames: nameHistory<PastRole>((row) => nameIndexKey(row.accountId, row.roleName)),
    groupNames: nameHistory<PastGroup>((row) => nameIndexKey(row.accountId, row.groupName)),
    policyNames: nameHistory<PastPolicy>((row) => nameIndexKey(row.accountId, row.policyName)),
  }
}

const inAccount = { account: (row: { readonly accountId: string }) => row.accountId }

const relationsOf = ({
  holders,
  userNames,
  roleNames,
  groupNames,
  policyNames,
}: ReturnType<typeof indexes>) => ({
  marks: marks(),
  users: intervals<PastUser, 'account'>(inAccount, [holders.users, userNames]),
  groups: intervals<PastGroup>({}, [holders.groups, groupNames]),
  roles: intervals<PastRole, 'account'>(inAccount, [holders.roles, roleNames]),
  roleSettings: intervals<PastRoleSettings>({}),
  trusts: intervals<PastTrust>({}),
  memberships: intervals<PastMembership, 'user' | 'group'>(
    {
      user: (row) => entityKey(row.accountId, row.userId),
      group: (row) => entityKey(row.accountId, row.groupId),
    },
    [holders.memberships],
  ),
  attachments: intervals<PastAttachment, 'target' | 'policy'>(
    { target: targetOf, policy: (row) => entityKey(row.accountId, policyKey(row.policy)) },
    [holders.attachments],
  ),
  policies: intervals<PastPolicy, 'account'>(inAccount, [policyNames]),
  policyVersions: intervals<PastPolicyVersion, 'policy'>({ policy: policyOfVersion }),
  defaultVersions: intervals<PastDefault>({}, [holders.defaultVersions]),
  accessKeys: intervals<PastAccessKey, 'owner'>({
    owner: (row) => ownerKey(row.accountId, row.owner),
  }),
  mfaDevices: intervals<PastMFADevice>({}),
  loginProfiles: intervals<PastLoginProfile>({}),
  providers: intervals<PastProvider>({}),
})

export const emptyHistory = (): HistoryState => {
  const derived = indexes()
  const relations = relationsOf(derived)
  return {
    ...relations,
    ...derived,
    tables: {
      marks: relations.marks.rows,
      users: relations.users.rows,
      groups: relations.groups.rows,
      roles: relations.roles.rows,
      roleSettings: relations.roleSettings.rows,
      trusts: relations.trusts.rows,
      memberships: relations.memberships.rows,
      attachments: relations.attachments.rows,
      policies: relations.policies.rows,
      policyVersions: relations.policyVersions.rows,
      defaultVersions: relations.defaultVersions.rows,
      accessKeys: relations.accessKeys.rows,
      mfaDevices: relations.mfaDevices.rows,
      loginProfiles: relations.loginProfiles.rows,
      providers: relations.providers.rows,
      revocations: table(),
    },
  }
}

export const reindexHistory = (state: HistoryState): HistoryState => {
  const { holders, userNames, roleNames, groupNames, policyNames } = state
  for (const followers of [holders, userNames, roleNames, groupNames, policyNames])
    followers.clear()
  state.marks.reindex()
  state.users.reindex()
  state.groups.reindex()
  state.roles.reindex()
  state.roleSettings.reindex()
  state.trusts.reindex()
  state.memberships.reindex()
  state.attachments.reindex()
  state.policies.reindex()
  state.policyVersions.reindex()
  state.defaultVersions.reindex()
  state.accessKeys.reindex()
  state.mfaDevices.reindex()
  state.loginProfiles.reindex()
  state.providers.reindex()
  return state
}
