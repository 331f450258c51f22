/** Who holds which policies after given events, and what is answered when that cannot be known. */
import {
  type AccountEvent,
  AttachmentTarget,
  GroupName,
  PolicyName,
  PolicyRef,
  RoleName,
  UserName,
  VersionId,
} from '@grantlog/domain'
import {
  sampleAccountId as accountId,
  allowing,
  groupIdOf,
  known,
  policyIdOf,
  roleIdOf,
  trusting,
  userIdOf,
} from '@grantlog/domain/testing'
import { describe, expect, it } from 'vitest'
import type { HolderRef } from '../holder.js'
import { fold, record, reload } from '../testing/index.js'
import { findTrust, policiesInForce, roleById, userById } from './questions.js'
import { grantsView } from './view.js'

const alice: HolderRef = { type: 'User', accountId, id: userIdOf(1) }
const bob: HolderRef = { type: 'User', accountId, id: userIdOf(2) }
const deployer: HolderRef = { type: 'Role', accountId, id: roleIdOf(1) }

const userCreated = (n: number, name: string): AccountEvent => ({
  type: 'UserCreated',
  userId: userIdOf(n),
  userName: known(UserName, name),
})
const groupCreated = (n: number, name: string): AccountEvent => ({
  type: 'GroupCreated',
  groupId: groupIdOf(n),
  groupName: known(GroupName, name),
})
const roleCreated = (n: number, trustPolicy: string): AccountEvent => ({
  type: 'RoleCreated',
  roleId: roleIdOf(n),
  roleName: known(RoleName, 'deployer'),
  trustPolicy,
  maxSessionDuration: 3600,
})
const joined = (user: number, group: number): AccountEvent => ({
  type: 'UserAddedToGroup',
  userId: userIdOf(user),
  groupId: groupIdOf(group),
})
const policyCreated = (n: number, document: string = allowing('ots:Get*')): AccountEvent => ({
  type: 'PolicyCreated',
  policyId: policyIdOf(n),
  policyName: known(PolicyName, `policy-${n}`),
  versionId: known(VersionId, 'v1'),
  document,
})
const custom = (n: number) => known(PolicyRef, { type: 'Custom', policyId: policyIdOf(n) })
const system = (policyName: string) => known(PolicyRef, { type: 'System', policyName })
const toUser = (n: number) => known(AttachmentTarget, { type: 'User', userId: userIdOf(n) })
const toGroup = (n: number) => known(AttachmentTarget, { type: 'Group', groupId: groupIdOf(n) })
const toRole = (n: number) => known(AttachmentTarget, { type: 'Role', roleId: roleIdOf(n) })
const attached = (policy: PolicyRef, target: AttachmentTarget): AccountEvent => ({
  type: 'PolicyAttached',
  policy,
  target,
})

const after = (...events: ReadonlyArray<AccountEvent>) =>
  reload(grantsView, fold(grantsView, record(events, { accountId })))
const sourcesOf = (state: ReturnType<typeof after>, holder: HolderRef) =>
  policiesInForce(state, holder)?.policies.map(
    ({ source }) => `${source.policyName}@${source.versionId} via ${source.via?.name}`,
  )

