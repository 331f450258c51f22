/**
 * Since when somebody holds what, through what, and by whose doing.
 */
import type { PolicySource } from '@grantlog/policy'
import type { Via } from '../holder.js'
import { entityKey, principalKey } from '../keys.js'
import { type HistoryPrincipal, heldPoliciesAt, type PolicyHeldAt } from './as-of.js'
import type { Mark } from './marks.js'
import { attachmentSubject, membershipSubject } from './rows.js'
import type { HistoryState } from './state.js'
import { stepAt } from './steps.js'

/** One policy that was in force for a principal, and the events that made it so. */
export type Grant = {
  /** The policy and its version in force; `via` says to whom it is attached. */
  readonly source: PolicySource
  /**
   * The event that completed the grant: the later of attaching the policy and joining the group.
   */
  readonly since: Mark
  readonly attached: Mark
  /** When it is held through a group: the event of joining it. */
  readonly joined?: Mark
  /** The event that made this version the default; absent for system policies. */
  readonly versionSet?: Mark
}

/**
 * The policies in force for a principal at a position, in the order in which they are decided upon.
 *
 * Undefined for whoever did not exist, and when something held cannot be named.
 */
export const grantsOf = (
  state: HistoryState,
  principal: HistoryPrincipal,
  position: number,
): ReadonlyArray<Grant> | undefined => {
  const past = heldPoliciesAt(state, principal, position)
  if (past === undefined) return undefined
  const grants: Array<Grant> = []
  for (const { via, policy, version } of past.held) {
    const events = grantEvents(state, principal, { via, policy, version }, position)
    if (events === undefined) return undefined
    grants.push({ source: { ...version.source, via }, ...events })
  }
  return grants
}

/**
 * The grant behind a source that a decision at a position names; undefined for what no event made:
 * the policy of a session, or of a trusting role.
 */
export const grantBehind = (
  state: HistoryState,
  principal: HistoryPrincipal,
  source: PolicySource,
  position: number,
): Grant | undefined => {
  const { via } = source
  const holder = via && state.holders.find(principalKey(principal.accountId, via))
  if (via === undefined || holder === undefined) return undefined
  for (const { policy, versions } of stepAt(holder.policies, position) ?? []) {
    const version = stepAt(versions, position)
    if (version === undefined || !isSamePolicy(version.source, source)) continue
    const events = grantEvents(state, principal, { via, policy, version }, position)
    return events && { source, ...events }
  }
  return undefined
}

const isSamePolicy = (a: Omit<PolicySource, 'via'>, b: PolicySource): boolean =>
  a.policyType === b.policyType && a.policyName === b.policyName && a.policyId === b.policyId

/** The event that made the trust policy what a role had at a position. */
export const trustSetAt = (
  state: HistoryState,
  accountId: string,
  roleId: string,
  position: number,
): Mark | undefined => state.marks.at(state.trusts.at(entityKey(accountId, roleId), position)?.from)

/** The events that made a policy held; undefined when one of them is not on record. */
const grantEvents = (
  state: HistoryState,
  principal: HistoryPrincipal,
  { via, policy, version }: PolicyHeldAt,
  position: number,
): Omit<Grant, 'source'> | undefined => {
  const subject = attachmentSubject(principalKey(principal.accountId, via), policy)
  const attached = state.marks.at(state.attachments.at(subject, position)?.from)
  const joined = state.marks.at(joinedFrom(state, principal, via, position))
  const since = joined && attached && joined.position > attached.position ? joined : attached
  if (attached === undefined || since === undefined) return undefined
  const versionSet = state.marks.at(version.from)
  return {
    since,
    attached,
    ...(joined === undefined ? {} : { joined }),
    ...(versionSet === undefined ? {} : { versionSet }),
  }
}

/** Undefined for what is held without a group. */
const joinedFrom = (
  state: HistoryState,
  { type, accountId, id: userId }: HistoryPrincipal,
  { type: holderType, id: groupId }: Via,
  position: number,
): number | undefined =>
  type === 'User' && holderType === 'Group'
    ? state.memberships.at(membershipSubject({ accountId, userId, groupId }), position)?.from
    : undefined
