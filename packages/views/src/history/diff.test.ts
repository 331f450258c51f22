/** What is different between two positions of given events. */
import {
  type AccountEvent,
  AttachmentTarget,
  accountDecider,
  DEFAULT_QUOTAS,
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
  commandSequence,
  groupIdOf,
  known,
  policyIdOf,
  roleIdOf,
  runCommands,
  secretRefOf,
  trusting,
  userIdOf,
} from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, record, reload } from '../testing/index.js'
import { type HistoryPrincipal, heldPoliciesAt, labelAt } from './as-of.js'
import { diffOfPrincipal, type PrincipalDiff } from './diff.js'
import { diffOfAccount } from './diff-account.js'
import { diffOfPolicies } from './diff-policy.js'
import type { HistoryState } from './state.js'
import { documentDiff } from './statements.js'
import { historyView } from './view.js'

const alice: HistoryPrincipal = { type: 'User', accountId, id: userIdOf(1) }
const deployer: HistoryPrincipal = { type: 'Role', accountId, id: roleIdOf(1) }
const userId = userIdOf(1)
const groupId = groupIdOf(1)
const policyId = policyIdOf(1)
const roleId = roleIdOf(1)
const policy = known(PolicyRef, { type: 'Custom', policyId })
const toAlice = known(AttachmentTarget, { type: 'User', userId })
const toDevs = known(AttachmentTarget, { type: 'Group', groupId })
const v = (n: number) => known(VersionId, `v${n}`)

const created: AccountEvent = { type: 'UserCreated', userId, userName: known(UserName, 'alice') }
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
const second: AccountEvent = {
  type: 'PolicyVersionCreated',
  policyId,
  versionId: v(2),
  document: allowing('oss:*'),
}
const turned: AccountEvent = { type: 'DefaultPolicyVersionChanged', policyId, versionId: v(2) }
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

const after = (...events: ReadonlyArray<AccountEvent>) =>
  reload(historyView, fold(historyView, record(events, { accountId })))
const same = (each: PolicyRef) => ({ was: each, is: each })
const ship = { policyType: 'Custom', policyName: 'ship', policyId }
const actions = (bound: PrincipalDiff['statements']['gained']) =>
  bound.map(({ statement }) => statement['Action'])

describe('the diff of a principal', () => {
  it('given a policy attached and a group left in between, then each is told with its events', () => {
    const state = after(created, group, written, joined, attached(toDevs), left, attached(toAlice))
    const diff = diffOfPrincipal(state, alice, { before: 5, after: 7 })
    expect(diff).toMatchObject({
      nameBefore: 'alice',
      name: 'alice',
      gained: [{ source: { ...ship, via: { type: 'User', id: userId } }, since: { position: 7 } }],
      lost: [
        {
          source: { ...ship, via: { type: 'Group', id: groupId, name: 'devs' } },
          ended: { position: 6, eventType: 'UserRemovedFromGroup' },
          left: { position: 6 },
        },
      ],
      groups: [{ type: 'Left', groupName: 'devs', event: { position: 6 } }],
    })
    expect(diff.lost[0]?.detached).toBeUndefined()
    expect(diff.statements).toEqual({ gained: [], lost: [] })
  })

  it('given another version in force, then its statements are told and the event that set it', () => {
    const state = after(created, written, attached(toAlice), second, turned)
    const diff = diffOfPrincipal(state, alice, { before: 3, after: 5 })
    expect([diff.gained, diff.lost]).toEqual([[], []])
    expect(diff.turned).toMatchObject([
      { versionBefore: 'v1', source: { versionId: 'v2' }, versionSet: { position: 5 } },
    ])
    expect(diff.turned[0]?.added).toMatchObject([{ Action: ['oss:*'] }])
    expect(diff.turned[0]?.removed).toMatchObject([{ Action: ['ots:Get*'] }])
    expect(actions(diff.statements.gained)).toEqual([['oss:*']])
    expect(actions(diff.statements.lost)).toEqual([['ots:Get*']])
  })

  it('given what came and went in between, then nothing of it is told', () => {
    const state = after(created, written, attached(toAlice), detached(toAlice))
    const diff = diffOfPrincipal(state, alice, { before: 2, after: 4 })
    expect([diff.gained, diff.lost, diff.turned]).toEqual([[], [], []])
  })

  it('given a key made, switched off or deleted, then its status on both sides is told', () => {
    const key = {
      accessKeyId: accessKeyIdOf(1),
      owner: { type: 'User', userId },
      secretRef: secretRefOf(1),
    } as const
    const state = after(
      created,
      { type: 'AccessKeyCreated', ...key },
      { type: 'AccessKeyStatusChanged', ...key, status: 'Inactive' },
      { type: 'AccessKeyDeleted', ...key },
    )
    const keys = (before: number, until: number) =>
      diffOfPrincipal(state, alice, { before, after: until }).accessKeys.map(
        ({ statusBefore, status, event }) => [statusBefore, status, event.position],
      )
    expect(keys(1, 2)).toEqual([[undefined, 'Active', 2]])
    expect(keys(2, 3)).toEqual([['Active', 'Inactive', 3]])
    expect(keys(3, 4)).toEqual([['Inactive', undefined, 4]])
    expect(keys(1, 4)).toEqual([])
  })

  it('given another trust policy, then its statements are told', () => {
    const roleName = known(RoleName, 'deployer')
    const [first, next] = [trusting(['root']), trusting(['user/alice'])]
    const state = after(
      { type: 'RoleCreated', roleId, roleName, trustPolicy: first, maxSessionDuration: 3600 },
      { type: 'RoleTrustChanged', roleId, trustPolicy: next },
    )
    expect(diffOfPrincipal(state, deployer, { before: 1, after: 2 }).trust).toMatchObject({
      versionBefore: 'v1',
      version: 'v2',
      event: { position: 2 },
      added: [{ Effect: 'Allow' }],
      removed: [{ Effect: 'Allow' }],
    })
  })
})

