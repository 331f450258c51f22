/** Laws of the account decider, over random lives of an account. */

import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { AccountEventCodecs } from '../event.js'
import { nameKey, UserName } from '../names.js'
import { commandSequence, known, runCommands, userIdOf } from '../testing/index.js'
import { AccountCommandCodecs } from './command.js'
import { accountDecider } from './decider.js'
import { DEFAULT_QUOTAS } from './quotas.js'
import { AccountRefusalCodecs } from './refusal.js'
import type { AccountState, Attachments, OpenAccountState } from './state.js'

const quotas = {
  ...DEFAULT_QUOTAS,
  usersPerAccount: 2,
  entitiesPerAccount: 3,
  groupsPerUser: 1,
  virtualMFADevicesPerAccount: 1,
  rolesPerAccount: 1,
  oidcProvidersPerAccount: 1,
  clientIdsPerOIDCProvider: 2,
  fingerprintsPerOIDCProvider: 1,
  samlProvidersPerAccount: 1,
  systemPoliciesPerTarget: 1,
  customPoliciesPerTarget: 1,
}
const decider = accountDecider(quotas)
const RUNS = { numRuns: 100 }

const replay = (events: ReturnType<typeof runCommands>): AccountState =>
  events.reduce(decider.evolve, decider.initialState)

const opened = (state: AccountState): OpenAccountState =>
  state.type === 'Open' ? state : expect.fail('the account is not open')

const targetsOf = (account: OpenAccountState) => [
  ...[...account.users.values()].map(({ attachments }) => ({ type: 'User', attachments })),
  ...[...account.groups.values()].map(({ attachments }) => ({ type: 'Group', attachments })),
  ...[...account.roles.values()].map(({ attachments }) => ({ type: 'Role', attachments })),
]

const expectNames = <Id>(
  names: Iterable<[string, Id]>,
  entities: ReadonlyArray<readonly [Id, string]>,
) => expect(new Map(names)).toEqual(new Map(entities.map(([id, name]) => [nameKey(name), id])))

const expectWithinQuotas = ({ custom, system }: Attachments) => {
  expect(custom.size).toBeLessThanOrEqual(quotas.customPoliciesPerTarget)
  expect(system.size).toBeLessThanOrEqual(quotas.systemPoliciesPerTarget)
}

describe('evolve', () => {
  it('never throws, whatever the order of events', () => {
    fc.assert(
      fc.property(
        commandSequence.chain((commands) => {
          const events = runCommands(commands, decider)
          return fc.shuffledSubarray([...events, ...events])
        }),
        (events) => {
          expect(['Unopened', 'Open']).toContain(replay(events).type)
        },
      ),
      RUNS,
    )
  })
  it('leaves the older state as it was', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const events = runCommands(commands, decider)
        const states = events.map((_, n) => replay(events.slice(0, n)))
        const walked = [decider.initialState]
        for (const event of events)
          walked.push(decider.evolve(walked.at(-1) ?? decider.initialState, event))
        expect(walked.slice(0, -1)).toEqual(states)
      }),
      { numRuns: 15 },
    )
  })
})

