/**
 * How the directory remembers accounts and their access keys.
 */
import type {
  AccessKeyCreated,
  AccessKeyDeleted,
  AccessKeyStatusChanged,
  AccountCreated,
  Recorded,
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
