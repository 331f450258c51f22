/**
 * What was so, and from when to when: the interval view.
 *
 * Invariant: an answer at position p equals that of a fold over the events up to p, for every p.
 * Cost: O(changes) per event; a look-up depends on what its subject has been through, never on the
 * length of the log.
 */
import {
  type AccountEvent,
  isMFAEvent,
  isProviderEvent,
  isSignInMatter,
  isTagEvent,
  type ProviderEvent,
  type Recorded,
  type SignInMatter,
  type TagEvent,
} from '@grantlog/domain'
import type { View } from '../view.js'
import { applyToLoginProfile } from './login-profiles.js'
import { markOf } from './marks.js'
import { applyToAttachment, applyToPolicy } from './policies.js'
import {
  applyToAccessKey,
  applyToGroup,
  applyToMembership,
  applyToMFADevice,
  applyToRole,
  applyToUser,
} from './principals.js'
import { applyToProvider } from './providers.js'
import { emptyHistory, type HistoryState, reindexHistory } from './state.js'

/**
 * Takes one event in. Facts of access, of signing in and of aliases are named here and left to the
 * streams that they stand in; so are those of sessions, of which there are many, but for the few
 * revocations.
 */
const apply = (state: HistoryState, recorded: Recorded): HistoryState => {
  const { event } = recorded
  if (isSignInMatter(event) || isTagEvent(event)) return applyToOwn(state, event, recorded)
  if (isProviderEvent(event)) return applyToProvider(state, event, recorded)
  switch (event.type) {
    case 'RoleAssumed':
    case 'RoleAssumptionRefused':
    case 'CredentialIssued':
    case 'CredentialExpired':
    case 'AccessRecorded':
    case 'AccessRecordsLost':
    case 'AccessKeyUsed':
    case 'CredentialUsesRefused':
      return state
    case 'SessionRevoked':
      if (state.tables.revocations.get(event.sessionId) === undefined)
        state.tables.revocations.set(event.sessionId, markOf(recorded))
      return state
    case 'AccountCreated':
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeleted':
    case 'AccessKeyCreated':
    case 'AccessKeyStatusChanged':
    case 'AccessKeyDeleted':
    case 'GroupCreated':
    case 'GroupUpdated':
    case 'GroupDeleted':
    case 'UserAddedToGroup':
    case 'UserRemovedFromGroup':
    case 'RoleCreated':
    case 'RoleUpdated':
    case 'RoleTrustChanged':
    case 'RoleDeleted':
    case 'PolicyCreated':
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyDescriptionUpdated':
    case 'PolicyVersionDeleted':
    case 'PolicyDeleted':
    case 'PolicyAttached':
    case 'PolicyDetached':
    case 'EntityRegistered':
    case 'EntityUpdated':
    case 'EntityRemoved':
    case 'AccessRecordingChanged':
      state.marks.add(recorded)
      return applyToRelation(state, event, recorded)
  }
}

/** What changes nobody's permissions; of devices and profiles it is told whose they were. */
const applyToOwn = (
  state: HistoryState,
  event: SignInMatter | TagEvent,
  recorded: Recorded,
): HistoryState => {
  if (isMFAEvent(event)) {
    state.marks.add(recorded)
    return applyToMFADevice(state, event, recorded)
  }
  switch (event.type) {
    case 'SignedIn':
    case 'SignInFailed':
    case 'SignInsTurnedAway':
    case 'SignedOut':
    case 'AccountAliasChanged':
      return state
    case 'PasswordPolicyChanged':
    case 'SecurityPreferenceChanged':
    case 'ResourceTagged':
    case 'ResourceUntagged':
      state.marks.add(recorded)
      return state
    case 'LoginProfileCreated':
    case 'LoginProfileUpdated':
    case 'PasswordChanged':
    case 'LoginProfileDeleted':
      state.marks.add(recorded)
      return applyToLoginProfile(state, event, recorded)
  }
}

const applyToRelation = (
  state: HistoryState,
  event: Exclude<AccountEvent, SignInMatter | TagEvent | ProviderEvent>,
  recorded: Recorded,
): HistoryState => {
  switch (event.type) {
    case 'AccountCreated':
    case 'PolicyDescriptionUpdated':
    case 'EntityRegistered':
    case 'EntityUpdated':
    case 'EntityRemoved':
    case 'AccessRecordingChanged':
      return state
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
    case 'PolicyVersionDeleted':
    case 'PolicyDeleted':
      return applyToPolicy(state, event, recorded)
    case 'PolicyAttached':
    case 'PolicyDetached':
      return applyToAttachment(state, event, recorded)
  }
}

export const historyView: View<HistoryState> = {
  name: 'history',
  version: 3,
  empty: emptyHistory,
  apply,
  reindex: reindexHistory,
}
