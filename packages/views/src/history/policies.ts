/**
 * How events of policies and attachments open and close intervals.
 */
import type {
  DefaultPolicyVersionChanged,
  PolicyAttached,
  PolicyCreated,
  PolicyDeleted,
  PolicyDetached,
  PolicyVersionCreated,
  PolicyVersionDeleted,
  Recorded,
} from '@grantlog/domain'
import { entityKey, type TargetLike, targetKey } from '../keys.js'
import { attachmentSubject, versionSubject } from './rows.js'
import type { HistoryState } from './state.js'

export const applyToPolicy = (
  state: HistoryState,
  event:
    | PolicyCreated
    | PolicyVersionCreated
    | DefaultPolicyVersionChanged
    | PolicyVersionDeleted
    | PolicyDeleted,
  { accountId, position }: Recorded,
): HistoryState => {
  const { policyId } = event
  const subject = entityKey(accountId, policyId)
  switch (event.type) {
    case 'PolicyCreated': {
      const { policyName, versionId, document } = event
      state.policies.open(subject, { accountId, policyId, policyName }, position)
      const version = versionSubject(accountId, policyId, versionId)
      state.policyVersions.open(version, { document }, position)
      state.defaultVersions.open(subject, { policyId, policyName, versionId, document }, position)
      return state
    }
    case 'PolicyVersionCreated': {
      const { versionId, document } = event
      const version = versionSubject(accountId, policyId, versionId)
      state.policyVersions.open(version, { document }, position)
      return state
    }
    case 'DefaultPolicyVersionChanged':
      return turn(state, event, { accountId, position })
    case 'PolicyVersionDeleted':
      state.policyVersions.close(versionSubject(accountId, policyId, event.versionId), position)
      if (state.defaultVersions.current(subject)?.value.versionId === event.versionId)
        state.defaultVersions.close(subject, position)
      return state
    case 'PolicyDeleted': {
      const last = state.defaultVersions.close(subject, position)
      state.policies.close(subject, position)
      if (last === undefined) return state
      const version = versionSubject(accountId, policyId, last.value.versionId)
      state.policyVersions.close(version, position)
      return state
    }
  }
}

/** A version that is not there is not in force, nor is another: who holds the policy is denied. */
const turn = (
  state: HistoryState,
  { policyId, versionId }: DefaultPolicyVersionChanged,
  { accountId, position }: Pick<Recorded, 'accountId' | 'position'>,
): HistoryState => {
  const subject = entityKey(accountId, policyId)
  const policy = state.policies.current(subject)?.value
  const version = state.policyVersions.current(versionSubject(accountId, policyId, versionId))
  if (policy === undefined || version === undefined) {
    state.defaultVersions.close(subject, position)
    return state
  }
  const { policyName } = policy
  const { document } = version.value
  state.defaultVersions.open(subject, { policyId, policyName, versionId, document }, position)
  return state
}

export const applyToAttachment = (
  state: HistoryState,
  event: PolicyAttached | PolicyDetached,
  { accountId, position }: Recorded,
): HistoryState => {
  const { policy, target } = event
  const key = attachmentSubject(targetKey(accountId, target), policy)
  switch (event.type) {
    case 'PolicyAttached':
      if (state.attachments.current(key) !== undefined) return state
      state.attachments.open(key, { accountId, policy, target }, position)
      return state
    case 'PolicyDetached':
      state.attachments.close(key, position)
      return state
  }
}

/** Closes every attachment of a target that ceased to exist. */
export const detachAll = (
  state: HistoryState,
  accountId: string,
  target: TargetLike,
  position: number,
): void => {
  for (const key of state.attachments.subjects('target', targetKey(accountId, target)))
    state.attachments.close(key, position)
}
