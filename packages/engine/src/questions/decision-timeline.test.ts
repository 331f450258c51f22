/** When something was allowed and when not, after given events and over random lives. */
import {
  type AccountEvent,
  AccountId,
  AttachmentTarget,
  accountDecider,
  DEFAULT_QUOTAS,
  PolicyName,
  PolicyRef,
  type Recorded,
  RoleName,
  UserName,
  VersionId,
} from '@grantlog/domain'
import {
  sampleAccountId as accountId,
  allowing,
  commandSequence,
  known,
  policyIdOf,
  roleIdOf,
  runCommands,
  trusting,
  userIdOf,
} from '@grantlog/domain/testing'
import { authorize } from '@grantlog/policy'
import { grantsView, type HolderRef, historyView, policiesInForce } from '@grantlog/views'
import { fold, record } from '@grantlog/views/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decisionsAt, type PastQuestion } from './decision-at.js'
import { decisionTimeline, sinceWhen, standAt } from './decision-timeline.js'

const alice: HolderRef = { type: 'User', accountId, id: userIdOf(1) }
const userId = userIdOf(1)
const policyId = policyIdOf(1)
const roleId = roleIdOf(1)
const roleName = known(RoleName, 'deployer')
const policy = known(PolicyRef, { type: 'Custom', policyId })
const target = known(AttachmentTarget, { type: 'User', userId })
const asked = (action: string, resource = '*', who: PastQuestion['who'] = alice): PastQuestion => ({
  who,
  action,
  resources: [resource],
  context: new Map(),
})

const userName = known(UserName, 'alice')
const created: AccountEvent = { type: 'UserCreated', userId, userName }
const deleted: AccountEvent = { type: 'UserDeleted', userId, userName }
const written = (document: string): AccountEvent => ({
  type: 'PolicyCreated',
  policyId,
  policyName: known(PolicyName, 'ship'),
  versionId: known(VersionId, 'v1'),
  document,
})
const attached: AccountEvent = { type: 'PolicyAttached', policy, target }
const detached: AccountEvent = { type: 'PolicyDetached', policy, target }
const renamed: AccountEvent = {
  type: 'UserUpdated',
  userId,
  userName: known(UserName, 'eve'),
}

const after = (...events: ReadonlyArray<AccountEvent>) =>
  fold(historyView, record(events, { accountId, reason: 'because', ticket: 'T-1' }))
const everything = { after: 0, upTo: 100, limit: 100 }

