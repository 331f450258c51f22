/**
 * What the account remembers of its custom policies: which versions there are, not what
 * they say.
 */
import type { VersionId } from '../../names.js'
import { nameKey } from '../../names.js'
import type { OpenAccountState, PolicyRecord } from '../state.js'
import { unnamed } from '../state.js'
import type {
  DefaultPolicyVersionChanged,
  PolicyCreated,
  PolicyDeleted,
  PolicyDescriptionUpdated,
  PolicyVersionCreated,
  PolicyVersionDeleted,
} from './events.js'

export const foldPolicy = (
  account: OpenAccountState,
  event:
    | PolicyCreated
    | PolicyVersionCreated
    | DefaultPolicyVersionChanged
    | PolicyDescriptionUpdated
    | PolicyVersionDeleted
    | PolicyDeleted,
): OpenAccountState => {
  switch (event.type) {
    case 'PolicyCreated':
      return created(account, event)
    case 'PolicyVersionCreated':
      return versionCreated(account, event)
    case 'DefaultPolicyVersionChanged':
      return defaultChanged(account, event)
    case 'PolicyDescriptionUpdated': {
      const { policyId, description } = event
      return changed(account, policyId, (policy) => ({ ...policy, description }))
    }
    case 'PolicyVersionDeleted':
      return versionDeleted(account, event)
    case 'PolicyDeleted':
      return deleted(account, event)
  }
}

const created = (account: OpenAccountState, event: PolicyCreated): OpenAccountState => {
  const { policyId, policyName, versionId, description = '', tags = [] } = event
  if (account.policies.has(policyId)) return account
  const policy = {
    policyId,
    policyName,
    description,
    versionIds: [versionId],
    defaultVersionId: versionId,
    nextVersion: numberOf(versionId) + 1,
    tags,
    attachedTo: { User: 0, Group: 0, Role: 0 },
  }
  return {
    ...account,
    policies: account.policies.set(policyId, policy),
    policyIds: account.policyIds.set(nameKey(policyName), policyId),
  }
}

const versionCreated = (
  account: OpenAccountState,
  { policyId, versionId }: PolicyVersionCreated,
): OpenAccountState =>
  changed(account, policyId, (policy) =>
    policy.versionIds.includes(versionId)
      ? policy
      : {
          ...policy,
          versionIds: [...policy.versionIds, versionId],
          nextVersion: Math.max(policy.nextVersion, numberOf(versionId) + 1),
        },
  )

const defaultChanged = (
  account: OpenAccountState,
  { policyId, versionId }: DefaultPolicyVersionChanged,
): OpenAccountState =>
  changed(account, policyId, (policy) =>
    policy.versionIds.includes(versionId) ? { ...policy, defaultVersionId: versionId } : policy,
  )

/** The version that is in force stays: a policy always has one. */
const versionDeleted = (
  account: OpenAccountState,
  { policyId, versionId }: PolicyVersionDeleted,
): OpenAccountState =>
  changed(account, policyId, (policy) =>
    versionId === policy.defaultVersionId
      ? policy
      : { ...policy, versionIds: policy.versionIds.filter((other) => other !== versionId) },
  )

const deleted = (account: OpenAccountState, event: PolicyDeleted): OpenAccountState => {
  const policy = account.policies.get(event.policyId)
  if (policy === undefined) return account
  return {
    ...account,
    policies: account.policies.delete(policy.policyId),
    policyIds: unnamed(account.policyIds, policy.policyId, policy.policyName),
  }
}

const changed = (
  account: OpenAccountState,
  policyId: PolicyRecord['policyId'],
  change: (policy: PolicyRecord) => PolicyRecord,
): OpenAccountState => {
  const policy = account.policies.get(policyId)
  if (policy === undefined) return account
  return { ...account, policies: account.policies.set(policyId, change(policy)) }
}

const numberOf = (versionId: VersionId): number => Number(versionId.slice(1))
