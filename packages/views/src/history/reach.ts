/**
 * Whom the policies of an account reached at a position: from a policy to those who held it.
 *
 * Cost: the policies of the account, and whoever was ever given one that is looked for.
 */
import { type PolicyRef, SYSTEM_POLICIES } from '@grantlog/domain'
import type { PolicyDocument } from '@grantlog/policy'
import type { HolderRef } from '../holder.js'
import type { PastHolder, PastPolicyHeld } from './holders.js'
import type { HistoryState } from './state.js'
import { stepAt } from './steps.js'

/** Somebody who held a policy, and what it was called then. */
export type Reached = {
  readonly type: HolderRef['type']
  readonly id: string
  readonly label: string
  readonly past: PastHolder
}

const SYSTEM_REFS: ReadonlyArray<PolicyRef> = [...SYSTEM_POLICIES.values()].map(
  ({ policyName }) => ({ type: 'System', policyName }),
)

/**
 * Every user and role that held, at the position, one of the policies that are looked for, itself
 * or through a group; each once, in no order that means anything.
 */
export function* holdersReached(
  state: HistoryState,
  accountId: string,
  position: number,
  isLookedFor: (document: PolicyDocument) => boolean,
): Iterable<Reached> {
  const seen = new Set<PastHolder>()
  for (const policy of policiesOf(state, accountId)) {
    const held = state.holders.policy(accountId, policy)
    const version = stepAt(held.versions, position)
    const document = version && state.identityDocuments.document(version.text)
    if (document === undefined || !isLookedFor(document)) continue
    for (const past of holdersAt(held, position)) {
      if (seen.has(past)) continue
      seen.add(past)
      const label = stepAt(past.names, position)
      const { type, id } = past
      if (label !== undefined && type !== 'Group') yield { type, id, label, past }
    }
  }
}

/** Whoever held a policy at a position: those it was attached to, and the members of groups. */
function* holdersAt(held: PastPolicyHeld, position: number): Iterable<PastHolder> {
  for (const holder of held.everHeldBy) {
    if (stepAt(holder.policies, position)?.includes(held) !== true) continue
    if (holder.type !== 'Group') yield holder
    for (const member of holder.everMembers)
      if (stepAt(member.groups, position)?.includes(holder) === true) yield member
  }
}

/**
 * The documents of `policiesInForceAt` at a position, without whence they come: undefined where one
 * of them cannot be read. Each policy is looked up once for all who hold it.
 */
export const documentsHeldAt = (
  { identityDocuments }: Pick<HistoryState, 'identityDocuments'>,
  position: number,
): ((reached: Reached) => ReadonlyArray<PolicyDocument> | undefined) => {
  const known = new Map<PastPolicyHeld, PolicyDocument | undefined>()
  const documentOf = (policy: PastPolicyHeld): PolicyDocument | undefined => {
    const found = known.get(policy)
    if (found !== undefined || known.has(policy)) return found
    const version = stepAt(policy.versions, position)
    const document = version && identityDocuments.document(version.text)
    known.set(policy, document)
    return document
  }
  const collect = ({ policies }: PastHolder, documents: PolicyDocument[]): boolean => {
    for (const policy of stepAt(policies, position) ?? []) {
      const document = documentOf(policy)
      if (document === undefined) return false
      documents.push(document)
    }
    return true
  }
  return ({ past }) => {
    const documents: PolicyDocument[] = []
    if (!collect(past, documents)) return undefined
    for (const group of stepAt(past.groups, position) ?? []) {
      if (stepAt(group.names, position) === undefined || !collect(group, documents))
        return undefined
    }
    return documents
  }
}

/** Every policy that the account ever had, and those of the catalogue. */
function* policiesOf(state: HistoryState, accountId: string): Iterable<PolicyRef> {
  yield* SYSTEM_REFS
  for (const subject of state.policies.subjects('account', accountId)) {
    const policyId = state.policies.of(subject).at(0)?.value.policyId
    if (policyId !== undefined) yield { type: 'Custom', policyId }
  }
}
