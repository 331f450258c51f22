/**
 * Whom the policies of an account reached at a position: from a policy to those who held it.
 *
 * Cost: the policies of the account, and whoever was ever given one that is looked for.
 */
import { type PolicyRef, SYSTEM_POLICIES } from '@grantlog/domain'
import type { PolicyDocument } from '@grantlog/policy'
import type { HolderRef } from '../holder.js'
import { entityKey, policyKey, principalKey } from '../keys.js'
import { labelAt } from './as-of.js'
import type { HistoryState } from './state.js'
import { stepAt } from './steps.js'

/** Somebody who held a policy, and what it was called then. */
export type Reached = { readonly holder: HolderRef; readonly label: string }

const SYSTEM_REFS: ReadonlyArray<PolicyRef> = [...SYSTEM_POLICIES.values()].map(
  ({ policyName }) => ({ type: 'System', policyName }),
)

/**
 * Every user and role that held, at the position, one of the policies that are looked for, itself
 * or through a group; each once, in no order that means anything.
 */
export const holdersReached = (
  state: HistoryState,
  accountId: string,
  position: number,
  isLookedFor: (document: PolicyDocument) => boolean,
): ReadonlyArray<Reached> => {
  const reached = new Map<string, Reached>()
  const reach = (holder: HolderRef): void => {
    const key = principalKey(accountId, holder)
    if (reached.has(key)) return
    const label = labelAt(state, holder, position)
    if (label !== undefined) reached.set(key, { holder, label })
  }
  for (const policy of policiesOf(state, accountId)) {
    const document = documentAt(state, accountId, policy, position)
    if (document === undefined || !isLookedFor(document)) continue
    for (const subject of state.attachments.subjects(
      'policy',
      entityKey(accountId, policyKey(policy)),
    )) {
      const target = state.attachments.at(subject, position)?.value.target
      if (target === undefined) continue
      if (target.type === 'User') reach({ type: 'User', accountId, id: target.userId })
      else if (target.type === 'Role') reach({ type: 'Role', accountId, id: target.roleId })
      else for (const id of membersAt(state, accountId, target.groupId, position)) reach(id)
    }
  }
  return [...reached.values()]
}

/** Every policy that the account ever had, and those of the catalogue. */
function* policiesOf(state: HistoryState, accountId: string): Iterable<PolicyRef> {
  yield* SYSTEM_REFS
  for (const subject of state.policies.subjects('account', accountId)) {
    const policyId = state.policies.of(subject).at(0)?.value.policyId
    if (policyId !== undefined) yield { type: 'Custom', policyId }
  }
}

/** What the policy said; undefined where none was in force, or it cannot be read. */
const documentAt = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
  position: number,
): PolicyDocument | undefined => {
  const version = stepAt(state.holders.policy(accountId, policy).versions, position)
  return version && state.identityDocuments.document(version.text)
}

function* membersAt(
  state: HistoryState,
  accountId: string,
  groupId: string,
  position: number,
): Iterable<HolderRef> {
  for (const subject of state.memberships.subjects('group', entityKey(accountId, groupId))) {
    const id = state.memberships.at(subject, position)?.value.userId
    if (id !== undefined) yield { type: 'User', accountId, id }
  }
}
