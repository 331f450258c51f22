/**
 * Whom the policies of an account reached at a position: from a policy to those who held it.
 *
 * Cost: the policies of the account, and whoever was ever given one that is looked for.
 */
import { type PolicyRef, SYSTEM_POLICIES } from '@grantlog/domain'
import type { PolicyDocument } from '@grantlog/policy'
import type { HolderRef } from '../holder.js'
import { entityKey, policyKey, principalKey } from '../keys.js'
import type { PastHolder } from './holders.js'
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
export const holdersReached = (
  state: HistoryState,
  accountId: string,
  position: number,
  isLookedFor: (document: PolicyDocument) => boolean,
): ReadonlyArray<Reached> => {
  const reached = { User: new Map<string, Reached>(), Role: new Map<string, Reached>() }
  const reach = (type: HolderRef['type'], id: string): void => {
    if (reached[type].has(id)) return
    const past = state.holders.find(principalKey(accountId, { type, id }))
    const label = past && stepAt(past.names, position)
    if (past !== undefined && label !== undefined) reached[type].set(id, { type, id, label, past })
  }
  for (const policy of policiesOf(state, accountId)) {
    const document = documentAt(state, accountId, policy, position)
    if (document === undefined || !isLookedFor(document)) continue
    const group = entityKey(accountId, policyKey(policy))
    for (const subject of state.attachments.subjects('policy', group)) {
      const target = state.attachments.at(subject, position)?.value.target
      if (target === undefined) continue
      if (target.type === 'User') reach('User', target.userId)
      else if (target.type === 'Role') reach('Role', target.roleId)
      else
        for (const userId of membersAt(state, accountId, target.groupId, position))
          reach('User', userId)
    }
  }
  return [...reached.User.values(), ...reached.Role.values()]
}

/**
 * The documents of `policiesInForceAt`, without whence they come: undefined where one of them
 * cannot be read.
 */
export const documentsHeldAt = (
  { identityDocuments }: Pick<HistoryState, 'identityDocuments'>,
  { past }: Reached,
  position: number,
): ReadonlyArray<PolicyDocument> | undefined => {
  const documents: Array<PolicyDocument> = []
  const collect = ({ policies }: PastHolder): boolean => {
    for (const { versions } of stepAt(policies, position) ?? []) {
      const version = stepAt(versions, position)
      const document = version && identityDocuments.document(version.text)
      if (document === undefined) return false
      documents.push(document)
    }
    return true
  }
  if (!collect(past)) return undefined
  for (const group of stepAt(past.groups, position) ?? []) {
    if (stepAt(group.names, position) === undefined || !collect(group)) return undefined
  }
  return documents
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
): Iterable<string> {
  for (const subject of state.memberships.subjects('group', entityKey(accountId, groupId))) {
    const id = state.memberships.at(subject, position)?.value.userId
    if (id !== undefined) yield id
  }
}
