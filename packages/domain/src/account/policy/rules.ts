/** Whether a custom policy and its versions may be created, put in force and deleted. */
import { accept, refuse, unchanged } from '../../decider.js'
import type { AccountEvent } from '../../event.js'
import { nameKey, VersionId } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision } from '../refusal.js'
import type { OpenAccountState, PolicyRecord } from '../state.js'
import { policyNamed } from '../state.js'
import type {
  CreatePolicy,
  CreatePolicyVersion,
  DeletePolicy,
  DeletePolicyVersion,
  SetDefaultPolicyVersion,
  UpdatePolicyDescription,
} from './commands.js'
import type { PolicyVersionDeleted } from './events.js'

export const createPolicy = (
  command: CreatePolicy,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { type: _, ...policy } = command
  const { policyId, policyName } = policy
  const versionId = versionNumbered(1)
  const holder = account.policies.get(policyId)
  if (holder !== undefined && holder.policyName === policyName) return unchanged
  if (holder !== undefined || account.policyIds.has(nameKey(policyName)))
    return refuse({ type: 'PolicyAlreadyExists', policyName })
  if (versionId === undefined || account.policies.size >= quotas.policiesPerAccount)
    return refuse({ type: 'PolicyLimitExceeded', limit: quotas.policiesPerAccount })

  return accept({ type: 'PolicyCreated', versionId, ...policy })
}

/** Makes room by deleting the oldest versions that are not in force, when the command allows it. */
export const createPolicyVersion = (
  command: CreatePolicyVersion,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { policyName, document, setAsDefault, rotateStrategy } = command
  const policy = policyNamed(account, policyName)
  if (policy === undefined) return notFound(policyName)
  const { policyId } = policy
  const limit = quotas.versionsPerPolicy
  const surplus = Math.max(0, policy.versionIds.length + 1 - limit)
  const leaving = rotateStrategy === 'None' ? [] : versionsNotInForce(policy).slice(0, surplus)
  const versionId = versionNumbered(policy.nextVersion)
  if (leaving.length < surplus || versionId === undefined)
    return refuse({ type: 'PolicyVersionLimitExceeded', policyName, limit })

  return accept<AccountEvent>(
    ...leaving,
    { type: 'PolicyVersionCreated', policyId, versionId, document },
    ...(setAsDefault
      ? [{ type: 'DefaultPolicyVersionChanged' as const, policyId, versionId }]
      : []),
  )
}

export const setDefaultPolicyVersion = (
  command: SetDefaultPolicyVersion,
  account: OpenAccountState,
): AccountDecision => {
  const { policyName, versionId } = command
  const policy = policyNamed(account, policyName)
  if (policy === undefined) return notFound(policyName)
  if (!policy.versionIds.includes(versionId))
    return refuse({ type: 'PolicyVersionNotFound', policyName, versionId })
  if (policy.defaultVersionId === versionId) return unchanged

  return accept({ type: 'DefaultPolicyVersionChanged', policyId: policy.policyId, versionId })
}

export const updatePolicyDescription = (
  command: UpdatePolicyDescription,
  account: OpenAccountState,
): AccountDecision => {
  const { policyName, newDescription } = command
  const policy = policyNamed(account, policyName)
  if (policy === undefined) return notFound(policyName)
  if (policy.description === newDescription) return unchanged

  const { policyId } = policy
  return accept({ type: 'PolicyDescriptionUpdated', policyId, description: newDescription })
}

export const deletePolicyVersion = (
  command: DeletePolicyVersion,
  account: OpenAccountState,
): AccountDecision => {
  const { policyName, versionId } = command
  const policy = policyNamed(account, policyName)
  if (policy === undefined) return notFound(policyName)
  if (!policy.versionIds.includes(versionId))
    return refuse({ type: 'PolicyVersionNotFound', policyName, versionId })
  if (policy.defaultVersionId === versionId)
    return refuse({ type: 'DefaultPolicyVersionInUse', policyName, versionId })

  return accept({ type: 'PolicyVersionDeleted', policyId: policy.policyId, versionId })
}

/** Cascading reaches the other versions only: whoever holds the policy must give it up first. */
export const deletePolicy = (command: DeletePolicy, account: OpenAccountState): AccountDecision => {
  const { policyName, cascadingDelete } = command
  const policy = policyNamed(account, policyName)
  if (policy === undefined) return notFound(policyName)
  const { policyId, attachedTo } = policy
  const others = versionsNotInForce(policy)
  if (attachedTo.User > 0) return refuse({ type: 'PolicyAttachedToUser', policyName })
  if (attachedTo.Group > 0) return refuse({ type: 'PolicyAttachedToGroup', policyName })
  if (attachedTo.Role > 0) return refuse({ type: 'PolicyAttachedToRole', policyName })
  if (others.length > 0 && !cascadingDelete)
    return refuse({ type: 'PolicyHasVersions', policyName })

  return accept<AccountEvent>(...others, {
    type: 'PolicyDeleted',
    policyId,
    policyName: policy.policyName,
  })
}

/** System policies cannot be written, so a command that names one finds no policy. */
const notFound = (policyName: PolicyRecord['policyName']): AccountDecision =>
  refuse({ type: 'PolicyNotFound', policyType: 'Custom', policyName })

/** The deletion of every version that is not in force, oldest first. */
const versionsNotInForce = (policy: PolicyRecord): ReadonlyArray<PolicyVersionDeleted> =>
  policy.versionIds
    .filter((versionId) => versionId !== policy.defaultVersionId)
    .map((versionId) => ({
      type: 'PolicyVersionDeleted',
      policyId: policy.policyId,
      versionId,
    }))

/** The id of a version by its number; nothing once the numbers are used up. */
const versionNumbered = (number: number): VersionId | undefined => {
  const text = `v${number}`
  return VersionId.is(text) ? text : undefined
}
