/** What history tells of given events. */
import {
  type AccountEvent,
  type Actor,
  AttachmentTarget,
  GroupName,
  PolicyName,
  PolicyRef,
  type Recorded,
  RoleName,
  UserName,
  VersionId,
} from '@grantlog/domain'
import {
  accessKeyIdOf,
  sampleAccountId as accountId,
  allowing,
  groupIdOf,
  known,
  otherAccountId,
  policyIdOf,
  roleIdOf,
  secretRefOf,
  trusting,
  userIdOf,
} from '@grantlog/domain/testing'
import { describe, expect, it } from 'vitest'
import { fold, RECORD_STARTS_AT, record, reload } from '../testing/index.js'
import {
  type HistoryPrincipal,
  policiesInForceAt,
  positionAt,
  roleByNameAt,
  trustAt,
  userByNameAt,
} from './as-of.js'
import { grantsOf } from './grants-of.js'
import { timeline } from './timeline.js'
import { historyView } from './view.js'

const alice: HistoryPrincipal = { type: 'User', accountId, id: userIdOf(1) }
const devs: HistoryPrincipal = { type: 'Group', accountId, id: groupIdOf(1) }
const deployer: HistoryPrincipal = { type: 'Role', accountId, id: roleIdOf(1) }

const userId = userIdOf(1)
const groupId = groupIdOf(1)
const policyId = policyIdOf(1)
const roleId = roleIdOf(1)
const named = (name: string) => known(UserName, name)
const v = (n: number) => known(VersionId, `v${n}`)
const policy = known(PolicyRef, { type: 'Custom', policyId })
const toAlice = known(AttachmentTarget, { type: 'User', userId })
const toDevs = known(AttachmentTarget, { type: 'Group', groupId })

const created: AccountEvent = { type: 'UserCreated', userId, userName: named('alice') }
const deleted: AccountEvent = { type: 'UserDeleted', userId, userName: named('alice') }
const group: AccountEvent = { type: 'GroupCreated', groupId, groupName: known(GroupName, 'devs') }
const joined: AccountEvent = { type: 'UserAddedToGroup', userId, groupId }
const left: AccountEvent = { type: 'UserRemovedFromGroup', userId, groupId }
const written: AccountEvent = {
  type: 'PolicyCreated',
  policyId,
  policyName: known(PolicyName, 'ship'),
  versionId: v(1),
  document: allowing('ots:Get*'),
}
const versionAdded = (n: number): AccountEvent => ({
  type: 'PolicyVersionCreated',
  policyId,
  versionId: v(n),
  document: allowing(`oss:v${n}`),
})
const turned = (n: number): AccountEvent => ({
  type: 'DefaultPolicyVersionChanged',
  policyId,
  versionId: v(n),
})
const attached = (target: AttachmentTarget): AccountEvent => ({
  type: 'PolicyAttached',
  policy,
  target,
})
const detached = (target: AttachmentTarget): AccountEvent => ({
  type: 'PolicyDetached',
  policy,
  target,
})

const told = (recorded: ReadonlyArray<Recorded>) => reload(historyView, fold(historyView, recorded))
const after = (...events: ReadonlyArray<AccountEvent>) => told(record(events, { accountId }))
const at = (position: number): number => RECORD_STARTS_AT + (position - 1) * 1000
const storyOf = (state: ReturnType<typeof after>, principal: HistoryPrincipal) =>
  timeline(state, principal).map(({ position, change }) => `${position} ${change.type}`)

