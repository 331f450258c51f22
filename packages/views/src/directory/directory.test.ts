/** What the directory shows after given events. */
import type { AccountEvent } from '@grantlog/domain'
import {
  AccessKeyOwner,
  AttachmentTarget,
  GroupName,
  PolicyName,
  RoleName,
  Sealed,
  UserName,
  VersionId,
} from '@grantlog/domain'
import {
  accessKeyIdOf,
  sampleAccountId as accountId,
  allowing,
  groupIdOf,
  known,
  policyIdOf,
  roleIdOf,
  secretRefOf,
  trusting,
  userIdOf,
} from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, RECORD_STARTS_AT, record, reload } from '../testing/index.js'
import { directoryView } from './apply.js'
import {
  attachmentCount,
  entitiesForPolicy,
  findPolicy,
  listPolicies,
  policiesAttachedTo,
  policyVersions,
} from './policy-questions.js'
import { SYSTEM_RECORDS } from './policy-records.js'
import {
  accessKeysOf,
  findAccount,
  findGroup,
  findRole,
  findUser,
  findUserById,
  groupsForUser,
  listGroups,
  listRoles,
  listUsers,
  listUsersForGroup,
} from './questions.js'

const userCreated = (n: number, name: string): AccountEvent => ({
  type: 'UserCreated',
  userId: userIdOf(n),
  userName: known(UserName, name),
})
const userDeleted = (n: number, name: string): AccountEvent => ({
  type: 'UserDeleted',
  userId: userIdOf(n),
  userName: known(UserName, name),
})
const groupCreated = (n: number, name: string): AccountEvent => ({
  type: 'GroupCreated',
  groupId: groupIdOf(n),
  groupName: known(GroupName, name),
})
const joined = (user: number, group: number): AccountEvent => ({
  type: 'UserAddedToGroup',
  userId: userIdOf(user),
  groupId: groupIdOf(group),
})
const left = (user: number, group: number): AccountEvent => ({
  type: 'UserRemovedFromGroup',
  userId: userIdOf(user),
  groupId: groupIdOf(group),
})
const roleCreated = (n: number, name: string): AccountEvent => ({
  type: 'RoleCreated',
  roleId: roleIdOf(n),
  roleName: known(RoleName, name),
  trustPolicy: trusting(['root']),
  maxSessionDuration: 3600,
  tags: [{ key: 'team', value: `t${n % 2}` }],
})
const policyCreated = (n: number, name: string): AccountEvent => ({
  type: 'PolicyCreated',
  policyId: policyIdOf(n),
  policyName: known(PolicyName, name),
  versionId: known(VersionId, 'v1'),
  document: allowing('ots:Get*'),
})
const custom = (n: number) => ({ type: 'Custom', policyId: policyIdOf(n) }) as const
const user = (n: number) => known(AttachmentTarget, { type: 'User', userId: userIdOf(n) })
const group = (n: number) => known(AttachmentTarget, { type: 'Group', groupId: groupIdOf(n) })
const role = (n: number) => known(AttachmentTarget, { type: 'Role', roleId: roleIdOf(n) })
const attached = (n: number, target: AttachmentTarget): AccountEvent => ({
  type: 'PolicyAttached',
  policy: custom(n),
  target,
})

const after = (...events: ReadonlyArray<AccountEvent>) =>
  reload(directoryView, fold(directoryView, record(events, { accountId })))
const at = (position: number): number => RECORD_STARTS_AT + (position - 1) * 1000

describe('users', () => {
  it('given a user, then it is found by id and by name without case', () => {
    const state = after({ type: 'AccountCreated', accountId }, userCreated(1, 'Alice'))
    const row = {
      accountId,
      userId: userIdOf(1),
      userName: 'Alice',
      createdAt: at(2),
      updatedAt: at(2),
      position: 2,
    }
    expect(findAccount(state, accountId)).toEqual({ accountId, createdAt: at(1), position: 1 })
    expect(findUser(state, accountId, 'aLICE')).toEqual(row)
    expect(findUserById(state, accountId, userIdOf(1))).toEqual(row)
    expect(findUser(state, '9999999999999999', 'alice')).toBeUndefined()
  })

  it('given a new name and profile, then the old name is free and the rest stays', () => {
    const email = known(Sealed, 'pii1.AAAA')
    const userName = known(UserName, 'bob')
    const state = after(userCreated(1, 'alice'), {
      type: 'UserUpdated',
      userId: userIdOf(1),
      userName,
      email,
    })
    expect(findUser(state, accountId, 'alice')).toBeUndefined()
    expect(findUser(state, accountId, 'bob')).toMatchObject({ email, createdAt: at(1) })
    expect(findUser(state, accountId, 'bob')).toMatchObject({ updatedAt: at(2), position: 1 })
  })

  it('given a user deleted and created again, then the later one has nothing', () => {
    const state = after(
      userCreated(1, 'alice'),
      groupCreated(1, 'devs'),
      policyCreated(1, 'ship'),
      joined(1, 1),
      attached(1, user(1)),
      userDeleted(1, 'alice'),
      userCreated(2, 'Alice'),
    )
    expect(findUser(state, accountId, 'alice')?.userId).toBe(userIdOf(2))
    expect(groupsForUser(state, accountId, userIdOf(2))).toEqual([])
    expect(policiesAttachedTo(state, accountId, user(2))).toEqual([])
    expect(listUsersForGroup(state, accountId, groupIdOf(1), { limit: 9 }).items).toEqual([])
    expect(attachmentCount(state, accountId, custom(1))).toBe(0)
  })
})

