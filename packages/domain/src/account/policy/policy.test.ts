/** What can become of a custom policy and its versions. */
import { describe, it } from 'vitest'
import { GroupName, PolicyName, RoleName, UserName, VersionId } from '../../names.js'
import {
  allowing,
  groupIdOf,
  known,
  policyIdOf,
  roleIdOf,
  sampleAccountId,
  specify,
  trusting,
  userIdOf,
} from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { Description } from '../limits.js'
import { DEFAULT_QUOTAS } from '../quotas.js'

const decider = accountDecider({ ...DEFAULT_QUOTAS, policiesPerAccount: 2 })
const given = specify(decider)
const ship = known(PolicyName, 'ship')
const policyId = policyIdOf(1)
const document = allowing('ecs:*')
const version = (n: number) => known(VersionId, `v${n}`)
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const created = {
  type: 'PolicyCreated',
  policyId,
  policyName: ship,
  versionId: version(1),
  document,
} as const
const otherCreated = {
  ...created,
  policyId: policyIdOf(2),
  policyName: known(PolicyName, 'read'),
} as const
const versioned = (n: number) =>
  ({ type: 'PolicyVersionCreated', policyId, versionId: version(n), document }) as const
const dropped = (n: number) =>
  ({ type: 'PolicyVersionDeleted', policyId, versionId: version(n) }) as const
const inForce = (n: number) =>
  ({ type: 'DefaultPolicyVersionChanged', policyId, versionId: version(n) }) as const
const deleted = { type: 'PolicyDeleted', policyId, policyName: ship } as const
const notFound = { type: 'PolicyNotFound', policyType: 'Custom', policyName: ship } as const
const full = [opened, created, versioned(2), versioned(3), versioned(4), versioned(5)] as const

const user = { type: 'UserCreated', userId: userIdOf(1), userName: known(UserName, 'a') } as const
const group = {
  type: 'GroupCreated',
  groupId: groupIdOf(1),
  groupName: known(GroupName, 'g'),
} as const
const role = {
  type: 'RoleCreated',
  roleId: roleIdOf(1),
  roleName: known(RoleName, 'r'),
  trustPolicy: trusting(['root']),
  maxSessionDuration: 3600,
} as const
const policy = { type: 'Custom', policyId } as const
const onUser = { policy, target: { type: 'User', userId: user.userId } } as const
const onGroup = { policy, target: { type: 'Group', groupId: group.groupId } } as const
const onRole = { policy, target: { type: 'Role', roleId: role.roleId } } as const
type Attachment = typeof onUser | typeof onGroup | typeof onRole
const attached = (to: Attachment) => ({ type: 'PolicyAttached', ...to }) as const
const detached = (from: Attachment) => ({ type: 'PolicyDetached', ...from }) as const

describe('CreatePolicy', () => {
  const create = { type: 'CreatePolicy', policyId, policyName: ship, document } as const

  it('given no such policy, then it is created with v1 in force', () => {
    const description = known(Description, 'nightly')
    given(opened)
      .when({ ...create, description })
      .thenEmits({ ...created, description })
  })
  it('given a system policy of that name, then it is created all the same', () => {
    const policyName = known(PolicyName, 'AdministratorAccess')
    given(opened)
      .when({ ...create, policyName })
      .thenEmits({ ...created, policyName })
  })
  it('given a policy of that name in a full account, then the name is what is refused', () => {
    const policyName = known(PolicyName, 'SHIP')
    given(opened, created, otherCreated)
      .when({ ...create, policyId: policyIdOf(3), policyName })
      .thenRefused({ type: 'PolicyAlreadyExists', policyName })
  })
  it('given another policy with that id, then it is refused', () => {
    given(opened, created)
      .when({ ...create, policyName: otherCreated.policyName })
      .thenRefused({ type: 'PolicyAlreadyExists', policyName: otherCreated.policyName })
  })
  it('given a full account, then it is refused', () => {
    given(opened, created, otherCreated)
      .when({ ...create, policyId: policyIdOf(3), policyName: known(PolicyName, 'third') })
      .thenRefused({ type: 'PolicyLimitExceeded', limit: 2 })
  })
  it('given the same policy, then nothing changes', () => {
    given(opened, created, otherCreated).when(create).thenUnchanged()
  })
})

describe('CreatePolicyVersion', () => {
  const create = {
    type: 'CreatePolicyVersion',
    policyName: ship,
    document,
    setAsDefault: false,
    rotateStrategy: 'None',
  } as const
  const rotating = {
    ...create,
    rotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
  } as const

  it('given the policy, then a version is added that is not in force', () => {
    given(opened, created).when(create).thenEmits(versioned(2))
  })
  it('given the wish to put it in force, then it comes into force', () => {
    given(opened, created)
      .when({ ...create, setAsDefault: true })
      .thenEmits(versioned(2), inForce(2))
  })
  it('given a deleted version, then its number is not used again', () => {
    given(opened, created, versioned(2), dropped(2)).when(create).thenEmits(versioned(3))
  })
  it('given no such policy, then it is refused', () => {
    given(opened).when(create).thenRefused(notFound)
  })
  it('given a system policy, then no policy is found', () => {
    const policyName = known(PolicyName, 'AdministratorAccess')
    given(opened)
      .when({ ...create, policyName })
      .thenRefused({ ...notFound, policyName })
  })
  it('given five versions, then a sixth is refused', () => {
    given(...full)
      .when(create)
      .thenRefused({ type: 'PolicyVersionLimitExceeded', policyName: ship, limit: 5 })
  })
  it('given five versions and leave to rotate, then the oldest not in force makes room', () => {
    given(...full)
      .when(rotating)
      .thenEmits(dropped(2), versioned(6))
    given(...full, inForce(3))
      .when({ ...rotating, setAsDefault: true })
      .thenEmits(dropped(1), versioned(6), inForce(6))
  })
  it('given room and leave to rotate, then nothing is deleted', () => {
    given(opened, created).when(rotating).thenEmits(versioned(2))
  })
  it('given a lowered quota, then rotating deletes as many as it takes, or refuses', () => {
    const givenTwo = specify(accountDecider({ ...DEFAULT_QUOTAS, versionsPerPolicy: 2 }))
    givenTwo(...full)
      .when(rotating)
      .thenEmits(dropped(2), dropped(3), dropped(4), dropped(5), versioned(6))
    const givenOne = specify(accountDecider({ ...DEFAULT_QUOTAS, versionsPerPolicy: 1 }))
    givenOne(opened, created)
      .when(rotating)
      .thenRefused({ type: 'PolicyVersionLimitExceeded', policyName: ship, limit: 1 })
  })
  it('given the last number there is, then another version is refused', () => {
    given(opened, { ...created, versionId: version(999_999_999) })
      .when(create)
      .thenRefused({ type: 'PolicyVersionLimitExceeded', policyName: ship, limit: 5 })
  })
})

