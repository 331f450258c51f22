/** What timelines of policies and of access keys tell of given events. */
import {
  type AccountEvent,
  type Actor,
  AttachmentTarget,
  accountDecider,
  DEFAULT_QUOTAS,
  PolicyName,
  PolicyRef,
  UserName,
  VersionId,
} from '@grantlog/domain'
import {
  accessKeyIdOf,
  sampleAccountId as accountId,
  allowing,
  commandSequence,
  known,
  otherAccountId,
  passwordRefOf,
  policyIdOf,
  runCommands,
  secretRefOf,
  userIdOf,
} from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, record, reload } from '../testing/index.js'
import { keyTimeline } from './key-timeline.js'
import { policyTimeline } from './policy-timeline.js'
import { rootTimeline } from './root-timeline.js'
import { type TimelineEntry, timeline } from './timeline.js'
import { toldChange } from './told-change.js'
import { historyView } from './view.js'

const userId = userIdOf(1)
const policyId = policyIdOf(1)
const accessKeyId = accessKeyIdOf(1)
const policy = known(PolicyRef, { type: 'Custom', policyId })
const target = known(AttachmentTarget, { type: 'User', userId })
const v = (n: number) => known(VersionId, `v${n}`)

const created: AccountEvent = { type: 'UserCreated', userId, userName: known(UserName, 'alice') }
const written: AccountEvent = {
  type: 'PolicyCreated',
  policyId,
  policyName: known(PolicyName, 'ship'),
  versionId: v(1),
  document: allowing('ots:Get*'),
}
const attached: AccountEvent = { type: 'PolicyAttached', policy, target }
const versions: ReadonlyArray<AccountEvent> = [
  { type: 'PolicyVersionCreated', policyId, versionId: v(2), document: allowing('oss:*') },
  { type: 'DefaultPolicyVersionChanged', policyId, versionId: v(2) },
  { type: 'PolicyVersionDeleted', policyId, versionId: v(1) },
]
const ended: ReadonlyArray<AccountEvent> = [
  { type: 'PolicyDetached', policy, target },
  { type: 'PolicyDeleted', policyId, policyName: known(PolicyName, 'ship') },
]
const key = { accessKeyId, owner: { type: 'User', userId }, secretRef: secretRefOf(1) } as const
const keyActor: Actor = {
  accountId,
  principalType: 'User',
  principalId: userId,
  arn: `acs:ram::${accountId}:user/alice`,
  accessKeyId,
}
const changes = (entries: ReadonlyArray<TimelineEntry> = []) =>
  entries.map(({ position, change }) => `${position} ${change.type}`)

describe('the timeline of a user', () => {
  it('given a way to sign in, then each of its changes is told, in order', () => {
    const demands = { passwordResetRequired: false, mfaBindRequired: false }
    const [passwordRef, next] = [passwordRefOf(1), passwordRefOf(2)]
    const events: ReadonlyArray<AccountEvent> = [
      created,
      { type: 'LoginProfileCreated', userId, passwordRef, ...demands },
      { type: 'LoginProfileUpdated', userId, mfaBindRequired: true },
      { type: 'PasswordChanged', userId, passwordRef: next, forgottenRefs: [passwordRef] },
      { type: 'LoginProfileDeleted', userId, forgottenRefs: [next] },
      { type: 'LoginProfileCreated', userId, passwordRef: passwordRefOf(3), ...demands },
    ]
    const state = reload(historyView, fold(historyView, record(events, { accountId })))
    expect(changes(timeline(state, { type: 'User', accountId, id: userId }))).toEqual([
      '1 Created',
      '2 LoginProfileCreated',
      '3 LoginProfileUpdated',
      '4 PasswordChanged',
      '5 LoginProfileDeleted',
      '6 LoginProfileCreated',
    ])
  })
})

describe('what an event changed', () => {
  it('given events of users and policies, then each is told of its subject', () => {
    const events: ReadonlyArray<AccountEvent> = [
      created,
      written,
      attached,
      ...versions,
      ...ended,
      { type: 'AccessKeyCreated', ...key },
      { type: 'UserUpdated', userId, userName: known(UserName, 'bob') },
      { type: 'UserDeleted', userId, userName: known(UserName, 'bob') },
    ]
    const recorded = record(events, { accountId })
    const state = reload(historyView, fold(historyView, recorded))
    const told = recorded.map((each) => {
      const { subject, change } = toldChange(state, each)
      return `${subject?.type} ${subject?.name} ${change?.type}`
    })
    expect(told).toEqual([
      'User alice Created',
      'Policy ship Created',
      'User alice PolicyAttached',
      'Policy ship VersionCreated',
      'Policy ship DefaultVersionChanged',
      'Policy ship VersionDeleted',
      'User alice PolicyDetached',
      'Policy ship Deleted',
      'User alice AccessKeyCreated',
      'User bob Renamed',
      'User bob Deleted',
    ])
  })

  it('given an event of the account as a whole, then nobody is its subject', () => {
    const recorded = record([{ type: 'AccountCreated', accountId }], { accountId })
    const state = fold(historyView, recorded)
    expect(recorded.map((each) => toldChange(state, each))).toEqual([{}])
  })
})