describe('a decision timeline', () => {
  it('given grants that came and went, then each stretch has the event that turned it', () => {
    const document = allowing('ots:Get*')
    const state = after(created, written(document), attached, renamed, detached, attached, deleted)
    const { stretches, next } = decisionTimeline(state, asked('ots:GetRow'), everything)
    const told = stretches.map(({ outcome, from, until, change }) => [
      outcome,
      from.position,
      until?.position,
      change?.type,
    ])
    expect(told).toEqual([
      ['ImplicitDeny', 1, 3, 'Created'],
      ['Allow', 3, 5, 'PolicyAttached'],
      ['ImplicitDeny', 5, 6, 'PolicyDetached'],
      ['Allow', 6, 7, 'PolicyAttached'],
      ['Absent', 7, undefined, 'Deleted'],
    ])
    expect(next).toBeUndefined()
    expect(stretches[1]).toMatchObject({
      from: { eventType: 'PolicyAttached', reason: 'because', ticket: 'T-1' },
      deciding: [
        {
          effect: 'Allow',
          source: { policyName: 'ship', via: { name: 'alice' } },
          grant: { attached: { position: 3 }, versionSet: { position: 2 } },
        },
      ],
    })
  })

  it('given pages of one stretch, then together they are the whole', () => {
    const state = after(created, written(allowing('ots:*')), attached, detached, attached)
    const question = asked('ots:GetRow')
    const whole = decisionTimeline(state, question, everything).stretches
    const paged = []
    let from: number | undefined = 0
    while (from !== undefined) {
      const page = decisionTimeline(state, question, { after: from, upTo: 100, limit: 1 })
      paged.push(...page.stretches)
      from = page.next
    }
    expect(paged).toEqual(whole)
    expect(whole).toHaveLength(4)
  })

  it('given a role to assume, then its trust turns the decision as well', () => {
    const role = (type: 'RoleCreated') => ({ type, roleId, roleName, maxSessionDuration: 3600 })
    const state = after(
      created,
      written(allowing('sts:AssumeRole')),
      attached,
      { ...role('RoleCreated'), trustPolicy: trusting(['root']) },
      { type: 'RoleTrustChanged', roleId, trustPolicy: trusting(['user/nobody']) },
      { type: 'RoleTrustChanged', roleId, trustPolicy: trusting(['user/alice']) },
      { type: 'RoleDeleted', roleId, roleName },
    )
    const resource = `acs:ram:*:${accountId}:role/deployer`
    const question = asked('sts:AssumeRole', resource)
    const { stretches } = decisionTimeline(state, question, everything)
    expect(stretches[3]?.deciding).toMatchObject([
      { source: { policyType: 'Custom' }, grant: { attached: { position: 3 } } },
      { source: { policyType: 'Trust' }, trustSet: { position: 6, ticket: 'T-1' } },
    ])
    const told = stretches.map(({ outcome, from, trustSet }) => [
      outcome,
      from.position,
      trustSet?.position,
    ])
    expect(told).toEqual([
      ['ImplicitDeny', 1, undefined],
      ['Allow', 4, undefined],
      ['ImplicitDeny', 5, 5],
      ['Allow', 6, undefined],
      ['ImplicitDeny', 7, undefined],
    ])
    expect(sinceWhen(state, question, 5)).toMatchObject({
      outcome: 'ImplicitDeny',
      trustSet: { position: 5, reason: 'because', ticket: 'T-1' },
      before: { outcome: 'Allow', deciding: [{}, { trustSet: { position: 4 } }] },
    })
    const root = asked('sts:AssumeRole', resource, { type: 'Root', accountId })
    expect(standAt(state, root, 5)).toEqual({ outcome: 'ImplicitDeny', deciding: [] })
  })

  it('given a role of another account, then of its silent trust policy nothing is told', () => {
    const elsewhere = known(AccountId, '9999999999999999')
    const theirs = record(
      [
        {
          type: 'RoleCreated',
          roleId,
          roleName,
          maxSessionDuration: 3600,
          trustPolicy: trusting(['user/nobody']),
        },
      ],
      { accountId: elsewhere, position: 4 },
    )
    const own = record([created, written(allowing('sts:AssumeRole')), attached], { accountId })
    const question = asked('sts:AssumeRole', `acs:ram:*:${elsewhere}:role/deployer`)
    const stand = standAt(fold(historyView, [...own, ...theirs]), question, 4)
    expect(stand).toEqual({ outcome: 'ImplicitDeny', deciding: [] })
  })
})

describe('since when', () => {
  it('given an allow, then the event that turned it, what makes it and how it was before', () => {
    const state = after(created, written(allowing('ots:*')), attached, renamed)
    expect(sinceWhen(state, asked('ots:GetRow'), 4)).toMatchObject({
      outcome: 'Allow',
      since: { position: 3 },
      change: { type: 'PolicyAttached' },
      deciding: [{ grant: { since: { position: 3 } } }],
      before: { outcome: 'ImplicitDeny', deciding: [] },
    })
  })

  it('given a right that was lost, then the grant that it came through is told', () => {
    const state = after(created, written(allowing('ots:*')), attached, detached)
    expect(sinceWhen(state, asked('ots:GetRow'), 4)).toMatchObject({
      outcome: 'ImplicitDeny',
      since: { position: 4 },
      deciding: [],
      before: { outcome: 'Allow', deciding: [{ grant: { attached: { position: 3 } } }] },
    })
  })

  it('given somebody who never was there, then nothing turned it', () => {
    expect(sinceWhen(after(renamed), asked('ots:GetRow'), 1)).toEqual({
      outcome: 'Absent',
      deciding: [],
    })
  })
})