describe('positionAt', () => {
  it('given a time, then it answers the last position recorded at or before it', () => {
    const state = told([
      ...record([created, group], { accountId }),
      ...record([{ type: 'AccountCreated', accountId: otherAccountId }], {
        accountId: otherAccountId,
        position: 3,
        startsAt: at(3),
      }),
    ])
    expect(positionAt(state, accountId, at(1) - 1)).toBe(0)
    expect(positionAt(state, accountId, at(1))).toBe(1)
    expect(positionAt(state, accountId, at(2) + 999_999)).toBe(2)
    expect(positionAt(state, otherAccountId, at(2))).toBe(0)
    expect(positionAt(state, undefined, at(4))).toBe(3)
    expect(positionAt(state, '9999999999999999', at(4))).toBe(0)
  })

  it('given events of the same millisecond, then the last of them counts', () => {
    const [first, second] = record([created, group], { accountId })
    if (first === undefined || second === undefined) return expect.unreachable()
    const state = told([first, { ...second, recordedAt: first.recordedAt }])
    expect(positionAt(state, accountId, first.recordedAt)).toBe(2)
  })
})

describe('names', () => {
  it('given a name that went to another user, then each position has its bearer', () => {
    const state = after(
      created,
      { type: 'UserUpdated', userId, userName: named('eve') },
      { type: 'UserCreated', userId: userIdOf(2), userName: named('Alice') },
    )
    const bearers = [0, 1, 2, 3].map((p) => userByNameAt(state, accountId, 'ALICE', p)?.userId)
    expect(bearers).toEqual([undefined, userIdOf(1), undefined, userIdOf(2)])
    expect(userByNameAt(state, accountId, 'eve', 3)?.userId).toBe(userIdOf(1))
  })
})

describe('trustAt', () => {
  it('given changed trust and settings, then each position has those of its time', () => {
    const roleName = known(RoleName, 'deployer')
    const [first, second] = [trusting(['root']), trusting(['user/alice'])]
    const state = after(
      { type: 'RoleCreated', roleId, roleName, trustPolicy: first, maxSessionDuration: 3600 },
      { type: 'RoleTrustChanged', roleId, trustPolicy: second },
      { type: 'RoleUpdated', roleId, maxSessionDuration: 7200 },
      { type: 'RoleUpdated', roleId, description: 'nightly' },
      { type: 'RoleDeleted', roleId, roleName },
    )
    const past = [1, 2, 3, 4, 5].map((p) => trustAt(state, accountId, 'Deployer', p))
    expect(past.map((role) => role?.trustText)).toEqual([first, second, second, second, undefined])
    expect(past.map((role) => role?.maxSessionDuration)).toEqual([
      3600,
      3600,
      7200,
      7200,
      undefined,
    ])
    expect(past.map((role) => role?.trust.source.versionId)).toEqual([
      'v1',
      'v2',
      'v2',
      'v2',
      undefined,
    ])
    expect(roleByNameAt(state, accountId, 'deployer', 5)).toBeUndefined()
    expect(storyOf(state, deployer)).toEqual([
      '1 Created',
      '2 TrustChanged',
      '3 SessionDurationChanged',
      '4 Updated',
      '5 Deleted',
    ])
  })
})

describe('policiesInForceAt', () => {
  it('given versions that came and went, then the document of that time answers', () => {
    const state = after(created, written, attached(toAlice), versionAdded(2), turned(2), {
      type: 'PolicyVersionDeleted',
      policyId,
      versionId: v(1),
    })
    const holder = { type: 'User', accountId, id: userId } as const
    const versions = [2, 3, 4, 5, 6].map(
      (p) => policiesInForceAt(state, holder, p)?.policies[0]?.source.versionId,
    )
    expect(versions).toEqual([undefined, 'v1', 'v1', 'v2', 'v2'])
  })
})