describe('the diff of a policy and of an account', () => {
  it('given a policy turned and attached, then the statements and the targets are told', () => {
    const state = after(created, written, second, turned, attached(toAlice))
    expect(diffOfPolicies(state, accountId, same(policy), { before: 2, after: 5 })).toMatchObject({
      versionBefore: 'v1',
      version: 'v2',
      event: { position: 4 },
      added: [{ Action: ['oss:*'] }],
      removed: [{ Action: ['ots:Get*'] }],
      attachments: [{ type: 'Attached', target: { name: 'alice' }, event: { position: 5 } }],
    })
  })

  it('given a policy deleted and made again, then both are told, and what the old one lost', () => {
    const policyName = known(PolicyName, 'ship')
    const again = known(PolicyRef, { type: 'Custom', policyId: policyIdOf(2) })
    const state = after(
      created,
      written,
      attached(toAlice),
      detached(toAlice),
      { type: 'PolicyDeleted', policyId, policyName },
      { ...written, policyId: policyIdOf(2), document: allowing('oss:*') } as AccountEvent,
      { type: 'PolicyAttached', policy: again, target: toAlice },
    )
    const named = { was: policy, is: again }
    expect(diffOfPolicies(state, accountId, named, { before: 3, after: 7 })).toMatchObject({
      versionBefore: 'v1',
      version: 'v1',
      event: { position: 6 },
      replaced: {
        id: policyId,
        ended: { position: 5, eventType: 'PolicyDeleted' },
        began: { position: 6, eventType: 'PolicyCreated' },
      },
      added: [{ Action: ['oss:*'] }],
      removed: [{ Action: ['ots:Get*'] }],
      attachments: [
        { type: 'Detached', event: { position: 4 } },
        { type: 'Attached', event: { position: 7 } },
      ],
    })
  })

  it('given several changed principals, then pages tell each once and nobody else', () => {
    const bob: AccountEvent = {
      type: 'UserCreated',
      userId: userIdOf(2),
      userName: known(UserName, 'bob'),
    }
    const carol: AccountEvent = {
      type: 'UserCreated',
      userId: userIdOf(3),
      userName: known(UserName, 'carol'),
    }
    const toCarol = known(AttachmentTarget, { type: 'User', userId: userIdOf(3) })
    const state = after(created, bob, carol, written, attached(toAlice), attached(toCarol))
    const page = (at: number) =>
      diffOfAccount(state, accountId, { before: 4, after: 6 }, { after: at, limit: 1 })
    const first = page(0)
    expect(first.changed.map(({ principal }) => principal.id)).toEqual([userIdOf(1)])
    const next = page(first.next ?? -1)
    expect(next.changed.map(({ principal }) => principal.id)).toEqual([userIdOf(3)])
    expect(next.next).toBeUndefined()
  })
})

