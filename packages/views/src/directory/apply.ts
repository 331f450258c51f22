/**
 * Folds events into the directory: which entity's fold takes which event.
 *
 * Entities are found by their ids, so a later holder of a name starts with nothing.
 */
import {
  type DomainEvent,
  isMFAEvent,
  isProviderEvent,
  isSignInMatter,
  isTagEvent,
  type MFAEvent,
  type ProviderEvent,
  type Recorded,
  type SignInMatter,
  type TagEvent,
} from '@grantlog/domain'
import type { View } from '../view.js'
import { applyToAccessKey, applyToAccount, applyToSettings } from './account.js'
import { applyToLoginProfile, applyToSignIn } from './login-profiles.js'
import { applyToMFADevice } from './mfa-devices.js'
import { applyToAttachment, applyToPolicy } from './policies.js'
import { applyToGroup, applyToMembership, applyToRole, applyToUser } from './principals.js'
import { applyToProvider } from './providers.js'
import { type DirectoryState, emptyDirectory, reindexDirectory } from './state.js'
import { applyToTags } from './tags.js'

const applyToSigningIn = (
  state: DirectoryState,
  event: Exclude<SignInMatter, MFAEvent>,
  recorded: Recorded,
): DirectoryState => {
  switch (event.type) {
    case 'PasswordPolicyChanged':
    case 'SecurityPreferenceChanged':
    case 'AccountAliasChanged':
      return applyToSettings(state, event, recorded)
    case 'LoginProfileCreated':
    case 'LoginProfileUpdated':
    case 'PasswordChanged':
    case 'LoginProfileDeleted':
      return applyToLoginProfile(state, event, recorded)
    case 'SignedIn':
    case 'SignedOut':
      return applyToSignIn(state, event, recorded)
    case 'SignInFailed':
    case 'SignInsTurnedAway':
      return state
  }
}

type EntityMatter = Exclude<DomainEvent, SignInMatter | TagEvent | ProviderEvent>

/** Every event that the directory does not show is named. */
const applyToEntities = (state: DirectoryState, event: EntityMatter, recorded: Recorded) => {
  switch (event.type) {
    case 'AccountCreated':
      return applyToAccount(state, event, recorded)
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
    case 'CredentialUsesRefused':
      return state
  }
}

/** Takes one event in. */
const apply = (state: DirectoryState, recorded: Recorded): DirectoryState => {
  const { event } = recorded
  if (isMFAEvent(event)) return applyToMFADevice(state, event, recorded)
  if (isSignInMatter(event)) return applyToSigningIn(state, event, recorded)
  if (isProviderEvent(event)) return applyToProvider(state, event, recorded)
  if (isTagEvent(event)) return applyToTags(state, event, recorded)
  return applyToEntities(state, event, recorded)
}

export const directoryView: View<DirectoryState> = {
  name: 'directory',
  version: 3,
  empty: emptyDirectory,
  apply,
  reindex: reindexDirectory,
}
