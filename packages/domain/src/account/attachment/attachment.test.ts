/** What can become of a policy and whom it is attached to. */
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
import { DEFAULT_QUOTAS } from '../quotas.js'

const given = specify(
  accountDecider({ ...DEFAULT_QUOTAS, systemPoliciesPerTarget: 1, customPoliciesPerTarget: 1 }),
)
const alice = known(UserName, 'alice')
const devs = known(GroupName, 'devs')
const deployer = known(RoleName, 'deployer')
const ship = known(PolicyName, 'ship')
const read = known(PolicyName, 'read')
const admin = known(PolicyName, 'AdministratorAccess')
const readOnly = known(PolicyName, 'ReadOnlyAccess')
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const user = { type: 'UserCreated', userId: userIdOf(1), userName: alice } as const
const group = { type: 'GroupCreated', groupId: groupIdOf(1), groupName: devs } as const
const role = {
  type: 'RoleCreated',
  roleId: roleIdOf(1),
  roleName: deployer,
  trustPolicy: trusting(['root']),
  maxSessionDuration: 3600,
} as const
const policy = (n: number, policyName: PolicyName) =>
  ({
    type: 'PolicyCreated',
    policyId: policyIdOf(n),
    policyName,
    versionId: known(VersionId, 'v1'),
    document: allowing('ecs:*'),
  }) as const
const all = [opened, user, group, role, policy(1, ship), policy(2, read)] as const

const cases = [
  {
    name: { type: 'User', userName: alice },
    id: { type: 'User', userId: userIdOf(1) },
    missing: { type: 'UserNotFound', userName: alice },
  },
  {
    name: { type: 'Group', groupName: devs },
    id: { type: 'Group', groupId: groupIdOf(1) },
    missing: { type: 'GroupNotFound', groupName: devs },
  },
  {
    name: { type: 'Role', roleName: deployer },
    id: { type: 'Role', roleId: roleIdOf(1) },
    missing: { type: 'RoleNotFound', roleName: deployer },
  },
] as const

describe.each(cases)('AttachPolicy and DetachPolicy of a $name.type', ({ name, id, missing }) => {
  const custom = { policyType: 'Custom', policyName: ship, target: name } as const
  const system = { policyType: 'System', policyName: admin, target: name } as const
  const customRef = { policy: { type: 'Custom', policyId: policyIdOf(1) }, target: id } as const
  const systemRef = { policy: { type: 'System', policyName: admin }, target: id } as const

  it('given both, then a custom policy is attached by its id', () => {
    given(...all)
      .when({ type: 'AttachPolicy', ...custom })
      .thenEmits({ type: 'PolicyAttached', ...customRef })
  })
  it('given a system policy in other letters, then it is attached by its catalogue name', () => {
    given(...all)
      .when({
        type: 'AttachPolicy',
        ...system,
        policyName: known(PolicyName, 'administratoraccess'),
      })
      .thenEmits({ type: 'PolicyAttached', ...systemRef })
  })
  it('given neither, then the target is what is refused first', () => {
    given(opened)
      .when({ type: 'AttachPolicy', ...custom })
      .thenRefused(missing)
    given(opened)
      .when({ type: 'DetachPolicy', ...custom })
      .thenRefused(missing)
  })
  it('given no policy of that type and name, then it is refused', () => {
    const unknown = { policyType: 'System', policyName: ship, target: name } as const
    const refusal = { type: 'PolicyNotFound', policyType: 'System', policyName: ship } as const
    given(...all)
      .when({ type: 'AttachPolicy', ...unknown })
      .thenRefused(refusal)
    given(...all)
      .when({ type: 'DetachPolicy', ...unknown })
      .thenRefused(refusal)
    given(...all)
      .when({ type: 'AttachPolicy', ...system, policyType: 'Custom' })
      .thenRefused({ type: 'PolicyNotFound', policyType: 'Custom', policyName: admin })
  })
  it('given the policy on a full target, then being attached is what is refused', () => {
    given(...all, { type: 'PolicyAttached', ...customRef })
      .when({ type: 'AttachPolicy', ...custom })
      .thenRefused({ type: 'PolicyAlreadyAttached', ...custom })
    given(...all, { type: 'PolicyAttached', ...systemRef })
      .when({ type: 'AttachPolicy', ...system })
      .thenRefused({ type: 'PolicyAlreadyAttached', ...system })
  })
  it('given a full target, then one more of that type is refused and the other type is not', () => {
    const past = [...all, { type: 'PolicyAttached', ...customRef } as const]
    given(...past)
      .when({ type: 'AttachPolicy', ...custom, policyName: read })
      .thenRefused({
        type: 'AttachmentLimitExceeded',
        policyType: 'Custom',
        target: name,
        limit: 1,
      })
    given(...past)
      .when({ type: 'AttachPolicy', ...system })
      .thenEmits({ type: 'PolicyAttached', ...systemRef })
    given(...all, { type: 'PolicyAttached', ...systemRef })
      .when({ type: 'AttachPolicy', ...system, policyName: readOnly })
      .thenRefused({
        type: 'AttachmentLimitExceeded',
        policyType: 'System',
        target: name,
        limit: 1,
      })
  })
  it('given it is attached, then it is detached', () => {
    given(...all, { type: 'PolicyAttached', ...customRef })
      .when({ type: 'DetachPolicy', ...custom })
      .thenEmits({ type: 'PolicyDetached', ...customRef })
    given(...all, { type: 'PolicyAttached', ...systemRef })
      .when({ type: 'DetachPolicy', ...system })
      .thenEmits({ type: 'PolicyDetached', ...systemRef })
  })
  it('given it is not attached, or no longer, then detaching is refused', () => {
    given(...all)
      .when({ type: 'DetachPolicy', ...system })
      .thenRefused({ type: 'PolicyNotAttached', ...system })
    given(
      ...all,
      { type: 'PolicyAttached', ...customRef },
      { type: 'PolicyDetached', ...customRef },
    )
      .when({ type: 'DetachPolicy', ...custom })
      .thenRefused({ type: 'PolicyNotAttached', ...custom })
  })
})

describe('AttachPolicy to a service-linked role', () => {
  it('given such a role, then it is refused', () => {
    const roleName = known(RoleName, 'AliyunServiceRoleForEcs')
    given(opened, { ...role, roleName })
      .when({
        type: 'AttachPolicy',
        policyType: 'System',
        policyName: admin,
        target: { type: 'Role', roleName },
      })
      .thenRefused({ type: 'ServiceLinkedRoleProtected', roleName })
  })
})