describe('groups', () => {
  it('given members who joined, then members and groups are listed by joining', () => {
    const state = after(
      userCreated(1, 'alice'),
      userCreated(2, 'bob'),
      groupCreated(1, 'devs'),
      groupCreated(2, 'ops'),
      joined(2, 1),
      joined(1, 2),
      joined(1, 1),
      joined(2, 2),
      left(2, 1),
      joined(2, 1),
    )
    const first = listUsersForGroup(state, accountId, groupIdOf(1), { limit: 1 })
    expect(first.items.map((member) => member.user.userName)).toEqual(['alice'])
    const second = listUsersForGroup(state, accountId, groupIdOf(1), {
      limit: 1,
      ...(first.next === undefined ? {} : { after: first.next }),
    })
    expect(second).toEqual({
      items: [{ user: findUser(state, accountId, 'bob'), joinedAt: at(10) }],
    })
    const groups = groupsForUser(state, accountId, userIdOf(1))
    expect(groups.map(({ group: row }) => row.groupName)).toEqual(['ops', 'devs'])
    expect(listGroups(state, accountId, { limit: 9 }).items).toEqual([
      findGroup(state, accountId, 'DEVS'),
      findGroup(state, accountId, 'OPS'),
    ])
  })
})

describe('roles', () => {
  it('given changed settings and trust, then both and the last time are shown', () => {
    const trustPolicy = trusting(['user/alice'])
    const state = after(
      roleCreated(1, 'deployer'),
      {
        type: 'RoleUpdated',
        roleId: roleIdOf(1),
        description: 'nightly',
        maxSessionDuration: 7200,
      },
      { type: 'RoleTrustChanged', roleId: roleIdOf(1), trustPolicy },
    )
    expect(findRole(state, accountId, 'Deployer')).toMatchObject({
      description: 'nightly',
      maxSessionDuration: 7200,
      trustPolicy,
      updatedAt: at(3),
    })
  })

  it('given tags to look for, then pages hold only the roles that carry them', () => {
    const state = after(...[1, 2, 3, 4, 5].map((n) => roleCreated(n, `role-${n}`)))
    const tags = [{ key: 'team', value: 't1' }]
    const first = listRoles(state, accountId, { limit: 2, tags })
    expect(first.items.map((row) => row.roleName)).toEqual(['role-1', 'role-3'])
    expect(first.next).toBe(3)
    expect(listRoles(state, accountId, { limit: 2, tags: [{ key: 'team' }] }).next).toBe(2)
    expect(listRoles(state, accountId, { limit: 2, tags: [{ key: 'x' }] })).toEqual({ items: [] })
  })
})

describe('access keys', () => {
  it('given keys of the account and of a user, then each owner is shown its own', () => {
    const owner = known(AccessKeyOwner, { type: 'User', userId: userIdOf(1) })
    const state = after(
      userCreated(1, 'alice'),
      {
        type: 'AccessKeyCreated',
        accessKeyId: accessKeyIdOf(1),
        owner: { type: 'Account' },
        secretRef: secretRefOf(1),
      },
      { type: 'AccessKeyCreated', accessKeyId: accessKeyIdOf(2), owner, secretRef: secretRefOf(2) },
      {
        type: 'AccessKeyStatusChanged',
        accessKeyId: accessKeyIdOf(2),
        owner,
        status: 'Inactive',
      },
    )
    const ids = accessKeysOf(state, accountId, { type: 'Account' }).map((key) => key.accessKeyId)
    expect(ids).toEqual([accessKeyIdOf(1)])
    expect(accessKeysOf(state, accountId, owner)).toMatchObject([
      { accessKeyId: accessKeyIdOf(2), status: 'Inactive', createdAt: at(3) },
    ])
  })
})