describe('grantsOf', () => {
  it('given a policy through a group, then it is told since when, through what and by whom', () => {
    const actor: Actor = {
      accountId,
      principalType: 'User',
      principalId: userIdOf(7),
      arn: `acs:ram::${accountId}:user/admin`,
    }
    const state = told([
      ...record([created, group, written, attached(toDevs)], { accountId }),
      ...record([joined], {
        accountId,
        position: 5,
        revision: 4,
        startsAt: at(5),
        actor,
        reason: 'on call',
        ticket: 'OPS-7',
      }),
    ])
    const [grant, ...others] = grantsOf(state, alice, 5) ?? []
    expect(others).toEqual([])
    expect(grant?.source.via).toEqual({ type: 'Group', id: groupId, name: 'devs' })
    expect(grant?.attached.position).toBe(4)
    expect(grant?.versionSet?.position).toBe(3)
    expect(grant?.since).toEqual({
      position: 5,
      recordedAt: at(5),
      eventType: 'UserAddedToGroup',
      eventId: '00000000-0000-5000-8000-000000000005',
      accountId,
      revision: 4,
      actor,
      reason: 'on call',
      ticket: 'OPS-7',
    })
    expect(grant?.since).toEqual(grant?.joined)
    expect(grantsOf(state, alice, 4)).toEqual([])
    expect(grantsOf(state, devs, 4)).toHaveLength(1)
    expect(grantsOf(state, alice, 0)).toBeUndefined()
  })
})

describe('timeline', () => {
  it('given a life, then it tells what touched the user or what it held by then', () => {
    const state = after(
      created, // 1
      group, // 2: not yet hers
      written, // 3
      attached(toDevs), // 4: not yet hers
      versionAdded(2), // 5
      joined, // 6
      turned(2), // 7: held through the group
      attached(toAlice), // 8
      versionAdded(3), // 9
      turned(3), // 10: held twice
      detached(toDevs), // 11
      left, // 12
      attached(toDevs), // 13: no longer hers
      detached(toAlice), // 14
      turned(1), // 15: no longer held
      deleted, // 16
    )
    expect(storyOf(state, alice)).toEqual([
      '1 Created',
      '6 GroupJoined',
      '7 DefaultVersionChanged',
      '8 PolicyAttached',
      '10 DefaultVersionChanged',
      '11 PolicyDetached',
      '12 GroupLeft',
      '14 PolicyDetached',
      '16 Deleted',
    ])
    const twice = timeline(state, alice).find((entry) => entry.position === 10)
    expect(twice?.change).toEqual({
      type: 'DefaultVersionChanged',
      policy: { policyType: 'Custom', policyName: 'ship', policyId },
      versionBefore: 'v2',
      version: 'v3',
      through: [
        { type: 'User', id: userId, name: 'alice' },
        { type: 'Group', id: groupId, name: 'devs' },
      ],
    })
    expect(storyOf(state, devs)).toEqual([
      '2 Created',
      '4 PolicyAttached',
      '6 MemberAdded',
      '7 DefaultVersionChanged',
      '10 DefaultVersionChanged',
      '11 PolicyDetached',
      '12 MemberRemoved',
      '13 PolicyAttached',
      '15 DefaultVersionChanged',
    ])
  })

  it('given renaming, a profile and keys, then each is told with its data', () => {
    const key = { accessKeyId: accessKeyIdOf(1), owner: { type: 'User', userId } } as const
    const secretRef = secretRefOf(1)
    const state = after(
      created,
      { type: 'UserUpdated', userId, userName: named('eve') },
      { type: 'UserUpdated', userId },
      { type: 'AccessKeyCreated', ...key, secretRef },
      { type: 'AccessKeyStatusChanged', ...key, status: 'Inactive' },
      { type: 'AccessKeyDeleted', ...key, secretRef },
    )
    expect(timeline(state, alice).map((entry) => entry.change)).toEqual([
      { type: 'Created', name: 'alice' },
      { type: 'Renamed', nameBefore: 'alice', name: 'eve' },
      { type: 'Updated' },
      { type: 'AccessKeyCreated', accessKeyId: accessKeyIdOf(1) },
      { type: 'AccessKeyStatusChanged', accessKeyId: accessKeyIdOf(1), status: 'Inactive' },
      { type: 'AccessKeyDeleted', accessKeyId: accessKeyIdOf(1) },
    ])
  })

  it('given a principal that never was, then there is nothing to tell', () => {
    expect(timeline(after(created), { ...alice, id: userIdOf(9) })).toEqual([])
  })
})