describe('SetDefaultPolicyVersion', () => {
  const set = { type: 'SetDefaultPolicyVersion', policyName: ship, versionId: version(2) } as const

  it('given another version, then it comes into force', () => {
    given(opened, created, versioned(2)).when(set).thenEmits(inForce(2))
  })
  it('given no such policy, then it is refused', () => {
    given(opened).when(set).thenRefused(notFound)
  })
  it('given no such version, then it is refused', () => {
    given(opened, created)
      .when(set)
      .thenRefused({ type: 'PolicyVersionNotFound', policyName: ship, versionId: version(2) })
  })
  it('given the version in force, then nothing changes', () => {
    given(opened, created, versioned(2), inForce(2)).when(set).thenUnchanged()
  })
})

describe('UpdatePolicyDescription', () => {
  const newDescription = known(Description, 'nightly builds')
  const update = { type: 'UpdatePolicyDescription', policyName: ship, newDescription } as const
  const updated = {
    type: 'PolicyDescriptionUpdated',
    policyId,
    description: newDescription,
  } as const

  it('given the policy, then the new text is recorded, whatever the case of the name', () => {
    given(opened, created)
      .when({ ...update, policyName: known(PolicyName, 'SHIP') })
      .thenEmits(updated)
  })
  it('given no such policy, or only a system policy of that name, then it is refused', () => {
    given(opened).when(update).thenRefused(notFound)
    const policyName = known(PolicyName, 'AdministratorAccess')
    given(opened)
      .when({ ...update, policyName })
      .thenRefused({ ...notFound, policyName })
  })
  it('given the same text, from the beginning or since, then nothing changes', () => {
    given(opened, created, updated).when(update).thenUnchanged()
    given(opened, { ...created, description: newDescription })
      .when(update)
      .thenUnchanged()
  })
})

describe('DeletePolicyVersion', () => {
  const remove = { type: 'DeletePolicyVersion', policyName: ship, versionId: version(2) } as const
  const missing = {
    type: 'PolicyVersionNotFound',
    policyName: ship,
    versionId: version(2),
  } as const

  it('given a version not in force, then it is deleted', () => {
    given(opened, created, versioned(2)).when(remove).thenEmits(dropped(2))
  })
  it('given no such policy, then it is refused', () => {
    given(opened).when(remove).thenRefused(notFound)
  })
  it('given no such version, or no longer, then it is refused', () => {
    given(opened, created).when(remove).thenRefused(missing)
    given(opened, created, versioned(2), dropped(2)).when(remove).thenRefused(missing)
  })
  it('given the version in force, then it is refused', () => {
    given(opened, created, versioned(2), inForce(2))
      .when(remove)
      .thenRefused({ ...missing, type: 'DefaultPolicyVersionInUse' })
  })
})

describe('DeletePolicy', () => {
  const remove = { type: 'DeletePolicy', policyName: ship, cascadingDelete: false } as const
  const cascading = { ...remove, cascadingDelete: true } as const
  const held = [
    ...[opened, created, versioned(2), user, group, role],
    ...[attached(onUser), attached(onGroup), attached(onRole)],
  ]

  it('given a policy with one version that nobody holds, then it is deleted', () => {
    given(opened, created).when(remove).thenEmits(deleted)
  })
  it('given more versions and a cascade, then they are deleted first', () => {
    given(opened, created, versioned(2), versioned(3), inForce(2))
      .when(cascading)
      .thenEmits(dropped(1), dropped(3), deleted)
  })
  it('given no such policy, then it is refused', () => {
    given(opened).when(remove).thenRefused(notFound)
  })
  it('given holders and versions, then user, group, role and versions are refused in turn', () => {
    const refused = (type: 'PolicyAttachedToUser' | 'PolicyAttachedToGroup') =>
      ({ type, policyName: ship }) as const
    given(...held)
      .when(cascading)
      .thenRefused(refused('PolicyAttachedToUser'))
    given(...held, detached(onUser))
      .when(cascading)
      .thenRefused(refused('PolicyAttachedToGroup'))
    given(...held, detached(onUser), detached(onGroup))
      .when(cascading)
      .thenRefused({ type: 'PolicyAttachedToRole', policyName: ship })
    given(...held, detached(onUser), detached(onGroup), detached(onRole))
      .when(remove)
      .thenRefused({ type: 'PolicyHasVersions', policyName: ship })
  })
  it('given it was deleted before, then it is refused', () => {
    given(opened, created, deleted).when(remove).thenRefused(notFound)
  })
})