describe('policies', () => {
  it('given versions, then they are shown oldest first with the default marked', () => {
    const versionId = known(VersionId, 'v2')
    const policyId = policyIdOf(1)
    const state = after(
      policyCreated(1, 'ship'),
      { type: 'PolicyVersionCreated', policyId, versionId, document: allowing('oss:*') },
      { type: 'DefaultPolicyVersionChanged', policyId, versionId },
    )
    expect(policyVersions(state, accountId, 'Custom', 'SHIP')).toEqual([
      { versionId: 'v1', isDefault: false, document: allowing('ots:Get*'), createdAt: at(1) },
      { versionId: 'v2', isDefault: true, document: allowing('oss:*'), createdAt: at(2) },
    ])
    expect(findPolicy(state, accountId, 'Custom', 'ship')?.defaultVersion).toBe('v2')
    expect(findPolicy(state, accountId, 'System', 'ship')).toBeUndefined()
  })

  it('given a new description, then it is shown and the versions stay as they are', () => {
    const state = after(policyCreated(1, 'ship'), {
      type: 'PolicyDescriptionUpdated',
      policyId: policyIdOf(1),
      description: 'ships',
    })
    const before = findPolicy(after(policyCreated(1, 'ship')), accountId, 'Custom', 'ship')
    const policy = findPolicy(state, accountId, 'Custom', 'ship')
    expect(policy).toEqual({ ...before, description: 'ships', updatedAt: policy?.updatedAt })
    expect(policy?.updatedAt).toBeGreaterThan(before?.updatedAt ?? 0)
  })

  it('given attachments, then everybody who has the policy is listed with the time', () => {
    const state = after(
      userCreated(1, 'alice'),
      groupCreated(1, 'devs'),
      roleCreated(1, 'deployer'),
      policyCreated(1, 'ship'),
      attached(1, role(1)),
      attached(1, user(1)),
      attached(1, group(1)),
    )
    const entities = entitiesForPolicy(state, accountId, custom(1))
    expect(entities.users.map((entry) => entry.attachedAt)).toEqual([at(6)])
    expect(entities.groups.map((entry) => entry.attachedAt)).toEqual([at(7)])
    expect(entities.roles.map((entry) => entry.attachedAt)).toEqual([at(5)])
    expect(attachmentCount(state, accountId, custom(1))).toBe(3)
    expect(policiesAttachedTo(state, accountId, user(1))[0]?.policy.policyName).toBe('ship')
  })

  it('given small pages, then system policies come first, then the own, each once', () => {
    const state = after(...[1, 2, 3, 4, 5].map((n) => policyCreated(n, `own-${n}`)))
    const own = [1, 2, 3, 4, 5].map((n) => `own-${n}`)
    const expected = [...SYSTEM_RECORDS.map((record) => record.policyName), ...own]
    for (const limit of [1, 3, SYSTEM_RECORDS.length, SYSTEM_RECORDS.length + 1, 500]) {
      const seen: Array<string> = []
      let page = listPolicies(state, accountId, { limit })
      for (;;) {
        expect(page.items.length).toBeLessThanOrEqual(limit)
        seen.push(...page.items.map((policy) => policy.policyName))
        if (page.next === undefined) break
        page = listPolicies(state, accountId, { limit, after: page.next })
      }
      expect(seen).toEqual(expected)
    }
    const system = listPolicies(state, accountId, { limit: 500, policyType: 'System' })
    expect(system).toEqual({ items: SYSTEM_RECORDS })
    const custom = listPolicies(state, accountId, { limit: 500, policyType: 'Custom' })
    expect(custom.items.map((policy) => policy.policyName)).toEqual(own)
  })
})

describe('ListUsers', () => {
  it('paging sees each user who was there throughout exactly once while others come and go', () => {
    const turns = fc.array(fc.record({ create: fc.boolean(), pick: fc.nat(30) }), { maxLength: 40 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 5 }),
        turns,
        (n, limit, all) => {
          const start = Array.from({ length: n }, (_, i) => userCreated(i + 1, `user-${i + 1}`))
          let state = fold(directoryView, record(start, { accountId }))
          let position = n
          const gone = new Set<string>()
          const seen: Array<string> = []
          let page = listUsers(state, accountId, { limit })
          for (let turn = 0; ; turn += 1) {
            seen.push(...page.items.map((row) => row.userId))
            if (page.next === undefined) break
            const { create, pick } = all[turn % Math.max(all.length, 1)] ?? {
              create: true,
              pick: 0,
            }
            const chosen = (pick % n) + 1
            const event =
              create && turn < 40
                ? userCreated(100 + turn, `new-${turn}`)
                : userDeleted(chosen, `user-${chosen}`)
            if (event.type === 'UserDeleted') gone.add(event.userId)
            position += 1
            state = record([event], { accountId, position }).reduce(directoryView.apply, state)
            page = listUsers(state, accountId, { limit, after: page.next })
          }
          expect(new Set(seen).size).toBe(seen.length)
          for (let i = 1; i <= n; i += 1)
            if (!gone.has(userIdOf(i))) expect(seen).toContain(userIdOf(i))
        },
      ),
    )
  })
})
