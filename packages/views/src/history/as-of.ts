/**
 * What can be asked of any position of the past: the questions of the grants view, with a position.
 *
 * Whatever cannot be known for certain is answered by undefined, which means deny.
 */
import type { PolicyId, PolicyRef } from '@grantlog/domain'
import type { PolicyInForce } from '@grantlog/policy'
import {
  type HeldUser,
  type Holder,
  type HolderRef,
  inForce,
  type RoleTrust,
  trustInForce,
  type Via,
} from '../holder.js'
import { entityKey, nameIndexKey, principalKey } from '../keys.js'
import type { PastHolder, PastVersion } from './holders.js'
import type { Mark } from './marks.js'
import type { PastGroup, PastRole } from './rows.js'
import type { HistoryState } from './state.js'
import { stepAt } from './steps.js'

/** Whose past can be asked for, by immutable ids. */
export type HistoryPrincipal = {
  readonly type: 'User' | 'Role' | 'Group'
  readonly accountId: string
  readonly id: string
}

/**
 * The last position recorded at or before a time (ms, UTC); 0 when nothing was. Of one account, or
 * of all.
 */
export const positionAt = (
  state: HistoryState,
  accountId: string | undefined,
  timeMs: number,
): number => state.marks.positionAt(accountId, timeMs)

/**
 * The position of the last event of an account up to a position: what an answer there rests on; 0
 * before the account was opened.
 */
export const lastChangeAt = (state: HistoryState, accountId: string, position: number): number =>
  state.marks.lastChange(accountId, position)

/** The position of the first event of an account: since then it has a root. */
export const openedAt = (state: HistoryState, accountId: string): number | undefined =>
  state.marks.firstOf(accountId)

/** The event at a position, where it is one of an account. */
export const markAt = (state: HistoryState, position: number | undefined): Mark | undefined =>
  state.marks.at(position)

/** A policy that was held at a position, and the version of it that was in force. */
export type PolicyHeldAt = {
  readonly via: Via
  readonly policy: PolicyRef
  readonly version: PastVersion
}

/** The name of that moment; undefined for whoever did not exist. */
export const labelAt = (
  state: HistoryState,
  principal: HistoryPrincipal,
  position: number,
): string | undefined => {
  const holder = state.holders.find(principalKey(principal.accountId, principal))
  return holder && stepAt(holder.names, position)
}

/** The name of a principal at a position and what it held then. */
export type HeldAt = { readonly label: string; readonly held: ReadonlyArray<PolicyHeldAt> }

/** Direct policies first, then those of the groups; undefined when one of them cannot be named. */
export const heldPoliciesAt = (
  state: HistoryState,
  principal: HistoryPrincipal,
  position: number,
): HeldAt | undefined => {
  const { type, accountId, id } = principal
  const holder = state.holders.find(principalKey(accountId, principal))
  const label = holder && stepAt(holder.names, position)
  if (holder === undefined || label === undefined) return undefined
  const held: Array<PolicyHeldAt> = []
  if (!collect(holder, { type, id, name: label }, position, held)) return undefined

  for (const group of stepAt(holder.groups, position) ?? []) {
    const name = stepAt(group.names, position)
    if (name === undefined) return undefined
    if (!collect(group, { type: 'Group', id: group.id, name }, position, held)) return undefined
  }
  return { label, held }
}

/** Adds what was attached to one holder; false when something attached cannot be named. */
const collect = (
  holder: PastHolder,
  via: Via,
  position: number,
  held: Array<PolicyHeldAt>,
): boolean => {
  for (const { policy, versions } of stepAt(holder.policies, position) ?? []) {
    const version = stepAt(versions, position)
    if (version === undefined) return false
    held.push({ via, policy, version })
  }
  return true
}

/** At the head this equals `policiesInForce` of the grants view, order included. */
export const policiesInForceAt = (
  state: HistoryState,
  principal: HolderRef,
  position: number,
): Holder | undefined => {
  const past = heldPoliciesAt(state, principal, position)
  if (past === undefined) return undefined
  const policies: Array<PolicyInForce> = []
  for (const { version, via } of past.held) {
    const policy = inForce(version.source, via, state.identityDocuments.document(version.text))
    if (policy === undefined) return undefined
    policies.push(policy)
  }
  return { label: past.label, policies }
}

/**
 * The texts of `policiesInForceAt`, in the same order; none for whoever did not exist.
 */
export const policyTextsAt = (
  state: HistoryState,
  principal: HolderRef,
  position: number,
): ReadonlyArray<string> =>
  heldPoliciesAt(state, principal, position)?.held.map(({ version }) => version.text.text) ?? []

