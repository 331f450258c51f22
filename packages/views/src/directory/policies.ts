/**
 * How the directory remembers custom policies, their versions, and whom policies are attached to.
 */
import type {
  DefaultPolicyVersionChanged,
  PolicyAttached,
  PolicyCreated,
  PolicyDeleted,
  PolicyDescriptionUpdated,
  PolicyDetached,
  PolicyVersionCreated,
  PolicyVersionDeleted,
  Recorded,
} from '@grantlog/domain'
import type { CustomPolicyRow } from './rows.js'
import { attachmentKey, type DirectoryState, policyInAccountKey } from './state.js'

export const applyToPolicy = (
  state: DirectoryState,
  event:
    | PolicyCreated
    | PolicyVersionCreated
    | DefaultPolicyVersionChanged
    | PolicyDescriptionUpdated
    | PolicyVersionDeleted
    | PolicyDeleted,
  recorded: Recorded,
): DirectoryState => {
  switch (event.type) {
    case 'PolicyCreated':
      state.policies.put(firstVersion(event, recorded))
      return state
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyDescriptionUpdated':
    case 'PolicyVersionDeleted': {
      const row = state.policies.byId(recorded.accountId, event.policyId)
      if (row === undefined) return state
      state.policies.put({ ...changed(row, event, recorded), updatedAt: recorded.recordedAt })
      return state
    }
    case 'PolicyDeleted':
      return dropPolicy(state, event, recorded)
  }
}

export const applyToAttachment = (
  state: DirectoryState,
  event: PolicyAttached | PolicyDetached,
  { accountId, position, recordedAt }: Recorded,
): DirectoryState => {
  const { policy, target } = event
  const key = attachmentKey({ accountId, policy, target })
  switch (event.type) {
    case 'PolicyAttached':
      if (state.attachments.get(key) !== undefined) return state
      state.attachments.put({ accountId, policy, target, attachedAt: recordedAt, position })
      return state
    case 'PolicyDetached':
      state.attachments.drop(key)
      return state
  }
}

const firstVersion = (
  event: PolicyCreated,
  { accountId, position, recordedAt }: Recorded,
): CustomPolicyRow => {
  const { type: _, versionId, document, ...policy } = event
  return {
    ...policy,
    accountId,
    createdAt: recordedAt,
    updatedAt: recordedAt,
    position,
    defaultVersion: versionId,
    versions: [{ versionId, document, isDefault: true, createdAt: recordedAt }],
  }
}

const changed = (
  row: CustomPolicyRow,
  event:
    | PolicyVersionCreated
    | DefaultPolicyVersionChanged
    | PolicyDescriptionUpdated
    | PolicyVersionDeleted,
  { recordedAt }: Recorded,
): CustomPolicyRow => {
  switch (event.type) {
    case 'PolicyVersionCreated': {
      const { versionId, document } = event
      const version = { versionId, document, isDefault: false, createdAt: recordedAt }
      return { ...row, versions: [...row.versions, version] }
    }
    case 'DefaultPolicyVersionChanged': {
      const { versionId } = event
      const versions = row.versions.map((v) => ({ ...v, isDefault: v.versionId === versionId }))
      return { ...row, defaultVersion: versionId, versions }
    }
    case 'PolicyDescriptionUpdated':
      return { ...row, description: event.description }
    case 'PolicyVersionDeleted': {
      const { versionId } = event
      return { ...row, versions: row.versions.filter((v) => v.versionId !== versionId) }
    }
  }
}

const dropPolicy = (
  state: DirectoryState,
  { policyId }: PolicyDeleted,
  { accountId }: Recorded,
): DirectoryState => {
  const group = policyInAccountKey(accountId, { type: 'Custom', policyId })
  for (const row of [...state.attachments.of('policy', group)])
    state.attachments.drop(attachmentKey(row))
  state.policies.drop(accountId, policyId)
  return state
}
