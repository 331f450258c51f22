/** What the account remembers of its keys: by id, and in the hands of their owners. */
import type { Set as ISet } from 'immutable'
import type { AccessKeyId } from '../../names.js'
import type { OpenAccountState } from '../state.js'
import type {
  AccessKeyCreated,
  AccessKeyDeleted,
  AccessKeyOwner,
  AccessKeyStatusChanged,
} from './events.js'

export const foldAccessKey = (
  account: OpenAccountState,
  event: AccessKeyCreated | AccessKeyStatusChanged | AccessKeyDeleted,
): OpenAccountState => {
  switch (event.type) {
    case 'AccessKeyCreated':
      return created(account, event)
    case 'AccessKeyStatusChanged':
      return statusChanged(account, event)
    case 'AccessKeyDeleted':
      return deleted(account, event)
  }
}

/** A key without an existing owner would sign for nobody, so it is not kept. */
const created = (account: OpenAccountState, event: AccessKeyCreated): OpenAccountState => {
  const { accessKeyId, owner, secretRef } = event
  if (account.accessKeys.has(accessKeyId) || !isThere(account, owner)) return account
  return {
    ...withKeysOf(account, owner, (ids) => ids.add(accessKeyId)),
    accessKeys: account.accessKeys.set(accessKeyId, { owner, status: 'Active', secretRef }),
  }
}

const statusChanged = (
  account: OpenAccountState,
  { accessKeyId, status }: AccessKeyStatusChanged,
): OpenAccountState => {
  const key = account.accessKeys.get(accessKeyId)
  if (key === undefined) return account
  return { ...account, accessKeys: account.accessKeys.set(accessKeyId, { ...key, status }) }
}

const deleted = (
  account: OpenAccountState,
  { accessKeyId }: AccessKeyDeleted,
): OpenAccountState => {
  const key = account.accessKeys.get(accessKeyId)
  if (key === undefined) return account
  return {
    ...withKeysOf(account, key.owner, (ids) => ids.delete(accessKeyId)),
    accessKeys: account.accessKeys.delete(accessKeyId),
  }
}

const isThere = (account: OpenAccountState, owner: AccessKeyOwner): boolean =>
  owner.type === 'Account' || account.users.has(owner.userId)

const withKeysOf = (
  account: OpenAccountState,
  owner: AccessKeyOwner,
  change: (accessKeyIds: ISet<AccessKeyId>) => ISet<AccessKeyId>,
): OpenAccountState => {
  switch (owner.type) {
    case 'Account':
      return { ...account, rootAccessKeyIds: change(account.rootAccessKeyIds) }
    case 'User': {
      const user = account.users.get(owner.userId)
      if (user === undefined) return account
      const accessKeyIds = change(user.accessKeyIds)
      return { ...account, users: account.users.set(user.userId, { ...user, accessKeyIds }) }
    }
  }
}
