/**
 * Which policies bind a principal right now, through itself and through its groups, and who may
 * assume which role.
 *
 * Invariant: after event n, the answer equals that of a fold over the events up to n from scratch.
 * Cost: O(changes) per event, O(policies of the principal) per question. One writer.
 */
import { isSideEvent, type Recorded } from '@grantlog/domain'
import type { View } from '../view.js'
import {
  applyToAttachment,
  applyToGroup,
  applyToMembership,
  applyToPolicy,
  applyToRole,
  applyToUser,
} from './folds.js'
import { emptyGrants, type GrantsState, reindexGrants } from './state.js'
import { touchedBy } from './touched.js'

/** Takes one event in. Every event that grants nothing and takes nothing away is named. */
const apply = (state: GrantsState, recorded: Recorded): GrantsState => {
  const { event, accountId } = recorded
  state.compiled.forget(accountId, touchedBy(state, recorded))
  if (isSideEvent(event)) return state
  switch (event.type) {
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeleted':
      return applyToUser(state, event, recorded)
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
    case 'AccountCreated':
    case 'PolicyDescriptionUpdated':
    case 'AccessKeyCreated':
    case 'AccessKeyStatusChanged':
    case 'AccessKeyDeleted':
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

export const grantsView: View<GrantsState> = {
  name: 'grants',
  version: 1,
  empty: emptyGrants,
  apply,
  reindex: reindexGrants,
}
