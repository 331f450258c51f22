/**
 * Since when somebody holds what, through what, and by whose doing.
 */
import type { PolicySource } from '@grantlog/policy'
import type { Via } from '../holder.js'
import { principalKey } from '../keys.js'
import { type HistoryPrincipal, heldPoliciesAt } from './as-of.js'
import type { Mark } from './marks.js'
import { attachmentSubject, membershipSubject } from './rows.js'
import type { HistoryState } from './state.js'

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
 * The policies in force for a principal at a position, in the order in which they are decided upon;
 * only those that are wanted, where not all are.
 *
 * Undefined for whoever did not exist, and when something held cannot be named.
 */
export const grantsOf = (
  state: HistoryState,
  principal: HistoryPrincipal,
  position: number,
  isWanted: (source: PolicySource) => boolean = () => true,
): ReadonlyArray<Grant> | undefined => {
  const past = heldPoliciesAt(state, principal, position)
  if (past === undefined) return undefined
  const grants: Array<Grant> = []
  for (const { via, policy, version } of past.held) {
    const source = { ...version.source, via }
    if (!isWanted(source)) continue
    const subject = attachmentSubject(principalKey(principal.accountId, via), policy)
    const attached = state.marks.at(state.attachments.at(subject, position)?.from)
    const joined = state.marks.at(joinedFrom(state, principal, via, position))
    const since = joined && attached && joined.position > attached.position ? joined : attached
    if (attached === undefined || since === undefined) return undefined
    const versionSet = state.marks.at(version.from)
    grants.push({
      source,
      since,
      attached,
      ...(joined === undefined ? {} : { joined }),
      ...(versionSet === undefined ? {} : { versionSet }),
    })
  }
  return grants
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
