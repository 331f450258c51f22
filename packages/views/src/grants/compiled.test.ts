/** What is compiled for a principal is gone with the event that takes it away. */
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
import type { Principal } from '@grantlog/policy'
import { describe, expect, it } from 'vitest'
import { record } from '../testing/index.js'
import { decideOnGrants, justifyOnGrants } from './questions.js'
import { grantsView } from './view.js'

const userName = known(UserName, 'alice')
const groupName = known(GroupName, 'readers')
const roleName = known(RoleName, 'deployer')
const userId = userIdOf(1)
const groupId = groupIdOf(1)
const roleId = roleIdOf(1)
const v1 = known(VersionId, 'v1')
const v2 = known(VersionId, 'v2')

const policyName = (n: number) => known(PolicyName, `policy-${n}`)
const custom = (n: number) => known(PolicyRef, { type: 'Custom', policyId: policyIdOf(n) })
const toAlice = known(AttachmentTarget, { type: 'User', userId })
const toReaders = known(AttachmentTarget, { type: 'Group', groupId })
const toDeployer = known(AttachmentTarget, { type: 'Role', roleId })

const policyCreated = (n: number, ...actions: ReadonlyArray<string>): AccountEvent => ({
  type: 'PolicyCreated',
  policyId: policyIdOf(n),
  policyName: policyName(n),
  versionId: v1,
  document: allowing(...actions),
})

/** Alice may read by herself and write through her group; the role may list. */
const BEFORE: ReadonlyArray<AccountEvent> = [
  { type: 'UserCreated', userId, userName },
  { type: 'GroupCreated', groupId, groupName },
  {
    type: 'RoleCreated',
    roleId,
    roleName,
    trustPolicy: trusting(['root']),
    maxSessionDuration: 3600,
  },
  policyCreated(1, 'ots:GetRow'),
  policyCreated(2, 'ots:PutRow'),
  policyCreated(3, 'ots:ListTable'),
  { type: 'UserAddedToGroup', userId, groupId },
  { type: 'PolicyAttached', policy: custom(1), target: toAlice },
  { type: 'PolicyAttached', policy: custom(2), target: toReaders },
  { type: 'PolicyAttached', policy: custom(3), target: toDeployer },
]

const alice: Principal = { type: 'User', accountId, userId, userName }
const session: Principal = { type: 'Session', accountId, roleId, roleName, sessionName: 's' }

type State = ReturnType<typeof grantsView.empty>

const isAllowed = (state: State, principal: Principal, action: string, sessionPolicy?: string) => {
  const request = { principal, action, resources: ['*'] as const, context: new Map() }
  const holder =
    principal === alice
      ? ({ type: 'User', accountId, id: userId } as const)
      : ({ type: 'Role', accountId, id: roleId } as const)
  const asking = sessionPolicy === undefined ? { holder } : { holder, sessionPolicy }
  return decideOnGrants(state, request, asking).outcome === 'Allow'
}

/** Read, write, list. */
const rights = (state: State): ReadonlyArray<boolean> => [
  isAllowed(state, alice, 'ots:GetRow'),
  isAllowed(state, alice, 'ots:PutRow'),
  isAllowed(state, session, 'ots:ListTable'),
]

/** Everybody is asked before the last event, so that all is compiled by then. */
const rightsAfter = (...events: ReadonlyArray<AccountEvent>): ReadonlyArray<boolean> => {
  const recorded = record([...BEFORE, ...events], { accountId })
  return rights(
    recorded.reduce((state, event) => {
      rights(state)
      return grantsView.apply(state, event)
    }, grantsView.empty()),
  )
}

const versionCreated: AccountEvent = {
  type: 'PolicyVersionCreated',
  policyId: policyIdOf(2),
  versionId: v2,
  document: allowing('oss:*'),
}

