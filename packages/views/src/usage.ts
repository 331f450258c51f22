/**
 * When each access key was last used.
 *
 * Invariant: only keys that exist have a row; a record of use that arrives after the deletion
 * changes nothing.
 */
import { isSideEvent, type Recorded } from '@grantlog/domain'
import { entityKey } from './keys.js'
import { type Table, table } from './table.js'
import type { View } from './view.js'

export type UsageRow = {
  /** Milliseconds since the epoch, UTC; null for a key that was never used. */
  readonly lastUsedAt: number | null
}

export type UsageState = { readonly tables: { readonly accessKeys: Table<UsageRow> } }

const apply = (state: UsageState, { event, accountId }: Recorded): UsageState => {
  const { accessKeys } = state.tables
  if (isSideEvent(event)) return state
  switch (event.type) {
    case 'AccessKeyCreated':
      accessKeys.set(entityKey(accountId, event.accessKeyId), { lastUsedAt: null })
      return state
    case 'AccessKeyDeleted':
      accessKeys.delete(entityKey(accountId, event.accessKeyId))
      return state
    case 'AccessKeyUsed':
      return used(state, entityKey(accountId, event.accessKeyId), event.usedAt)
    case 'AccountCreated':
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeleted':
    case 'AccessKeyStatusChanged':
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
      return state
  }
}

/** Records of use arrive late and out of order: the latest use counts. */
const used = (state: UsageState, key: string, usedAt: number): UsageState => {
  const row = state.tables.accessKeys.get(key)
  if (row === undefined || (row.lastUsedAt !== null && row.lastUsedAt >= usedAt)) return state
  state.tables.accessKeys.set(key, { lastUsedAt: usedAt })
  return state
}

export const usageView: View<UsageState> = {
  name: 'usage',
  version: 1,
  empty: () => ({ tables: { accessKeys: table() } }),
  apply,
  reindex: (state) => state,
}

/** Milliseconds since the epoch, UTC; undefined for a key that was never used or does not exist. */
export const accessKeyLastUsedAt = (
  state: UsageState,
  accountId: string,
  accessKeyId: string,
): number | undefined =>
  state.tables.accessKeys.get(entityKey(accountId, accessKeyId))?.lastUsedAt ?? undefined
