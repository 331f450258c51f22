/**
 * What can be asked of any position of the past: the questions of the grants view, with a position.
 *
 * Whatever cannot be known for certain is answered by undefined, which means deny.
 */
import type { PolicyInForce } from '@grantlog/policy'
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
import type { HeldAttachment, HistoryState, PastGroup, PastRole } from './state.js'

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

/** A policy that was held at a position, and the positions of the events that made it so. */
export type HeldPolicy = {
  readonly via: Via
  readonly version: VersionInForce
  readonly attachedFrom: number
  /** When it is held through a group. */
  readonly joinedFrom: number | undefined
  /** Since when this version is the default; absent for system policies. */
  readonly versionFrom: number | undefined
}

/** The name of that moment; undefined for whoever did not exist. */
export const labelAt = (
  state: HistoryState,
  { type, accountId, id }: HistoryPrincipal,
  position: number,
): string | undefined => {
  const subject = entityKey(accountId, id)
  switch (type) {
    case 'User':
      return state.users.at(subject, position)?.value.userName
    case 'Role':
      return state.roles.at(subject, position)?.value.roleName
    case 'Group':
      return state.groups.at(subject, position)?.value.groupName
  }
}

/** The name of a principal at a position and what it held then. */
export type HeldAt = { readonly label: string; readonly held: ReadonlyArray<HeldPolicy> }

/** Direct policies first, then those of the groups; undefined when one of them cannot be named. */
export const heldPoliciesAt = (
  state: HistoryState,
  principal: HistoryPrincipal,
  position: number,
): HeldAt | undefined => {
  const { type, accountId, id } = principal
  const label = labelAt(state, principal, position)
  if (label === undefined) return undefined
  const held: Array<HeldPolicy> = []
  const target = principalKey(accountId, principal)
  if (!collect(state, target, { type, id, name: label }, position, held)) return undefined
  if (type !== 'User') return { label, held }

  for (const { from, item } of state.groupsOfUser.at(entityKey(accountId, id), position)) {
    const group = state.groups.at(item.subject, position)
    if (group === undefined) return undefined
    const via: Via = { type: 'Group', id: item.groupId, name: group.value.groupName }
    if (!collect(state, item.target, via, position, held, from)) return undefined
  }
  return { label, held }
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
    const policy = inForce(version, via, state.identityDocuments.document(version.text))
    if (policy === undefined) return undefined
    policies.push(policy)
  }
  return { label: past.label, policies }
}

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

/** Everybody who ever bore a name, compared without case, in the order of taking it first. */
export const nameBearers = (
  state: HistoryState,
  { type, accountId, name }: Omit<HistoryPrincipal, 'id'> & { readonly name: string },
): ReadonlyArray<HistoryPrincipal> => {
  const key = nameIndexKey(accountId, name)
  const found = (ids: ReadonlyArray<string | undefined>): ReadonlyArray<HistoryPrincipal> =>
    ids.flatMap((id) => (id === undefined ? [] : [{ type, accountId, id }]))
  switch (type) {
    case 'User':
      return found(state.userNames.bearers(key).map((s) => state.users.of(s).at(0)?.value.userId))
    case 'Role':
      return found(state.roleNames.bearers(key).map((s) => state.roles.of(s).at(0)?.value.roleId))
    case 'Group':
      return found(
        state.groupNames.bearers(key).map((s) => state.groups.of(s).at(0)?.value.groupId),
      )
  }
}

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
  const document = past && state.trustDocuments.document(past.trustPolicy)
  if (settings === undefined || past === undefined || document === undefined) return undefined
  const trust = trustInForce(role, past.version, document)
  const { trustPolicy: trustText, trustees } = past
  return { ...role, ...settings, trustText, trust, trustees }
}

/** Adds what was attached to one target; false when something attached cannot be named. */
const collect = (
  state: HistoryState,
  target: string,
  via: Via,
  position: number,
  held: Array<HeldPolicy>,
  joinedFrom?: number,
): boolean => {
  for (const { from: attachedFrom, item } of state.policiesOfTarget.at(target, position)) {
    const found = versionAt(state, item, position)
    if (found === undefined) return false
    const { version, versionFrom } = found
    held.push({ via, version, attachedFrom, joinedFrom, versionFrom })
  }
  return true
}

/** The version of a policy that was in force at a position. */
export const versionAt = (
  state: HistoryState,
  { policy, subject }: HeldAttachment,
  position: number,
): Pick<HeldPolicy, 'version' | 'versionFrom'> | undefined => {
  if (policy.type === 'System') {
    const version = systemVersionInForce(policy.policyName)
    return version && { version, versionFrom: undefined }
  }
  const chosen = state.defaultVersions.at(subject, position)
  if (chosen === undefined) return undefined
  const { policyName, policyId, versionId, document: text } = chosen.value
  const source = { policyType: 'Custom', policyName, policyId, versionId } as const
  return { version: { source, text }, versionFrom: chosen.from }
}
