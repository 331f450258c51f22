/**
 * What can be asked of the grants of now.
 *
 * Whatever cannot be known for certain is answered by undefined, and an unknown holder is denied:
 * one policy that is missing or does not parse might have been the one that says no.
 */
import type { PolicyRef } from '@grantlog/domain'
import type {
  AuthorizationRequest,
  CompiledRequest,
  Decision,
  PolicyInForce,
  Verdict,
} from '@grantlog/policy'
import {
  type HeldUser,
  type Holder,
  type HolderRef,
  inForce,
  type RoleTrust,
  systemVersionInForce,
  trustInForce,
  type VersionInForce,
  type Via,
} from '../holder.js'
import { entityKey, nameIndexKey, principalKey } from '../keys.js'
import type { Holdings, HoldingsAndTrust } from './compiled.js'
import { defaultDocument, type GrantRoleRow, type GrantsState } from './state.js'

/** Undefined for whoever does not exist, and when any of the policies cannot be read. */
export const policiesInForce = (state: GrantsState, holder: HolderRef): Holder | undefined => {
  const { type, accountId, id } = holder
  const label = labelOf(state, holder)
  if (label === undefined) return undefined
  const policies: Array<PolicyInForce> = []
  if (!collect(state, accountId, { type, id, name: label }, policies)) return undefined
  if (type === 'Role') return { label, policies }

  for (const { groupId } of state.memberships.of('user', entityKey(accountId, id))) {
    const group = state.tables.groups.get(entityKey(accountId, groupId))
    if (group === undefined) return undefined
    const via: Via = { type: 'Group', id: groupId, name: group.groupName }
    if (!collect(state, accountId, via, policies)) return undefined
  }
  return { label, policies }
}

/** Decides on compiled policies, exactly as `authorize` does on `policiesInForce`. */
export const decideOnGrants = (
  state: GrantsState,
  request: CompiledRequest,
  asking: Holdings,
): Verdict => state.compiled.decide(request, asking, (holder) => policiesInForce(state, holder))

/** The same for one asker, again and again. */
export const deciderOnGrants = (
  state: GrantsState,
  asking: Holdings,
): ((request: CompiledRequest) => Verdict) =>
  state.compiled.decider(asking, (holder) => policiesInForce(state, holder))

/** The same decision with the statements that made it, equal to the one of `authorize`. */
export const justifyOnGrants = (
  state: GrantsState,
  request: AuthorizationRequest,
  asking: HoldingsAndTrust,
): Decision => state.compiled.justify(request, asking, (holder) => policiesInForce(state, holder))

/** Whether `policiesInForce` can say what a holder holds. */
export const isKnownHolder = (state: GrantsState, holder: HolderRef): boolean =>
  state.compiled.knows(holder, (one) => policiesInForce(state, one))

/**
 * By the name of the role, compared without case. Undefined also when the trust policy cannot be
 * read.
 */
export const findTrust = (
  state: GrantsState,
  accountId: string,
  roleName: string,
): RoleTrust | undefined => {
  const [row] = state.roles.of('name', nameIndexKey(accountId, roleName))
  return row && roleTrust(state, row)
}

export const roleById = (
  state: GrantsState,
  accountId: string,
  roleId: string,
): RoleTrust | undefined => {
  const row = state.roles.get(entityKey(accountId, roleId))
  return row && roleTrust(state, row)
}

export const userById = (
  state: GrantsState,
  accountId: string,
  userId: string,
): HeldUser | undefined => {
  const row = state.tables.users.get(entityKey(accountId, userId))
  return row && { accountId, userId: row.userId, userName: row.userName }
}

const labelOf = (state: GrantsState, { type, accountId, id }: HolderRef): string | undefined => {
  switch (type) {
    case 'User':
      return state.tables.users.get(entityKey(accountId, id))?.userName
    case 'Role':
      return state.roles.get(entityKey(accountId, id))?.roleName
  }
}

/** Adds what is attached to one target; false when something attached cannot be read. */
const collect = (
  state: GrantsState,
  accountId: string,
  via: Via,
  policies: Array<PolicyInForce>,
): boolean => {
  for (const row of state.attachments.of('target', principalKey(accountId, via))) {
    const version = versionInForce(state, accountId, row.policy)
    const document = version && state.identityDocuments.document(version.text)
    const policy = version && inForce(version.source, via, document)
    if (policy === undefined) return false
    policies.push(policy)
  }
  return true
}

const versionInForce = (
  state: GrantsState,
  accountId: string,
  policy: PolicyRef,
): VersionInForce | undefined => {
  if (policy.type === 'System') return systemVersionInForce(policy.policyName)
  const row = state.tables.policies.get(entityKey(accountId, policy.policyId))
  const text = row && defaultDocument(row)
  if (row === undefined || text === undefined) return undefined
  const { policyName, policyId, defaultVersion: versionId } = row
  return { source: { policyType: 'Custom', policyName, policyId, versionId }, text }
}

const roleTrust = (state: GrantsState, row: GrantRoleRow): RoleTrust | undefined => {
  const { accountId, roleId, roleName, maxSessionDuration, trustPolicy, trustees } = row
  const document = state.trustDocuments.document(trustPolicy)
  if (document === undefined) return undefined
  const trust = trustInForce(row, row.trustVersion, document)
  const trustText = trustPolicy
  return { accountId, roleId, roleName, maxSessionDuration, trustText, trust, trustees }
}