export const userByIdAt = (
  state: HistoryState,
  accountId: string,
  userId: string,
  position: number,
): HeldUser | undefined => state.users.at(entityKey(accountId, userId), position)?.value

/** Who bore the name at a position, compared without case. */
export const userByNameAt = (
  state: HistoryState,
  accountId: string,
  userName: string,
  position: number,
): HeldUser | undefined => {
  const name = nameIndexKey(accountId, userName)
  const subject = state.userNames.lastBearer(name, position)
  const user = subject === undefined ? undefined : state.users.at(subject, position)?.value
  return user && nameIndexKey(accountId, user.userName) === name ? user : undefined
}

export const roleByNameAt = (
  state: HistoryState,
  accountId: string,
  roleName: string,
  position: number,
): PastRole | undefined => {
  const subject = state.roleNames.lastBearer(nameIndexKey(accountId, roleName), position)
  return subject === undefined ? undefined : state.roles.at(subject, position)?.value
}

export const groupByNameAt = (
  state: HistoryState,
  accountId: string,
  groupName: string,
  position: number,
): PastGroup | undefined => {
  const name = nameIndexKey(accountId, groupName)
  const subject = state.groupNames.lastBearer(name, position)
  const group = subject === undefined ? undefined : state.groups.at(subject, position)?.value
  return group && nameIndexKey(accountId, group.groupName) === name ? group : undefined
}

/**
 * Everybody who ever bore a name by a position, compared without case, in the order of taking it
 * first.
 */
export const nameBearers = (
  state: HistoryState,
  { type, accountId, name }: Omit<HistoryPrincipal, 'id'> & { readonly name: string },
  position?: number,
): ReadonlyArray<HistoryPrincipal> => {
  const key = nameIndexKey(accountId, name)
  const found = (ids: ReadonlyArray<string | undefined>): ReadonlyArray<HistoryPrincipal> =>
    ids.flatMap((id) => (id === undefined ? [] : [{ type, accountId, id }]))
  switch (type) {
    case 'User':
      return found(
        state.userNames.bearers(key, position).map((s) => state.users.of(s).at(0)?.value.userId),
      )
    case 'Role':
      return found(
        state.roleNames.bearers(key, position).map((s) => state.roles.of(s).at(0)?.value.roleId),
      )
    case 'Group':
      return found(
        state.groupNames.bearers(key, position).map((s) => state.groups.of(s).at(0)?.value.groupId),
      )
  }
}

/** The id of the custom policy that had the name at a position, compared without case. */
export const policyByNameAt = (
  state: HistoryState,
  accountId: string,
  policyName: string,
  position: number,
): PolicyId | undefined => {
  const subject = state.policyNames.lastBearer(nameIndexKey(accountId, policyName), position)
  return subject === undefined ? undefined : state.policies.at(subject, position)?.value.policyId
}

/** The version of a policy that was in force at a position; undefined where there was none. */
export const policyVersionAt = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
  position: number,
): PastVersion | undefined => stepAt(state.holders.policy(accountId, policy).versions, position)

/** The ids of all policies that ever had a name, in the order of taking it. */
export const policyBearers = (
  state: HistoryState,
  accountId: string,
  policyName: string,
): ReadonlyArray<PolicyId> =>
  state.policyNames
    .bearers(nameIndexKey(accountId, policyName))
    .flatMap((subject) => state.policies.of(subject).at(0)?.value.policyId ?? [])

export const roleByIdAt = (
  state: HistoryState,
  accountId: string,
  roleId: string,
  position: number,
): PastRole | undefined => state.roles.at(entityKey(accountId, roleId), position)?.value

/** At the head this equals `findTrust` of the grants view. */
export const trustAt = (
  state: HistoryState,
  accountId: string,
  roleName: string,
  position: number,
): RoleTrust | undefined => {
  const role = roleByNameAt(state, accountId, roleName, position)
  if (role === undefined) return undefined
  const subject = entityKey(accountId, role.roleId)
  const settings = state.roleSettings.at(subject, position)?.value
  const past = state.trusts.at(subject, position)?.value
  const text = past && state.trustDocuments.of(past.trustPolicy)
  const document = text && state.trustDocuments.document(text)
  if (settings === undefined || past === undefined || document === undefined) return undefined
  const trust = trustInForce(role, past.version, document)
  const { trustPolicy: trustText, trustees } = past
  return { ...role, ...settings, trustText, trust, trustees }
}
