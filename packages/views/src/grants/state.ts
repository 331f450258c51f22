/**
 * The state of the grants view: who exists, which policies are in force, and who holds them.
 *
 * Invariant: the indexes are a function of the tables. A document is held while it is the default
 * version of a policy or the trust policy of a role.
 */
import type {
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
import { type HeldDocuments, heldDocuments } from '../documents.js'
import { SYSTEM_TEXTS } from '../holder.js'
import { entityKey, nameIndexKey, policyKey, targetKey } from '../keys.js'
import { type Relation, relation } from '../relation.js'
import { type Table, table } from '../table.js'
import { type CompiledGrants, compiledGrants } from './compiled.js'

type Placed = { readonly accountId: string; readonly position: number }

export type GrantUserRow = Placed & { readonly userId: UserId; readonly userName: UserName }
export type GrantGroupRow = Placed & { readonly groupId: GroupId; readonly groupName: GroupName }

export type GrantRoleRow = Placed & {
  readonly roleId: RoleId
  readonly roleName: RoleName
  /** Seconds. */
  readonly maxSessionDuration: number
  readonly trustPolicy: string
  readonly trustees: ReadonlyArray<Trustee>
  /** Counts the trust policies that the role has had, from 1. */
  readonly trustVersion: number
}

export type GrantPolicyRow = Placed & {
  readonly policyId: PolicyId
  readonly policyName: PolicyName
  readonly defaultVersion: VersionId
  readonly versions: ReadonlyArray<{ readonly versionId: VersionId; readonly document: string }>
}

export type GrantMembershipRow = Placed & { readonly userId: UserId; readonly groupId: GroupId }

export type GrantAttachmentRow = Placed & {
  readonly policy: PolicyRef
  readonly target: AttachmentTarget
}

export type GrantsState = {
  readonly tables: {
    readonly users: Table<GrantUserRow>
    readonly groups: Table<GrantGroupRow>
    readonly roles: Table<GrantRoleRow>
    readonly policies: Table<GrantPolicyRow>
    readonly memberships: Table<GrantMembershipRow>
    readonly attachments: Table<GrantAttachmentRow>
  }
  readonly roles: Relation<GrantRoleRow, 'name'>
  readonly memberships: Relation<GrantMembershipRow, 'user' | 'group'>
  readonly attachments: Relation<GrantAttachmentRow, 'target'>
  readonly identityDocuments: HeldDocuments
  readonly trustDocuments: HeldDocuments
  readonly compiled: CompiledGrants
}

export const grantMembershipKey = (accountId: string, userId: string, groupId: string): string =>
  `${accountId}/${userId}/${groupId}`

export const grantAttachmentKey = (
  row: Pick<GrantAttachmentRow, 'accountId' | 'policy' | 'target'>,
): string => `${targetKey(row.accountId, row.target)}/${policyKey(row.policy)}`

export const emptyGrants = (): GrantsState => {
  const roles = relation<GrantRoleRow, 'name'>((row) => entityKey(row.accountId, row.roleId), {
    name: (row) => nameIndexKey(row.accountId, row.roleName),
  })
  const memberships = relation<GrantMembershipRow, 'user' | 'group'>(
    (row) => grantMembershipKey(row.accountId, row.userId, row.groupId),
    {
      user: (row) => entityKey(row.accountId, row.userId),
      group: (row) => entityKey(row.accountId, row.groupId),
    },
  )
  const attachments = relation<GrantAttachmentRow, 'target'>(grantAttachmentKey, {
    target: (row) => targetKey(row.accountId, row.target),
  })
  return {
    tables: {
      users: table(),
      groups: table(),
      roles: roles.rows,
      policies: table(),
      memberships: memberships.rows,
      attachments: attachments.rows,
    },
    roles,
    memberships,
    attachments,
    identityDocuments: identityDocumentsWithSystem(),
    trustDocuments: heldDocuments('trust'),
    compiled: compiledGrants(),
  }
}

/** The text that is in force for a policy. */
export const defaultDocument = (row: GrantPolicyRow): string | undefined =>
  row.versions.find((version) => version.versionId === row.defaultVersion)?.document

/**
 * Puts a policy in place of what was there, and holds the document that is in force from now on.
 */
export const putGrantPolicy = (state: GrantsState, row: GrantPolicyRow): void => {
  const key = entityKey(row.accountId, row.policyId)
  const before = state.tables.policies.get(key)
  hold(state.identityDocuments, defaultDocument(row))
  if (before !== undefined) release(state.identityDocuments, defaultDocument(before))
  state.tables.policies.set(key, row)
}

export const dropGrantPolicy = (state: GrantsState, accountId: string, policyId: string): void => {
  const key = entityKey(accountId, policyId)
  const row = state.tables.policies.get(key)
  if (row === undefined) return
  release(state.identityDocuments, defaultDocument(row))
  state.tables.policies.delete(key)
}

export const putGrantRole = (state: GrantsState, row: GrantRoleRow): void => {
  const before = state.roles.get(entityKey(row.accountId, row.roleId))
  state.trustDocuments.hold(row.trustPolicy)
  if (before !== undefined) state.trustDocuments.release(before.trustPolicy)
  state.roles.put(row)
}

export const dropGrantRole = (state: GrantsState, accountId: string, roleId: string): void => {
  const row = state.roles.drop(entityKey(accountId, roleId))
  if (row !== undefined) state.trustDocuments.release(row.trustPolicy)
}

/** Documents are shared by text, so a state whose rows were loaded starts with none held. */
export const reindexGrants = (state: GrantsState): GrantsState => {
  state.roles.reindex()
  state.memberships.reindex()
  state.attachments.reindex()
  const identityDocuments = identityDocumentsWithSystem()
  const trustDocuments = heldDocuments('trust')
  for (const [, row] of state.tables.policies.entries())
    hold(identityDocuments, defaultDocument(row))
  for (const [, row] of state.tables.roles.entries()) trustDocuments.hold(row.trustPolicy)
  return { ...state, identityDocuments, trustDocuments, compiled: compiledGrants() }
}

/** The catalogue is in force in every account and never released. */
const identityDocumentsWithSystem = (): HeldDocuments => {
  const documents = heldDocuments('identity')
  for (const text of SYSTEM_TEXTS) documents.hold(text)
  return documents
}

const hold = (documents: HeldDocuments, text: string | undefined): void => {
  if (text !== undefined) documents.hold(text)
}

const release = (documents: HeldDocuments, text: string | undefined): void => {
  if (text !== undefined) documents.release(text)
}