describe('compiled grants', () => {
  it('given what was attached, then it is held', () => {
    expect(rightsAfter()).toEqual([true, true, true])
  })

  it.each<readonly [string, ReadonlyArray<AccountEvent>, ReadonlyArray<boolean>]>([
    [
      'a detachment from a user',
      [{ type: 'PolicyDetached', policy: custom(1), target: toAlice }],
      [false, true, true],
    ],
    [
      'a detachment from a group',
      [{ type: 'PolicyDetached', policy: custom(2), target: toReaders }],
      [true, false, true],
    ],
    [
      'a detachment from a role',
      [{ type: 'PolicyDetached', policy: custom(3), target: toDeployer }],
      [true, true, false],
    ],
    ['a user who left', [{ type: 'UserRemovedFromGroup', userId, groupId }], [true, false, true]],
    ['a deleted group', [{ type: 'GroupDeleted', groupId, groupName }], [true, false, true]],
    ['a deleted user', [{ type: 'UserDeleted', userId, userName }], [false, false, true]],
    ['a deleted role', [{ type: 'RoleDeleted', roleId, roleName }], [true, true, false]],
    ['a new version not in force', [versionCreated], [true, true, true]],
    [
      'another version in force',
      [
        versionCreated,
        { type: 'DefaultPolicyVersionChanged', policyId: policyIdOf(2), versionId: v2 },
      ],
      [true, false, true],
    ],
    [
      'a version in force that is gone',
      [{ type: 'PolicyVersionDeleted', policyId: policyIdOf(2), versionId: v1 }],
      [false, false, true],
    ],
    [
      'a policy that is gone',
      [{ type: 'PolicyDeleted', policyId: policyIdOf(3), policyName: policyName(3) }],
      [true, true, false],
    ],
    [
      'a new label',
      [{ type: 'UserUpdated', userId, userName: known(UserName, 'eve') }],
      [true, true, true],
    ],
  ])('given %s, then at once', (_, events, expected) => {
    expect(rightsAfter(...events)).toEqual(expected)
  })

  it('given a policy attached to a group, then every member holds it at once', () => {
    const more = [
      policyCreated(4, 'oss:*'),
      { type: 'PolicyAttached', policy: custom(4), target: toReaders } as const,
    ]
    const recorded = record([...BEFORE, ...more], { accountId })
    const state = recorded.reduce((before, event) => {
      isAllowed(before, alice, 'oss:GetObject')
      return grantsView.apply(before, event)
    }, grantsView.empty())
    expect(isAllowed(state, alice, 'oss:GetObject')).toBe(true)
  })

  it('given a new name, then an explanation has it at once', () => {
    const renamed = known(GroupName, 'writers')
    const viaAfter = (...events: ReadonlyArray<AccountEvent>) => {
      const recorded = record([...BEFORE, ...events], { accountId })
      const holder = { type: 'User', accountId, id: userId } as const
      const request = {
        principal: alice,
        action: 'ots:PutRow',
        resources: ['*'] as const,
        context: new Map(),
      }
      const state = recorded.reduce((before, event) => {
        justifyOnGrants(before, request, { holder })
        return grantsView.apply(before, event)
      }, grantsView.empty())
      return justifyOnGrants(state, request, { holder }).deciding.map(({ source }) => source.via)
    }
    const via = { type: 'Group', id: groupId, name: groupName }
    expect(viaAfter()).toEqual([via])
    expect(viaAfter({ type: 'GroupUpdated', groupId, groupName: renamed })).toEqual([
      { ...via, name: renamed },
    ])
  })

  it('given a session policy, then it narrows; one that cannot be read allows nothing', () => {
    const state = record(BEFORE, { accountId }).reduce(grantsView.apply, grantsView.empty())
    for (let round = 0; round < 2; round += 1) {
      expect(isAllowed(state, session, 'ots:ListTable', allowing('ots:*'))).toBe(true)
      expect(isAllowed(state, session, 'ots:ListTable', allowing('oss:*'))).toBe(false)
      expect(isAllowed(state, session, 'ots:ListTable', '{}')).toBe(false)
    }
  })
})