describe('policiesInForce', () => {
  it('given direct and group policies, then direct ones first, groups as joined', () => {
    const state = after(
      userCreated(1, 'alice'),
      groupCreated(1, 'devs'),
      groupCreated(2, 'ops'),
      policyCreated(1),
      policyCreated(2),
      joined(1, 2),
      joined(1, 1),
      attached(custom(2), toGroup(1)),
      attached(custom(1), toGroup(2)),
      attached(system('AdministratorAccess'), toUser(1)),
      attached(custom(2), toUser(1)),
    )
    expect(policiesInForce(state, alice)?.label).toBe('alice')
    expect(sourcesOf(state, alice)).toEqual([
      'AdministratorAccess@v1 via alice',
      'policy-2@v1 via alice',
      'policy-1@v1 via ops',
      'policy-2@v1 via devs',
    ])
  })

  it('given another default version, then it binds everybody, sharing the document', () => {
    const versionId = known(VersionId, 'v2')
    const policyId = policyIdOf(1)
    const state = after(
      userCreated(1, 'alice'),
      userCreated(2, 'bob'),
      policyCreated(1),
      attached(custom(1), toUser(1)),
      attached(custom(1), toUser(2)),
      { type: 'PolicyVersionCreated', policyId, versionId, document: allowing('oss:*') },
      { type: 'DefaultPolicyVersionChanged', policyId, versionId },
    )
    expect(sourcesOf(state, alice)).toEqual(['policy-1@v2 via alice'])
    const [ofAlice] = policiesInForce(state, alice)?.policies ?? []
    const [ofBob] = policiesInForce(state, bob)?.policies ?? []
    expect(ofAlice?.document).toBeDefined()
    expect(ofAlice?.document).toBe(ofBob?.document)
  })

  it('given a user who left a group, then nothing comes through it any more', () => {
    const state = after(
      userCreated(1, 'alice'),
      groupCreated(1, 'devs'),
      policyCreated(1),
      attached(custom(1), toGroup(1)),
      joined(1, 1),
      { type: 'UserRemovedFromGroup', userId: userIdOf(1), groupId: groupIdOf(1) },
    )
    expect(sourcesOf(state, alice)).toEqual([])
  })

  it('given somebody who does not exist or no longer does, then nothing is answered', () => {
    const userName = known(UserName, 'alice')
    const deleted: AccountEvent = { type: 'UserDeleted', userId: userIdOf(1), userName }
    expect(policiesInForce(after(), alice)).toBeUndefined()
    expect(policiesInForce(after(userCreated(1, 'alice'), deleted), alice)).toBeUndefined()
    expect(policiesInForce(after(userCreated(1, 'alice')), { ...alice, accountId: '1' })).toBe(
      undefined,
    )
  })

  it('given a policy that cannot be read or is unknown, then nothing is answered', () => {
    const start = [userCreated(1, 'alice'), policyCreated(1), attached(custom(1), toUser(1))]
    expect(policiesInForce(after(...start), alice)?.policies).toHaveLength(1)
    for (const policy of [custom(2), custom(3), system('NoSuchAccess')]) {
      const state = after(...start, policyCreated(2, '{'), attached(policy, toUser(1)))
      expect(policiesInForce(state, alice)).toBeUndefined()
    }
  })

  it('given a group whose policy does not parse, then its members are answered nothing', () => {
    const state = after(
      userCreated(1, 'alice'),
      userCreated(2, 'bob'),
      groupCreated(1, 'devs'),
      policyCreated(1, 'not a document'),
      attached(custom(1), toGroup(1)),
      joined(1, 1),
    )
    expect(policiesInForce(state, alice)).toBeUndefined()
    expect(policiesInForce(state, bob)).toEqual({ label: 'bob', policies: [] })
  })
})

describe('roles', () => {
  it('given changed trust, then the role is found by id and by name with the trust of now', () => {
    const trustText = trusting(['user/alice'])
    const state = after(
      roleCreated(1, trusting(['root'])),
      policyCreated(1),
      attached(custom(1), toRole(1)),
      { type: 'RoleTrustChanged', roleId: roleIdOf(1), trustPolicy: trustText },
      { type: 'RoleUpdated', roleId: roleIdOf(1), maxSessionDuration: 7200 },
    )
    const role = findTrust(state, accountId, 'DEPLOYER')
    expect(role).toMatchObject({ roleId: roleIdOf(1), maxSessionDuration: 7200, trustText })
    expect(role?.trust.source).toMatchObject({ policyType: 'Trust', versionId: 'v2' })
    expect(roleById(state, accountId, roleIdOf(1))).toEqual(role)
    expect(sourcesOf(state, deployer)).toEqual(['policy-1@v1 via deployer'])
  })

  it('given trust that does not parse, or a deleted role, then the role is not found', () => {
    const roleName = known(RoleName, 'deployer')
    const deleted: AccountEvent = { type: 'RoleDeleted', roleId: roleIdOf(1), roleName }
    expect(findTrust(after(roleCreated(1, '{}')), accountId, 'deployer')).toBeUndefined()
    const gone = after(roleCreated(1, trusting(['root'])), deleted)
    expect(findTrust(gone, accountId, 'deployer')).toBeUndefined()
    expect(roleById(gone, accountId, roleIdOf(1))).toBeUndefined()
  })
})

describe('userById', () => {
  it('given a renamed user, then the name of now is answered', () => {
    const userName = known(UserName, 'eve')
    const state = after(userCreated(1, 'alice'), {
      type: 'UserUpdated',
      userId: userIdOf(1),
      userName,
    })
    expect(userById(state, accountId, userIdOf(1))).toEqual({
      accountId,
      userId: userIdOf(1),
      userName,
    })
  })
})
