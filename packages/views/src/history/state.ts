/**
 * The state of the history view: for each relation its intervals, and the indexes that follow from
 * them.
 *
 * Invariant: the indexes are a function of the tables.
 */
import type {
  AccessKeyId,
  AccessKeyOwner,
  AccessKeyStatus,
  AttachmentTarget,
  GroupId,
  GroupName,
  PolicyId,
  PolicyName,
  PolicyRef,
  RoleId,
  RoleName,
  Trustee,
  UserId,
  UserName,
  VersionId,
} from '@grantlog/domain'
import { type PastDocuments, pastDocuments } from '../documents.js'
import { entityKey, nameIndexKey, ownerKey, policyKey, targetKey } from '../keys.js'
import type { Table } from '../table.js'
import { type Holdings, holdings } from './holdings.js'
import { type Interval, type Intervals, intervals } from './intervals.js'
import { type Mark, type Marks, marks } from './marks.js'
import { type NameHistory, nameHistory } from './names.js'

type InAccount = { readonly accountId: string }

export type PastUser = InAccount & { readonly userId: UserId; readonly userName: UserName }
export type PastGroup = InAccount & { readonly groupId: GroupId; readonly groupName: GroupName }
export type PastRole = InAccount & { readonly roleId: RoleId; readonly roleName: RoleName }
/** Seconds. */
export type PastRoleSettings = { readonly maxSessionDuration: number }
/** `version` counts the trust policies that the role has had, from 1. */
export type PastTrust = {
  readonly trustPolicy: string
  readonly version: number
  readonly trustees: ReadonlyArray<Trustee>
}
export type PastMembership = InAccount & { readonly userId: UserId; readonly groupId: GroupId }
export type PastAttachment = InAccount & {
  readonly policy: PolicyRef
  readonly target: AttachmentTarget
}
export type PastPolicy = InAccount & {
  readonly policyId: PolicyId
  readonly policyName: PolicyName
}
export type PastPolicyVersion = { readonly document: string }
/** The version that is in force, with all that a decision needs of it. */
export type PastDefault = {
  readonly policyId: PolicyId
  readonly policyName: PolicyName
  readonly versionId: VersionId
  readonly document: string
}
export type PastAccessKey = InAccount & {
  readonly accessKeyId: AccessKeyId
  readonly owner: AccessKeyOwner
  readonly status: AccessKeyStatus
}

/** A group as a member's look-up needs it, with the keys under which it is found. */
export type HeldGroup = {
  readonly groupId: GroupId
  readonly subject: string
  readonly target: string
}
/** An attached policy as a look-up needs it, with its key. */
export type HeldAttachment = { readonly policy: PolicyRef; readonly subject: string }

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
  }
  readonly marks: Marks
  readonly users: Intervals<PastUser>
  readonly groups: Intervals<PastGroup>
  readonly roles: Intervals<PastRole>
  readonly roleSettings: Intervals<PastRoleSettings>
  readonly trusts: Intervals<PastTrust>
  readonly memberships: Intervals<PastMembership, 'user' | 'group'>
  readonly attachments: Intervals<PastAttachment, 'target'>
  readonly policies: Intervals<PastPolicy>
  readonly policyVersions: Intervals<PastPolicyVersion>
  readonly defaultVersions: Intervals<PastDefault>
  readonly accessKeys: Intervals<PastAccessKey, 'owner'>
  readonly groupsOfUser: Holdings<PastMembership, HeldGroup>
  readonly policiesOfTarget: Holdings<PastAttachment, HeldAttachment>
  readonly userNames: NameHistory<PastUser>
  readonly roleNames: NameHistory<PastRole>
  readonly groupNames: NameHistory<PastGroup>
  readonly identityDocuments: PastDocuments
  readonly trustDocuments: PastDocuments
}

export const membershipSubject = (row: {
  readonly accountId: string
  readonly userId: string
  readonly groupId: string
}): string => `${row.accountId}/${row.userId}/${row.groupId}`

export const attachmentSubject = ({ accountId, target, policy }: PastAttachment): string =>
  `${targetKey(accountId, target)}/${policyKey(policy)}`

export const versionSubject = (accountId: string, policyId: string, versionId: string): string =>
  `${accountId}/${policyId}/${versionId}`

const userOf = (row: PastMembership): string => entityKey(row.accountId, row.userId)
const targetOf = (row: PastAttachment): string => targetKey(row.accountId, row.target)

const heldGroup = ({ accountId, groupId }: PastMembership): HeldGroup => ({
  groupId,
  subject: entityKey(accountId, groupId),
  target: targetKey(accountId, { type: 'Group', groupId }),
})

export const heldAttachment = ({ accountId, policy }: PastAttachment): HeldAttachment => ({
  policy,
  subject: entityKey(accountId, policy.type === 'Custom' ? policy.policyId : policyKey(policy)),
})

/** One item for all who hold the same: there are many holders and few groups and policies. */
const shared = <Value, Item extends { readonly subject: string }>(
  itemOf: (value: Value) => Item,
): ((value: Value) => Item) => {
  const items = new Map<string, Item>()
  return (value) => {
    const item = itemOf(value)
    const known = items.get(item.subject)
    if (known !== undefined) return known
    items.set(item.subject, item)
    return item
  }
}

const emptyRelations = () => ({
  marks: marks(),
  users: intervals<PastUser>({}),
  groups: intervals<PastGroup>({}),
  roles: intervals<PastRole>({}),
  roleSettings: intervals<PastRoleSettings>({}),
  trusts: intervals<PastTrust>({}),
  memberships: intervals<PastMembership, 'user' | 'group'>({
    user: userOf,
    group: (row) => entityKey(row.accountId, row.groupId),
  }),
  attachments: intervals<PastAttachment, 'target'>({ target: targetOf }),
  policies: intervals<PastPolicy>({}),
  policyVersions: intervals<PastPolicyVersion>({}),
  defaultVersions: intervals<PastDefault>({}),
  accessKeys: intervals<PastAccessKey, 'owner'>({
    owner: (row) => ownerKey(row.accountId, row.owner),
  }),
})

export const emptyHistory = (): HistoryState => {
  const relations = emptyRelations()
  return {
    ...relations,
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
    },
    groupsOfUser: holdings(userOf, shared(heldGroup)),
    policiesOfTarget: holdings(targetOf, shared(heldAttachment)),
    userNames: nameHistory((row) => nameIndexKey(row.accountId, row.userName)),
    roleNames: nameHistory((row) => nameIndexKey(row.accountId, row.roleName)),
    groupNames: nameHistory((row) => nameIndexKey(row.accountId, row.groupName)),
    identityDocuments: pastDocuments('identity'),
    trustDocuments: pastDocuments('trust'),
  }
}

export const reindexHistory = (state: HistoryState): HistoryState => {
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
  state.groupsOfUser.reindex(state.tables.memberships)
  state.policiesOfTarget.reindex(state.tables.attachments)
  state.userNames.reindex(state.tables.users)
  state.roleNames.reindex(state.tables.roles)
  state.groupNames.reindex(state.tables.groups)
  return state
}