describe('the laws of a decision timeline', () => {
  const lives = commandSequence.map((commands) =>
    record(runCommands(commands, accountDecider(DEFAULT_QUOTAS)), { accountId }),
  )
  const whoIn = (event: Recorded['event']): PastQuestion['who'] | undefined => {
    if (event.type === 'AccountCreated') return { type: 'Root', accountId }
    if (event.type === 'UserCreated') return { type: 'User', accountId, id: event.userId }
    return event.type === 'RoleCreated' ? { type: 'Role', accountId, id: event.roleId } : undefined
  }
  const questionsOf = (recorded: ReadonlyArray<Recorded>): ReadonlyArray<PastQuestion> =>
    recorded.flatMap(({ event }): ReadonlyArray<PastQuestion> => {
      const who = whoIn(event)
      if (who === undefined) return []
      const assumed = `acs:ram:*:${accountId}:role/deployer`
      return [
        asked('ots:GetRow', `acs:ots:*:${accountId}:x`, who),
        asked('oss:GetObject', '*', who),
        asked('sts:AssumeRole', assumed, who),
      ]
    })

  it('asked up to p, it and since equal those of views fed only the events up to p', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (recorded, chance) => {
        const upTo = chance % (recorded.length + 1)
        const whole = fold(historyView, recorded)
        const part = fold(historyView, recorded.slice(0, upTo))
        for (const question of questionsOf(recorded)) {
          const span = { after: 0, upTo, limit: 1000 }
          expect(decisionTimeline(whole, question, span)).toEqual(
            decisionTimeline(part, question, span),
          )
          expect(sinceWhen(whole, question, upTo)).toEqual(sinceWhen(part, question, upTo))
          expect(standAt(whole, question, upTo)).toEqual(standAt(part, question, upTo))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('at every position the stretch there has the outcome that is decided there', () => {
    let turns = 0
    fc.assert(
      fc.property(lives, (recorded) => {
        const history = fold(historyView, recorded)
        const questions = questionsOf(recorded)
        const timelines = questions.map((question) => ({
          question,
          decide: decisionsAt(history, question),
          told: decisionTimeline(history, question, { after: 0, upTo: 1000, limit: 1000 }),
        }))
        let grants = grantsView.empty()
        for (const event of recorded) {
          grants = grantsView.apply(grants, event)
          for (const { question, decide, told } of timelines) {
            const stretch = told.stretches.findLast(({ from }) => from.position <= event.position)
            const outcome = decide(event.position)?.outcome ?? 'Absent'
            expect(stretch?.outcome ?? 'Absent').toBe(outcome)
            expect(sinceWhen(history, question, event.position).since?.position).toBe(
              stretch?.from.position,
            )
            if (question.action === 'sts:AssumeRole') continue
            if (question.who.type === 'Root') continue
            const held = policiesInForce(grants, question.who)
            const { type, id } = question.who
            const principal =
              type === 'User'
                ? ({ type, accountId, userId: id, userName: held?.label ?? '' } as const)
                : ({
                    type: 'Session',
                    accountId,
                    roleId: id,
                    roleName: held?.label ?? '',
                    sessionName: '',
                  } as const)
            const then =
              held && authorize({ ...question, principal }, { identity: held.policies }).outcome
            expect(outcome).toBe(then ?? 'Absent')
          }
        }
        turns += timelines.reduce((sum, { told }) => sum + told.stretches.length, 0)
      }),
      { numRuns: 25 },
    )
    expect(turns).toBeGreaterThan(0)
  })
})
