/** What can become of a user. */
import { describe, it } from 'vitest'
import { GroupName, PolicyName, Sealed, UserName } from '../../names.js'
import {
  accessKeyIdOf,
  groupIdOf,
  known,
  sampleAccountId,
  secretRefOf,
  specify,
  userIdOf,
} from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { DEFAULT_QUOTAS } from '../quotas.js'

const given = specify(accountDecider({ ...DEFAULT_QUOTAS, usersPerAccount: 2 }))
const alice = known(UserName, 'alice')
const bob = known(UserName, 'bob')
const userId = userIdOf(1)
const some = known(Sealed, 'pii1.AAAA')
const other = known(Sealed, 'pii1.BBBB')
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const created = { type: 'UserCreated', userId, userName: alice } as const
const bobCreated = { type: 'UserCreated', userId: userIdOf(2), userName: bob } as const
const deleted = { type: 'UserDeleted', userId, userName: alice } as const
const group = {
  type: 'GroupCreated',
  groupId: groupIdOf(1),
  groupName: known(GroupName, 'devs'),
} as const
const joined = { type: 'UserAddedToGroup', userId, groupId: group.groupId } as const
const keyed = {
  type: 'AccessKeyCreated',
  owner: { type: 'User', userId },
  accessKeyId: accessKeyIdOf(1),
  secretRef: secretRefOf(1),
} as const
const attached = {
  type: 'PolicyAttached',
  policy: { type: 'System', policyName: known(PolicyName, 'ReadOnlyAccess') },
  target: { type: 'User', userId },
} as const

describe('CreateUser', () => {
  const create = { type: 'CreateUser', userId, userName: alice, email: some } as const

  it('given no such user, then it is created with its profile', () => {
    given(opened)
      .when(create)
      .thenEmits({ type: 'UserCreated', userId, userName: alice, email: some })
  })
  it('given a user of that name in other letters, then it is refused', () => {
    given(opened, created)
      .when({ ...create, userId: userIdOf(2), userName: known(UserName, 'ALICE') })
      .thenRefused({ type: 'UserAlreadyExists', userName: known(UserName, 'ALICE') })
  })
  it('given another user with that id, then it is refused', () => {
    given(opened, created)
      .when({ ...create, userName: bob })
      .thenRefused({ type: 'UserAlreadyExists', userName: bob })
  })
  it('given a taken name in a full account, then the name is what is refused', () => {
    given(opened, created, bobCreated)
      .when({ ...create, userId: userIdOf(3) })
      .thenRefused({ type: 'UserAlreadyExists', userName: alice })
  })
  it('given a full account, then it is refused', () => {
    given(opened, created, bobCreated)
      .when({ ...create, userId: userIdOf(3), userName: known(UserName, 'carol') })
      .thenRefused({ type: 'UserLimitExceeded', limit: 2 })
  })
  it('given the same user, then nothing changes', () => {
    given(opened, created, bobCreated).when(create).thenUnchanged()
  })
  it('given a deleted user of that name, then a new one is created', () => {
    given(opened, created, deleted)
      .when({ type: 'CreateUser', userId: userIdOf(2), userName: alice })
      .thenEmits({ type: 'UserCreated', userId: userIdOf(2), userName: alice })
  })
})

describe('UpdateUser', () => {
  const update = { type: 'UpdateUser', userName: alice } as const

  it('given the user, then only what changes is recorded', () => {
    given(opened, { ...created, email: some })
      .when({ ...update, newUserName: bob, newEmail: some, newComments: other })
      .thenEmits({ type: 'UserUpdated', userId, userName: bob, comments: other })
  })
  it('given the user, then each member of its profile can change', () => {
    given(opened, created)
      .when({ ...update, newDisplayName: some, newMobilePhone: other, newEmail: other })
      .thenEmits({
        type: 'UserUpdated',
        userId,
        displayName: some,
        mobilePhone: other,
        email: other,
      })
  })
  it('given no such user, then it is refused', () => {
    given(opened).when(update).thenRefused({ type: 'UserNotFound', userName: alice })
  })
  it('given a later holder of the name, then a profile sealed for the first is refused', () => {
    given(opened, created, deleted, { ...created, userId: userIdOf(2) })
      .when({ ...update, userId, newEmail: some })
      .thenRefused({ type: 'UserNotFound', userName: alice })
  })
  it('given another user of the new name, then it is refused', () => {
    given(opened, created, bobCreated)
      .when({ ...update, newUserName: known(UserName, 'Bob') })
      .thenRefused({ type: 'UserAlreadyExists', userName: known(UserName, 'Bob') })
  })
  it('given its own name in other letters, then it is renamed', () => {
    given(opened, created)
      .when({ ...update, newUserName: known(UserName, 'Alice') })
      .thenEmits({ type: 'UserUpdated', userId, userName: known(UserName, 'Alice') })
  })
  it('given what is asked already, then nothing changes', () => {
    given(opened, { ...created, comments: some })
      .when({ ...update, userId, newUserName: alice, newComments: some })
      .thenUnchanged()
    given(opened, created).when(update).thenUnchanged()
  })
  it('given a renamed user, then the old name is free and the new one taken', () => {
    const renamed = { type: 'UserUpdated', userId, userName: bob } as const
    given(opened, created, renamed)
      .when({ type: 'DeleteUser', userName: alice })
      .thenRefused({ type: 'UserNotFound', userName: alice })
    given(opened, created, renamed)
      .when({ type: 'DeleteUser', userName: bob })
      .thenEmits({ type: 'UserDeleted', userId, userName: bob })
  })
})

describe('DeleteUser', () => {
  const remove = { type: 'DeleteUser', userName: known(UserName, 'Alice') } as const
  const { userName } = remove

  it('given a user with nothing left, then it is deleted', () => {
    given(opened, created).when(remove).thenEmits(deleted)
  })
  it('given no such user, then it is refused', () => {
    given(opened).when(remove).thenRefused({ type: 'UserNotFound', userName })
  })
  it('given a group, keys and policies, then the group is what is refused first', () => {
    given(opened, created, group, joined, keyed, attached)
      .when(remove)
      .thenRefused({ type: 'UserHasGroups', userName })
  })
  it('given keys and policies, then the keys are what is refused first', () => {
    given(opened, created, keyed, attached)
      .when(remove)
      .thenRefused({ type: 'UserHasAccessKeys', userName })
  })
  it('given policies, then it is refused', () => {
    given(opened, created, attached).when(remove).thenRefused({ type: 'UserHasPolicies', userName })
  })
  it('given everything was given up again, then it is deleted', () => {
    const left = { type: 'UserRemovedFromGroup', userId, groupId: group.groupId } as const
    const { policy, target } = attached
    given(opened, created, group, joined, keyed, attached, left)
      .when({ type: 'DeleteUser', userName: alice })
      .thenRefused({ type: 'UserHasAccessKeys', userName: alice })
    given(opened, created, group, joined, attached, left, {
      type: 'PolicyDetached',
      policy,
      target,
    })
      .when(remove)
      .thenEmits(deleted)
  })
  it('given it was deleted before, then it is refused', () => {
    given(opened, created, deleted).when(remove).thenRefused({ type: 'UserNotFound', userName })
  })
})
