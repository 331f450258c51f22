/**
 * How the directory remembers accounts, their settings, their aliases and their access keys.
 */
import type {
  AccessKeyCreated,
  AccessKeyDeleted,
  AccessKeyStatusChanged,
  AccountAliasChanged,
  AccountCreated,
  PasswordPolicyChanged,
  Recorded,
  SecurityPreferenceChanged,
} from '@grantlog/domain'
import { entityKey } from '../keys.js'
import type { DirectoryState } from './state.js'

export const applyToAccount = (
  state: DirectoryState,
  _event: AccountCreated,
  { accountId, position, recordedAt }: Recorded,
): DirectoryState => {
  state.tables.accounts.set(accountId, { accountId, createdAt: recordedAt, position })
  return state
}

/** An account that was never opened has no settings. */
export const applyToSettings = (
  state: DirectoryState,
  event: PasswordPolicyChanged | SecurityPreferenceChanged | AccountAliasChanged,
  { accountId, position }: Recorded,
): DirectoryState => {
  const row = state.tables.accounts.get(accountId)
  if (row === undefined) return state
  switch (event.type) {
    case 'PasswordPolicyChanged':
      state.tables.accounts.set(accountId, { ...row, passwordPolicy: event.policy })
      return state
    case 'SecurityPreferenceChanged': {
      // What was remembered before it was switched off stays forgotten when it is on again.
      const { mfaTicketsSince = position, ...rest } = row
      const { preference: securityPreference } = event
      const since = securityPreference.enableSaveMFATicket ? { mfaTicketsSince } : {}
      state.tables.accounts.set(accountId, { ...rest, securityPreference, ...since })
      return state
    }
    case 'AccountAliasChanged': {
      const { alias: before, ...rest } = row
      if (before !== undefined) state.aliases.delete(before)
      const { alias } = event
      state.tables.accounts.set(accountId, alias === undefined ? rest : { ...rest, alias })
      if (alias !== undefined) state.aliases.set(alias, row.accountId)
      return state
    }
  }
}

export const applyToAccessKey = (
  state: DirectoryState,
  event: AccessKeyCreated | AccessKeyStatusChanged | AccessKeyDeleted,
  { accountId, position, recordedAt }: Recorded,
): DirectoryState => {
  const { accessKeyId } = event
  const key = entityKey(accountId, accessKeyId)
  switch (event.type) {
    case 'AccessKeyCreated': {
      const { owner } = event
      const status = 'Active'
      state.accessKeys.put({
        accountId,
        accessKeyId,
        owner,
        status,
        createdAt: recordedAt,
        position,
      })
      return state
    }
    case 'AccessKeyStatusChanged': {
      const row = state.accessKeys.get(key)
      if (row !== undefined) state.accessKeys.put({ ...row, status: event.status })
      return state
    }
    case 'AccessKeyDeleted':
      state.accessKeys.drop(key)
      return state
  }
}
