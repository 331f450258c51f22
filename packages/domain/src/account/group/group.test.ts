/** What can become of a group and its members. */
import { describe, it } from 'vitest'
import { GroupName, PolicyName, UserName } from '../../names.js'
import { groupIdOf, known, sampleAccountId, specify, userIdOf } from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { Comments } from '../limits.js'
import { DEFAULT_QUOTAS } from '../quotas.js'

const given = specify(accountDecider({ ...DEFAULT_QUOTAS, groupsPerAccount: 2, groupsPerUser: 1 }))
const devs = known(GroupName, 'devs')
const ops = known(GroupName, 'ops')
const alice = known(UserName, 'alice')
const groupId = groupIdOf(1)
const userId = userIdOf(1)
const note = known(Comments, 'on call')
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const user = { type: 'UserCreated', userId, userName: alice } as const
const created = { type: 'GroupCreated', groupId, groupName: devs } as const
const opsCreated = { type: 'GroupCreated', groupId: groupIdOf(2), groupName: ops } as const
const deleted = { type: 'GroupDeleted', groupId, groupName: devs } as const
const joined = { type: 'UserAddedToGroup', userId, groupId } as const
const left = { type: 'UserRemovedFromGroup', userId, groupId } as const
const attached = {
  type: 'PolicyAttached',
  policy: { type: 'System', policyName: known(PolicyName, 'ReadOnlyAccess') },
  target: { type: 'Group', groupId },
} as const

describe('CreateGroup', () => {
  const create = { type: 'CreateGroup', groupId, groupName: devs, comments: note } as const

  it('given no such group, then it is created', () => {
    given(opened)
      .when(create)
      .thenEmits({ ...created, comments: note })
  })
  it('given a user of that name, then it is created all the same', () => {
    const groupName = known(GroupName, 'alice')
    given(opened, user)
      .when({ type: 'CreateGroup', groupId, groupName })
      .thenEmits({ type: 'GroupCreated', groupId, groupName })
  })
  it('given a group of that name in a full account, then the name is what is refused', () => {
    const groupName = known(GroupName, 'Devs')
    given(opened, created, opsCreated)
      .when({ ...create, groupId: groupIdOf(3), groupName })
      .thenRefused({ type: 'GroupAlreadyExists', groupName })
  })
  it('given another group with that id, then it is refused', () => {
    given(opened, created)
      .when({ ...create, groupName: ops })
      .thenRefused({ type: 'GroupAlreadyExists', groupName: ops })
  })
  it('given a full account, then it is refused', () => {
    given(opened, created, opsCreated)
      .when({ ...create, groupId: groupIdOf(3), groupName: known(GroupName, 'admins') })
      .thenRefused({ type: 'GroupLimitExceeded', limit: 2 })
  })
  it('given the same group, then nothing changes', () => {
    given(opened, created, opsCreated).when(create).thenUnchanged()
  })
})

describe('UpdateGroup', () => {
  const update = { type: 'UpdateGroup', groupName: devs } as const

  it('given the group, then only what changes is recorded', () => {
    given(opened, created)
      .when({ ...update, newGroupName: ops, newComments: known(Comments, '') })
      .thenEmits({ type: 'GroupUpdated', groupId, groupName: ops })
    given(opened, created)
      .when({ ...update, newComments: note })
      .thenEmits({ type: 'GroupUpdated', groupId, comments: note })
  })
  it('given no such group, then it is refused', () => {
    given(opened).when(update).thenRefused({ type: 'GroupNotFound', groupName: devs })
  })
  it('given another group of the new name, then it is refused', () => {
    given(opened, created, opsCreated)
      .when({ ...update, newGroupName: known(GroupName, 'OPS') })
      .thenRefused({ type: 'GroupAlreadyExists', groupName: known(GroupName, 'OPS') })
  })
  it('given its own name in other letters, then it is renamed', () => {
    given(opened, created)
      .when({ ...update, newGroupName: known(GroupName, 'DEVS') })
      .thenEmits({ type: 'GroupUpdated', groupId, groupName: known(GroupName, 'DEVS') })
  })
  it('given what is asked already, then nothing changes', () => {
    given(opened, created, { type: 'GroupUpdated', groupId, groupName: ops, comments: note })
      .when({ type: 'UpdateGroup', groupName: ops, newGroupName: ops, newComments: note })
      .thenUnchanged()
  })
})

describe('DeleteGroup', () => {
  const remove = { type: 'DeleteGroup', groupName: devs } as const

  it('given an empty group, then it is deleted', () => {
    given(opened, user, created, joined, left).when(remove).thenEmits(deleted)
  })
  it('given no such group, then it is refused', () => {
    given(opened).when(remove).thenRefused({ type: 'GroupNotFound', groupName: devs })
  })
  it('given members and policies, then the members are what is refused first', () => {
    given(opened, user, created, joined, attached)
      .when(remove)
      .thenRefused({ type: 'GroupHasUsers', groupName: devs })
  })
  it('given policies, then it is refused', () => {
    given(opened, created, attached)
      .when(remove)
      .thenRefused({ type: 'GroupHasPolicies', groupName: devs })
  })
  it('given it was deleted before, then it is refused', () => {
    given(opened, created, deleted)
      .when(remove)
      .thenRefused({ type: 'GroupNotFound', groupName: devs })
  })
})

describe('AddUserToGroup', () => {
  const add = { type: 'AddUserToGroup', userName: alice, groupName: devs } as const

  it('given a user and a group, then the user joins it', () => {
    given(opened, user, created).when(add).thenEmits(joined)
  })
  it('given neither, then the user is what is refused first', () => {
    given(opened).when(add).thenRefused({ type: 'UserNotFound', userName: alice })
  })
  it('given no such group, then it is refused', () => {
    given(opened, user).when(add).thenRefused({ type: 'GroupNotFound', groupName: devs })
  })
  it('given a member in as many groups as may be, then membership is what is refused', () => {
    given(opened, user, created, joined)
      .when(add)
      .thenRefused({ type: 'UserAlreadyInGroup', userName: alice, groupName: devs })
  })
  it('given a user in as many groups as may be, then one more is refused', () => {
    given(opened, user, created, opsCreated, joined)
      .when({ ...add, groupName: ops })
      .thenRefused({ type: 'UserGroupLimitExceeded', userName: alice, limit: 1 })
  })
})

describe('RemoveUserFromGroup', () => {
  const remove = { type: 'RemoveUserFromGroup', userName: alice, groupName: devs } as const

  it('given a member, then the user leaves', () => {
    given(opened, user, created, joined).when(remove).thenEmits(left)
  })
  it('given neither, then the user is what is refused first', () => {
    given(opened).when(remove).thenRefused({ type: 'UserNotFound', userName: alice })
  })
  it('given no such group, then it is refused', () => {
    given(opened, user).when(remove).thenRefused({ type: 'GroupNotFound', groupName: devs })
  })
  it('given no member, or no longer, then it is refused', () => {
    const refusal = { type: 'UserNotInGroup', userName: alice, groupName: devs } as const
    given(opened, user, created).when(remove).thenRefused(refusal)
    given(opened, user, created, joined, left).when(remove).thenRefused(refusal)
  })
})
