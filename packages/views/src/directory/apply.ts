/**
 * Folds events into the directory: which entity's fold takes which event.
 *
 * Entities are found by their ids, so a later holder of a name starts with nothing.
 */
import { isProviderEvent, type Recorded } from '@grantlog/domain'
import type { View } from '../view.js'
import { applyToAccessKey, applyToAccount } from './account.js'
import { applyToAttachment, applyToPolicy } from './policies.js'
import { applyToGroup, applyToMembership, applyToRole, applyToUser } from './principals.js'
import { applyToProvider } from './providers.js'
import { type DirectoryState, emptyDirectory, reindexDirectory } from './state.js'

/** Takes one event in. Every event that the directory does not show is named. */
const apply = (state: DirectoryState, recorded: Recorded): DirectoryState => {
  const { event } = recorded
  if (isProviderEvent(event)) return applyToProvider(state, event, recorded)
  if (event.type === 'AccountCreated') return applyToAccount(state, event, recorded)
  switch (event.type) {
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeleted':
      return applyToUser(state, event, recorded)
    case 'AccessKeyCreated':
    case 'AccessKeyStatusChanged':
    case 'AccessKeyDeleted':
      return applyToAccessKey(state, event, recorded)
    case 'GroupCreated':
    case 'GroupUpdated':
    case 'GroupDeleted':
      return applyToGroup(state, event, recorded)
    case 'UserAddedToGroup':
    case 'UserRemovedFromGroup':
      return applyToMembership(state, event, recorded)
    case 'RoleCreated':
    case 'RoleUpdated':
    case 'RoleTrustChanged':
    case 'RoleDeleted':
      return applyToRole(state, event, recorded)
    case 'PolicyCreated':
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyDescriptionUpdated':
    case 'PolicyVersionDeleted':
    case 'PolicyDeleted':
      return applyToPolicy(state, event, recorded)
    case 'PolicyAttached':
    case 'PolicyDetached':
      return applyToAttachment(state, event, recorded)
    case 'EntityRegistered':
    case 'EntityUpdated':
    case 'EntityRemoved':
    case 'RoleAssumed':
    case 'RoleAssumptionRefused':
    case 'SessionRevoked':
    case 'CredentialIssued':
    case 'CredentialExpired':
    case 'AccessRecorded':
    case 'AccessRecordsLost':
    case 'AccessRecordingChanged':
    case 'AccessKeyUsed':
      return state
  }
}

export const directoryView: View<DirectoryState> = {
  name: 'directory',
  version: 2,
  empty: emptyDirectory,
  apply,
  reindex: reindexDirectory,
}