describe('statements', () => {
  it('given the same in another order or form, then nothing is different', () => {
    const one =
      '{"Version":"1","Statement":{"Effect":"Allow","Action":["a:b","a:c"],"Resource":"*"}}'
    const other =
      '{"Version":"1","Statement":[{"Resource":["*"],"Action":["a:c","a:b"],"Effect":"Allow"}]}'
    expect(documentDiff(one, other)).toEqual({ added: [], removed: [] })
    const [both] = documentDiff(undefined, one).added
    expect(both).toEqual({ Effect: 'Allow', Action: ['a:b', 'a:c'], Resource: '*' })
  })
})

describe('the laws of a diff', () => {
  const lives = commandSequence.map((commands) =>
    record(runCommands(commands, accountDecider(DEFAULT_QUOTAS)), { accountId }),
  )
  const everybody = (recorded: ReadonlyArray<Recorded>): ReadonlyArray<HistoryPrincipal> =>
    recorded.flatMap(({ event }): ReadonlyArray<HistoryPrincipal> => {
      if (event.type === 'UserCreated') return [{ type: 'User', accountId, id: event.userId }]
      if (event.type === 'RoleCreated') return [{ type: 'Role', accountId, id: event.roleId }]
      return []
    })
  const policies = (recorded: ReadonlyArray<Recorded>) =>
    recorded.flatMap(({ event }) => (event.type === 'PolicyAttached' ? [event.policy] : []))
  const cut = fc.tuple(lives, fc.nat(), fc.nat()).map(([recorded, a, b]) => {
    const ends = [a, b].map((n) => n % (recorded.length + 1)).sort((one, other) => one - other)
    return { recorded, before: ends[0] ?? 0, after: ends[1] ?? 0 }
  })
  const held = (state: HistoryState, principal: HistoryPrincipal, position: number) =>
    (heldPoliciesAt(state, principal, position)?.held ?? []).map(({ via, policy: each }) =>
      JSON.stringify([via.type, via.id, each]),
    )
  const key = ({ source }: { readonly source: PrincipalDiff['gained'][number]['source'] }) => {
    const { via, policyId: id, policyName } = source
    const ref = id === undefined ? { type: 'System', policyName } : { type: 'Custom', policyId: id }
    return JSON.stringify([via?.type, via?.id, ref])
  }

  it('a diff up to p equals that of views fed only the events up to p', () => {
    fc.assert(
      fc.property(cut, ({ recorded, before, after: until }) => {
        const whole = fold(historyView, recorded)
        const part = fold(historyView, recorded.slice(0, until))
        const between = { before, after: until }
        for (const principal of everybody(recorded)) {
          const diff = diffOfPrincipal(whole, principal, between)
          expect(diff).toEqual(diffOfPrincipal(part, principal, between))
          // The last event that changed the name lies between the positions.
          const { nameBefore, name, named } = diff
          expect(named === undefined).toBe(nameBefore === name)
          if (named === undefined) continue
          expect(named.position > before && named.position <= until).toBe(true)
          const label = (position: number) => labelAt(whole, principal, position)
          expect([label(named.position), label(named.position - 1) === name]).toEqual([name, false])
        }
        for (const each of policies(recorded))
          expect(diffOfPolicies(whole, accountId, same(each), between)).toEqual(
            diffOfPolicies(part, accountId, same(each), between),
          )
        const page = { after: 0, limit: 1000 }
        expect(diffOfAccount(whole, accountId, between, page)).toEqual(
          diffOfAccount(part, accountId, between, page),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('what was held, without what was lost and with what was gained, is what is held', () => {
    let changes = 0
    fc.assert(
      fc.property(cut, ({ recorded, before, after: until }) => {
        const state = fold(historyView, recorded)
        for (const principal of everybody(recorded)) {
          const diff = diffOfPrincipal(state, principal, { before, after: until })
          const lost = new Set(diff.lost.map(key))
          const left = held(state, principal, before).filter((each) => !lost.has(each))
          const now = [...left, ...diff.gained.map(key)]
          expect(now.toSorted()).toEqual(held(state, principal, until).toSorted())
          changes += lost.size + diff.gained.length
          const same = diffOfPrincipal(state, principal, { before: until, after: until })
          expect([same.gained, same.lost, same.turned, same.groups, same.accessKeys]).toEqual([
            [],
            [],
            [],
            [],
            [],
          ])
        }
      }),
      { numRuns: 80 },
    )
    expect(changes).toBeGreaterThan(0)
  })
})
