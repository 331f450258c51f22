/**
 * Whose policies in force an event may change, asked before it is applied: also the names that an
 * explanation gives. Every event is named: one that is forgotten here would leave somebody with
 * what was taken away.
 */
import { type AttachmentTarget, isSideEvent, type Recorded } from '@grantlog/domain'
import { entityKey } from '../keys.js'
import type { Touched } from './compiled.js'
import type { GrantsState } from './state.js'

const NOBODY: ReadonlyArray<Touched> = []

export const touchedBy = (
  state: GrantsState,
  { event, accountId }: Recorded,
): ReadonlyArray<Touched> => {
  if (isSideEvent(event)) return NOBODY
  switch (event.type) {
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeleted':
    case 'UserAddedToGroup':
    case 'UserRemovedFromGroup':
      return [{ type: 'User', id: event.userId }]
    case 'RoleCreated':
    case 'RoleUpdated':
    case 'RoleDeleted':
      return [{ type: 'Role', id: event.roleId }]
    case 'GroupCreated':
    case 'GroupUpdated':
    case 'GroupDeleted':
      return membersOf(state, accountId, event.groupId)
    case 'PolicyAttached':
    case 'PolicyDetached':
      return holdersAt(state, accountId, event.target)
    case 'PolicyCreated':
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyVersionDeleted':
    case 'PolicyDeleted':
      return [{ type: 'HoldersOf', policyId: event.policyId }]
    case 'RoleTrustChanged':
    case 'AccountCreated':
    case 'PolicyDescriptionUpdated':
    case 'AccessKeyCreated':
    case 'AccessKeyStatusChanged':
    case 'AccessKeyDeleted':
    case 'RoleAssumed':
    case 'EntityRegistered':
    case 'EntityUpdated':
    case 'EntityRemoved':
    case 'RoleAssumptionRefused':
    case 'SessionRevoked':
    case 'CredentialIssued':
    case 'CredentialExpired':
    case 'AccessRecorded':
    case 'AccessRecordsLost':
    case 'AccessRecordingChanged':
    case 'AccessKeyUsed':
      return NOBODY
  }
}

const membersOf = (
  state: GrantsState,
  accountId: string,
  groupId: string,
): ReadonlyArray<Touched> =>
  Array.from(state.memberships.of('group', entityKey(accountId, groupId)), ({ userId }) => ({
    type: 'User',
    id: userId,
  }))

const holdersAt = (
  state: GrantsState,
  accountId: string,
  target: AttachmentTarget,
): ReadonlyArray<Touched> => {
  switch (target.type) {
    case 'User':
      return [{ type: 'User', id: target.userId }]
    case 'Role':
      return [{ type: 'Role', id: target.roleId }]
    case 'Group':
      return membersOf(state, accountId, target.groupId)
  }
}