describe('decide and evolve', () => {
  it('keep keys, versions and groups within their quotas', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const account = opened(replay(runCommands(commands, decider)))
        expect(account.rootAccessKeyIds.size).toBeLessThanOrEqual(2)
        expect(account.users.size).toBeLessThanOrEqual(quotas.usersPerAccount)
        for (const user of account.users.values()) {
          expect(user.accessKeyIds.size).toBeLessThanOrEqual(2)
          expect(user.groupIds.size).toBeLessThanOrEqual(quotas.groupsPerUser)
        }
        for (const policy of account.policies.values()) {
          expect(policy.versionIds.length).toBeLessThanOrEqual(5)
          expect(policy.versionIds).toContain(policy.defaultVersionId)
        }
        for (const { attachments } of targetsOf(account)) expectWithinQuotas(attachments)
      }),
      RUNS,
    )
  })
  it('keep one holder per name, whatever the case of its letters', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const account = opened(replay(runCommands(commands, decider)))
        const { users, groups, roles, policies } = account
        expectNames(
          account.userIds,
          [...users.values()].map((user) => [user.userId, user.userName]),
        )
        expectNames(
          account.groupIds,
          [...groups.values()].map((group) => [group.groupId, group.groupName]),
        )
        expectNames(
          account.roleIds,
          [...roles.values()].map((role) => [role.roleId, role.roleName]),
        )
        expectNames(
          account.policyIds,
          [...policies.values()].map((policy) => [policy.policyId, policy.policyName]),
        )
        const { oidcProviders, samlProviders } = account
        expectNames(
          account.oidcProviderIds,
          [...oidcProviders.values()].map((one) => [one.providerId, one.providerName]),
        )
        expectNames(
          account.samlProviderIds,
          [...samlProviders.values()].map((one) => [one.providerId, one.providerName]),
        )
        expect(account.userIds.size).toBe(users.size)
      }),
      RUNS,
    )
  })
  it('keep attachments, memberships and keys pointing at what exists, and counted', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const account = opened(replay(runCommands(commands, decider)))
        const users = [...account.users.values()]
        const targets = targetsOf(account)
        for (const { attachments } of targets)
          for (const policyId of attachments.custom)
            expect(account.policies.has(policyId)).toBe(true)
        for (const policy of account.policies.values())
          for (const type of ['User', 'Group', 'Role'] as const)
            expect(policy.attachedTo[type]).toBe(
              targets.filter(
                (target) => target.type === type && target.attachments.custom.has(policy.policyId),
              ).length,
            )
        for (const user of users)
          for (const groupId of user.groupIds) expect(account.groups.has(groupId)).toBe(true)
        for (const group of account.groups.values())
          expect(group.memberCount).toBe(
            users.filter((user) => user.groupIds.has(group.groupId)).length,
          )
        const held = [
          ...account.rootAccessKeyIds,
          ...users.flatMap((user) => [...user.accessKeyIds]),
        ]
        expect(new Set(held)).toEqual(new Set(account.accessKeys.keys()))
        expect(held.length).toBe(account.accessKeys.size)
      }),
      RUNS,
    )
  })
  it('answer with events and refusals that fit their codecs', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        commands.reduce((state, command) => {
          expect(AccountCommandCodecs[command.type].decode(command)).toEqual(E.right(command))
          const decided = decider.decide(command, state)
          if (E.isLeft(decided)) {
            const { left } = decided
            expect(AccountRefusalCodecs[left.type].decode(left)).toStrictEqual(E.right(left))
            return state
          }
          for (const event of decided.right)
            expect(AccountEventCodecs[event.type].decode(event)).toStrictEqual(E.right(event))
          return decided.right.reduce(decider.evolve, state)
        }, decider.initialState)
      }),
      RUNS,
    )
  })
  it('give nothing to a principal that was deleted and created again under its name', () => {
    const userName = known(UserName, 'alice')
    const again = { type: 'CreateUser', userId: userIdOf(999), userName } as const
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const before = opened(replay(runCommands(commands, decider)))
        const decided = decider.decide(again, before)
        fc.pre(E.isRight(decided))
        const after = opened(
          E.isRight(decided)
            ? decided.right.reduce(decider.evolve, before as AccountState)
            : before,
        )
        const user = after.users.get(userIdOf(999))
        expect(user?.groupIds.isEmpty()).toBe(true)
        expect(user?.accessKeyIds.isEmpty()).toBe(true)
        expect(user?.attachments.custom.isEmpty()).toBe(true)
        expect(user?.attachments.system.isEmpty()).toBe(true)
        for (const role of after.roles.values())
          for (const trustee of role.trustees)
            expect(trustee.type === 'User' && trustee.userId).not.toBe(userIdOf(999))
      }),
      RUNS,
    )
  })
})

describe('commandSequence', () => {
  it('meets every command, event and refusal that its pools can reach', () => {
    const seen = new Set<string>()
    for (const commands of fc.sample(commandSequence, { numRuns: 1_500, seed: 7 })) {
      commands.reduce((state, command) => {
        seen.add(command.type)
        const decided = decider.decide(command, state)
        if (E.isLeft(decided)) {
          seen.add(decided.left.type)
          return state
        }
        for (const event of decided.right) seen.add(event.type)
        return decided.right.reduce(decider.evolve, state)
      }, decider.initialState)
    }
    const unreachable = new Set([
      // What is answered when the event says that a code was wrong.
      'AuthenticationCodeWrong',
      // Needs five wrong codes in a row: its law is beside its rules.
      'AuthenticationLocked',
      // Needs three devices of one user: its law is beside its rules.
      'OwnMFADeviceLimitExceeded',
      'AccountNotFound',
      'AccountAlreadyExists',
      'AccessKeyAlreadyExists',
      'GroupLimitExceeded',
      'PolicyLimitExceeded',
      'ServiceLinkedRoleProtected',
    ])
    const all = [AccountCommandCodecs, AccountEventCodecs, AccountRefusalCodecs]
    const missed = all.flatMap((codecs) => Object.keys(codecs).filter((type) => !seen.has(type)))
    expect(missed.filter((type) => !unreachable.has(type))).toEqual([])
  })
})
