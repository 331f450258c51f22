/** Whether a key may be created, switched and deleted, for the account itself or for a user. */
import * as E from 'fp-ts/lib/Either.js'
import type { Set as ISet } from 'immutable'
import { accept, refuse, unchanged } from '../../decider.js'
import type { AccessKeyId, UserName } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision, AccountRefusal } from '../refusal.js'
import type { AccessKeyRecord, OpenAccountState } from '../state.js'
import { userNamed } from '../state.js'
import type {
  AccessKeyOwnerName,
  CreateAccessKey,
  DeleteAccessKey,
  UpdateAccessKey,
} from './commands.js'
import type { AccessKeyOwner } from './events.js'

type Holder = { readonly owner: AccessKeyOwner; readonly accessKeyIds: ISet<AccessKeyId> }

export const createAccessKey = (
  command: CreateAccessKey,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { accessKeyId, secretRef } = command
  const found = findHolder(account, command.owner)
  if (E.isLeft(found)) return found
  const { owner, accessKeyIds } = found.right
  const key = account.accessKeys.get(accessKeyId)
  if (key !== undefined && key.secretRef === secretRef && accessKeyIds.has(accessKeyId))
    return unchanged
  if (key !== undefined) return refuse({ type: 'AccessKeyAlreadyExists', accessKeyId })
  const limit = limitOf(owner, quotas)
  if (accessKeyIds.size >= limit) return refuse({ type: 'AccessKeyLimitExceeded', limit })

  return accept({ type: 'AccessKeyCreated', accessKeyId, owner, secretRef })
}

export const updateAccessKey = (
  command: UpdateAccessKey,
  account: OpenAccountState,
): AccountDecision => {
  const { accessKeyId, status } = command
  const found = findKey(account, command.owner, accessKeyId)
  if (E.isLeft(found)) return found
  const { key } = found.right
  if (key.status === status) return unchanged

  return accept({ type: 'AccessKeyStatusChanged', accessKeyId, owner: key.owner, status })
}

export const deleteAccessKey = (
  command: DeleteAccessKey,
  account: OpenAccountState,
): AccountDecision => {
  const { accessKeyId } = command
  const found = findKey(account, command.owner, accessKeyId)
  if (E.isLeft(found)) return found
  const { owner, secretRef } = found.right.key

  return accept({ type: 'AccessKeyDeleted', accessKeyId, owner, secretRef })
}

const limitOf = (owner: AccessKeyOwner, quotas: Quotas): number => {
  switch (owner.type) {
    case 'Account':
      return quotas.accessKeysPerAccount
    case 'User':
      return quotas.accessKeysPerUser
  }
}

const findHolder = (
  account: OpenAccountState,
  owner: AccessKeyOwnerName,
): E.Either<AccountRefusal, Holder> => {
  switch (owner.type) {
    case 'Account':
      return E.right({ owner: { type: 'Account' }, accessKeyIds: account.rootAccessKeyIds })
    case 'User':
      return findUser(account, owner.userName)
  }
}

const findUser = (
  account: OpenAccountState,
  userName: UserName,
): E.Either<AccountRefusal, Holder> => {
  const user = userNamed(account, userName)
  if (user === undefined) return E.left({ type: 'UserNotFound', userName })
  const { userId, accessKeyIds } = user
  return E.right({ owner: { type: 'User', userId }, accessKeyIds })
}

/** A key is found through its owner only: naming someone else's key finds nothing. */
const findKey = (
  account: OpenAccountState,
  ownerName: AccessKeyOwnerName,
  accessKeyId: AccessKeyId,
): E.Either<AccountRefusal, { readonly key: AccessKeyRecord }> => {
  const found = findHolder(account, ownerName)
  if (E.isLeft(found)) return found
  const key = found.right.accessKeyIds.has(accessKeyId)
    ? account.accessKeys.get(accessKeyId)
    : undefined
  return key === undefined ? E.left({ type: 'AccessKeyNotFound', accessKeyId }) : E.right({ key })
}
