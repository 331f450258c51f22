/** What can become of an AccessKey, of the account itself and of a user. */
import { describe, it } from 'vitest'
import { UserName } from '../../names.js'
import {
  accessKeyIdOf,
  known,
  sampleAccountId,
  secretRefOf,
  specify,
  userIdOf,
} from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { DEFAULT_QUOTAS } from '../quotas.js'

const given = specify(accountDecider(DEFAULT_QUOTAS))
const alice = known(UserName, 'alice')
const bob = known(UserName, 'bob')
const userId = userIdOf(1)
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const created = { type: 'UserCreated', userId, userName: alice } as const
const bobCreated = { type: 'UserCreated', userId: userIdOf(2), userName: bob } as const
const ofAlice = { type: 'User', userName: alice } as const
const ofBob = { type: 'User', userName: bob } as const
const ofRoot = { type: 'Account' } as const
const keyed = (n: number) =>
  ({
    type: 'AccessKeyCreated',
    owner: { type: 'User', userId },
    accessKeyId: accessKeyIdOf(n),
    secretRef: secretRefOf(n),
  }) as const
const rootKeyed = (n: number) => ({ ...keyed(n), owner: ofRoot }) as const
const accessKeyId = accessKeyIdOf(1)

describe('CreateAccessKey', () => {
  const create = (n: number) =>
    ({
      type: 'CreateAccessKey',
      owner: ofAlice,
      accessKeyId: accessKeyIdOf(n),
      secretRef: secretRefOf(n),
    }) as const

  it('given a user, then the user gets the key', () => {
    given(opened, created, keyed(1)).when(create(2)).thenEmits(keyed(2))
  })
  it('given the account itself, then its root gets the key', () => {
    given(opened)
      .when({ ...create(1), owner: ofRoot })
      .thenEmits(rootKeyed(1))
  })
  it('given no such user, then it is refused', () => {
    given(opened).when(create(1)).thenRefused({ type: 'UserNotFound', userName: alice })
  })
  it('given a key of that id in other hands, then it is refused', () => {
    given(opened, created, rootKeyed(1))
      .when(create(1))
      .thenRefused({ type: 'AccessKeyAlreadyExists', accessKeyId })
  })
  it('given a key of that id with another secret, then it is refused', () => {
    given(opened, created, keyed(1))
      .when({ ...create(1), secretRef: secretRefOf(2) })
      .thenRefused({ type: 'AccessKeyAlreadyExists', accessKeyId })
  })
  it('given a user holding two keys, then a third is refused', () => {
    given(opened, created, keyed(1), keyed(2))
      .when(create(3))
      .thenRefused({ type: 'AccessKeyLimitExceeded', limit: 2 })
  })
  it('given a root holding two keys, then a third is refused', () => {
    given(opened, rootKeyed(1), rootKeyed(2))
      .when({ ...create(3), owner: ofRoot })
      .thenRefused({ type: 'AccessKeyLimitExceeded', limit: 2 })
  })
  it('given the same key, then nothing changes', () => {
    given(opened, created, keyed(1), keyed(2)).when(create(1)).thenUnchanged()
  })
})

describe('UpdateAccessKey', () => {
  const update = {
    type: 'UpdateAccessKey',
    owner: ofAlice,
    accessKeyId,
    status: 'Inactive',
  } as const
  const changed = {
    type: 'AccessKeyStatusChanged',
    owner: { type: 'User', userId },
    accessKeyId,
    status: 'Inactive',
  } as const

  it('given an active key, then it is switched off', () => {
    given(opened, created, keyed(1)).when(update).thenEmits(changed)
  })
  it('given an inactive key, then it is switched on', () => {
    given(opened, created, keyed(1), changed)
      .when({ ...update, status: 'Active' })
      .thenEmits({ ...changed, status: 'Active' })
  })
  it('given no such user, then it is refused', () => {
    given(opened).when(update).thenRefused({ type: 'UserNotFound', userName: alice })
  })
  it('given no such key, then it is refused', () => {
    given(opened, created).when(update).thenRefused({ type: 'AccessKeyNotFound', accessKeyId })
  })
  it('given a key of someone else, then it is not found', () => {
    given(opened, created, bobCreated, keyed(1))
      .when({ ...update, owner: ofBob })
      .thenRefused({ type: 'AccessKeyNotFound', accessKeyId })
    given(opened, created, keyed(1))
      .when({ ...update, owner: ofRoot })
      .thenRefused({ type: 'AccessKeyNotFound', accessKeyId })
  })
  it('given the status asked for, then nothing changes', () => {
    given(opened, created, keyed(1), changed).when(update).thenUnchanged()
  })
})

describe('DeleteAccessKey', () => {
  const remove = { type: 'DeleteAccessKey', owner: ofAlice, accessKeyId } as const
  const deleted = {
    type: 'AccessKeyDeleted',
    owner: { type: 'User', userId },
    accessKeyId,
    secretRef: secretRefOf(1),
  } as const

  it('given an active key, then it is deleted and its secret named', () => {
    given(opened, created, keyed(1)).when(remove).thenEmits(deleted)
  })
  it('given a root key, then it is deleted', () => {
    given(opened, rootKeyed(1))
      .when({ ...remove, owner: ofRoot })
      .thenEmits({ ...deleted, owner: ofRoot })
  })
  it('given no such user, then it is refused', () => {
    given(opened).when(remove).thenRefused({ type: 'UserNotFound', userName: alice })
  })
  it('given a key of someone else, then it is not found', () => {
    given(opened, created, bobCreated, keyed(1))
      .when({ ...remove, owner: ofBob })
      .thenRefused({ type: 'AccessKeyNotFound', accessKeyId })
  })
  it('given it was deleted before, then it is refused', () => {
    given(opened, created, keyed(1), deleted)
      .when(remove)
      .thenRefused({ type: 'AccessKeyNotFound', accessKeyId })
  })
  it('given two keys of which one was deleted, then there is room for another', () => {
    given(opened, created, keyed(1), keyed(2), deleted)
      .when({
        type: 'CreateAccessKey',
        owner: ofAlice,
        accessKeyId: accessKeyIdOf(3),
        secretRef: secretRefOf(3),
      })
      .thenEmits(keyed(3))
  })
})
