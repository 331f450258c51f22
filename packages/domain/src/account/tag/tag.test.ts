/** What can become of the tags of roles and custom policies. */
import { describe, it } from 'vitest'
import { PolicyName, RoleName, VersionId } from '../../names.js'
import {
  allowing,
  known,
  policyIdOf,
  roleIdOf,
  sampleAccountId,
  specify,
  trusting,
} from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { Tags } from '../limits.js'
import { DEFAULT_QUOTAS } from '../quotas.js'

const given = specify(accountDecider(DEFAULT_QUOTAS))
const roleId = roleIdOf(1)
const roleName = known(RoleName, 'iot')
const policyId = policyIdOf(1)
const policyName = known(PolicyName, 'read')
const team = { key: 'team', value: 'dev' }
const stage = { key: 'stage', value: '' }

const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const role = {
  type: 'RoleCreated',
  roleId,
  roleName,
  trustPolicy: trusting(['root']),
  maxSessionDuration: 3600,
  tags: [team],
} as const
const policy = {
  type: 'PolicyCreated',
  policyId,
  policyName,
  versionId: known(VersionId, 'v1'),
  document: allowing('ots:Get*'),
} as const
const both = [
  { type: 'Role', roleName },
  { type: 'Policy', policyName },
] as const

describe('TagResources', () => {
  const tag = { type: 'TagResources', resources: both, tags: known(Tags, [team, stage]) } as const

  it('given a role and a policy, then each gets what it has not', () => {
    given(opened, role, policy)
      .when(tag)
      .thenEmits(
        { type: 'ResourceTagged', resource: { type: 'Role', roleId }, tags: [stage] },
        { type: 'ResourceTagged', resource: { type: 'Policy', policyId }, tags: [team, stage] },
      )
  })
  it('given another value of a key, then the key gets the new value', () => {
    const tags = known(Tags, [{ key: 'team', value: 'ops' }])
    given(opened, role)
      .when({ ...tag, resources: [both[0]], tags })
      .thenEmits({ type: 'ResourceTagged', resource: { type: 'Role', roleId }, tags })
  })
  it('given the same tags, then nothing changes', () => {
    given(opened, role)
      .when({ ...tag, resources: [both[0]], tags: known(Tags, [team]) })
      .thenUnchanged()
  })
  it('given a resource that is not there, then nothing at all is tagged', () => {
    given(opened, role)
      .when(tag)
      .thenRefused({ type: 'PolicyNotFound', policyType: 'Custom', policyName })
    given(opened, policy).when(tag).thenRefused({ type: 'RoleNotFound', roleName })
  })
  it('given more tags than a resource may carry, then it is refused', () => {
    const tags = known(
      Tags,
      Array.from({ length: 20 }, (_, n) => ({ key: `k${n}`, value: 'v' })),
    )
    given(opened, role)
      .when({ ...tag, resources: [both[0]], tags })
      .thenRefused({ type: 'TagLimitExceeded', resource: both[0], limit: 20 })
  })
})

describe('UntagResources', () => {
  const untag = { type: 'UntagResources', resources: [both[0]] } as const
  const event = { type: 'ResourceUntagged', resource: { type: 'Role', roleId } } as const
  const more = { type: 'ResourceTagged', resource: event.resource, tags: [stage] } as const

  it('given keys, then the tags with those keys are gone', () => {
    given(opened, role, more)
      .when({ ...untag, tagKeys: ['stage', 'other'] })
      .thenEmits({ ...event, tagKeys: ['stage'] })
  })
  it('given no keys, then all tags are gone', () => {
    given(opened, role, more)
      .when(untag)
      .thenEmits({ ...event, tagKeys: ['team', 'stage'] })
  })
  it('given nothing to take, then nothing changes', () => {
    given(opened, role)
      .when({ ...untag, tagKeys: ['stage'] })
      .thenUnchanged()
    given(opened, role, { ...event, tagKeys: ['team'] })
      .when(untag)
      .thenUnchanged()
  })
  it('given a role that is not there, then it is refused', () => {
    given(opened).when(untag).thenRefused({ type: 'RoleNotFound', roleName })
  })
})