describe('the timeline of a policy', () => {
  it('given versions and attachments, then each is told once, in order', () => {
    const events = [created, written, attached, ...versions, ...ended]
    const state = reload(historyView, fold(historyView, record(events, { accountId })))
    const entries = policyTimeline(state, accountId, policy)
    expect(changes(entries)).toEqual([
      '2 Created',
      '3 PolicyAttached',
      '4 VersionCreated',
      '5 DefaultVersionChanged',
      '6 VersionDeleted',
      '7 PolicyDetached',
      '8 Deleted',
    ])
    expect(entries[3]?.change).toMatchObject({
      versionBefore: 'v1',
      version: 'v2',
      through: [{ type: 'User', name: 'alice' }],
    })
  })

  it('given a policy of the system, then whom it was attached to is told', () => {
    const system = known(PolicyRef, { type: 'System', policyName: 'AdministratorAccess' })
    const events: ReadonlyArray<AccountEvent> = [
      created,
      { type: 'PolicyAttached', policy: system, target },
      { type: 'UserDeleted', userId, userName: known(UserName, 'alice') },
    ]
    const state = fold(historyView, record(events, { accountId }))
    expect(changes(policyTimeline(state, accountId, system))).toEqual([
      '2 PolicyAttached',
      '3 PolicyDetached',
    ])
  })
})

describe('the timeline of an access key', () => {
  it('given a key that was used, switched off and deleted, then all of that is told', () => {
    const mine = record([created, { type: 'AccessKeyCreated', ...key }], { accountId })
    const done = record([written], { accountId, position: 3, revision: 2, actor: keyActor })
    const after = record(
      [
        { type: 'AccessKeyStatusChanged', ...key, status: 'Inactive' },
        { type: 'AccessKeyDeleted', ...key },
      ],
      { accountId, position: 4, revision: 3 },
    )
    const state = reload(historyView, fold(historyView, [...mine, ...done, ...after]))
    const told = keyTimeline(state, accountId, accessKeyId)
    expect(told?.owner).toEqual({ type: 'User', userId })
    expect(changes(told?.entries)).toEqual([
      '2 AccessKeyCreated',
      '3 Did',
      '4 AccessKeyStatusChanged',
      '5 AccessKeyDeleted',
    ])
    expect(told?.entries[1]).toMatchObject({ eventType: 'PolicyCreated', actor: keyActor })
    expect(keyTimeline(state, otherAccountId, accessKeyId)).toBeUndefined()
  })
})

describe('the timeline of a root', () => {
  it('given keys of the account, then what they went through and what was changed is told', () => {
    const own = { ...key, owner: { type: 'Account' } } as const
    const root: Actor = { ...keyActor, principalType: 'Root', principalId: accountId }
    const at = (position: number) => ({ accountId, position, revision: position - 1 })
    const events = [
      ...record([{ type: 'AccountCreated', accountId }], at(1)),
      ...record([{ type: 'AccessKeyCreated', ...own }], at(2)),
      ...record([created], { ...at(3), actor: root }),
      ...record([{ type: 'AccessKeyDeleted', ...own }], { ...at(4), actor: root }),
      ...record([written], { accountId: otherAccountId, position: 5, actor: root }),
    ]
    const state = reload(historyView, fold(historyView, events))
    const told = rootTimeline(state, accountId)
    expect(changes(told)).toEqual([
      '1 Created',
      '2 AccessKeyCreated',
      '3 Did',
      '4 AccessKeyDeleted',
    ])
    expect(told[2]).toMatchObject({ eventType: 'UserCreated', actor: root })
    expect(rootTimeline(state, '9999999999999999')).toEqual([])
  })
})

describe('the laws of these timelines', () => {
  it('what is told up to p is what views tell that are fed only the events up to p', () => {
    let told = 0
    const lives = commandSequence.map((commands) =>
      record(runCommands(commands, accountDecider(DEFAULT_QUOTAS)), { accountId }),
    )
    fc.assert(
      fc.property(lives, fc.nat(), (recorded, chance) => {
        const upTo = chance % (recorded.length + 1)
        const whole = fold(historyView, recorded)
        const part = fold(historyView, recorded.slice(0, upTo))
        const before = (entries: ReadonlyArray<TimelineEntry> = []) =>
          entries.filter(({ position }) => position <= upTo)
        for (const { event } of recorded) {
          if (event.type === 'PolicyAttached') {
            const all = policyTimeline(whole, accountId, event.policy)
            expect(before(all)).toEqual(policyTimeline(part, accountId, event.policy))
            told += all.length
          }
          if (event.type !== 'AccessKeyCreated') continue
          const all = keyTimeline(whole, accountId, event.accessKeyId)?.entries
          const then = keyTimeline(part, accountId, event.accessKeyId)?.entries ?? []
          expect(before(all)).toEqual(then)
        }
      }),
      { numRuns: 40 },
    )
    expect(told).toBeGreaterThan(0)
  })
})
