/**
 * Recorded calls judged again: as the live grants judged them, and with a change as grants would
 * that had it.
 */
import {
  type AccountCommand,
  type AccountId,
  accountDecider,
  DEFAULT_QUOTAS,
} from '@grantlog/domain'
import { allowing, commandSequence, runCommands, sampleAccountId } from '@grantlog/domain/testing'
import { authorize } from '@grantlog/policy'
import {
  decideOnGrants,
  directoryView,
  grantsView,
  historyView,
  policiesInForce,
} from '@grantlog/views'
import { fold, record } from '@grantlog/views/testing'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type PastCall, principalOf } from './past-call.js'
import { pastJudge } from './past-judge.js'
import { preparedChanges } from './prepare.js'
import type { JudgeablePrincipal, ProposedChange } from './questions.js'
import { useTracker } from './use.js'

const accountId: AccountId = sampleAccountId
const decider = accountDecider(DEFAULT_QUOTAS)
const recorded = (commands: ReadonlyArray<AccountCommand>) =>
  record(runCommands(commands, decider), { accountId })
const lives = commandSequence.map(recorded)

const principalsOf = (events: ReturnType<typeof recorded>): ReadonlyArray<JudgeablePrincipal> =>
  events.flatMap(({ event }): ReadonlyArray<JudgeablePrincipal> => {
    if (event.type === 'UserCreated') return [{ type: 'User', userId: event.userId }]
    if (event.type !== 'RoleCreated') return []
    return [{ type: 'Role', roleId: event.roleId, sessionName: 'app', narrowedBy: [] }]
  })

const CALLS = ['ots:GetRow', 'ots:PutRow', 'oss:GetObject', 'ram:ListUsers'] as const

const callOf = (
  principal: JudgeablePrincipal,
  action: string,
  sessionPolicies: ReadonlyArray<string> = [],
): PastCall => ({
  principal,
  sessionPolicies,
  action,
  resources: ['*'],
  context: new Map(),
  hasTime: false,
})

const holderOf = (principal: JudgeablePrincipal) =>
  principal.type === 'User'
    ? ({ type: 'User', accountId, id: principal.userId } as const)
    : ({ type: 'Role', accountId, id: principal.type === 'Role' ? principal.roleId : '' } as const)

const NARROW = allowing('ots:Get*')

describe('pastJudge', () => {
  it('given any life, then at each position it says what the grants of then said', () => {
    let allowed = 0
    fc.assert(
      fc.property(lives, (events) => {
        const judge = pastJudge(fold(historyView, events), accountId, [])
        const questions = principalsOf(events).flatMap((principal) =>
          CALLS.flatMap((action) => {
            const plain = callOf(principal, action)
            return principal.type === 'Role'
              ? [plain, callOf(principal, action, [NARROW])]
              : [plain]
          }).map((call) => judge.question(call)),
        )
        let grants = grantsView.empty()
        for (const event of events) {
          grants = grantsView.apply(grants, event)
          for (const question of questions) {
            const { call } = question
            const [sessionPolicy] = call.sessionPolicies
            const asking = {
              holder: holderOf(call.principal),
              ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
            }
            const request = { ...call, principal: principalOf(accountId, call.principal, 'any') }
            const live = decideOnGrants(grants, request, asking).outcome === 'Allow'
            judge.judge(question, event.position, 0)
            expect([question.before, question.after]).toEqual([live, live])
            const { before } = judge.reasons(question, event.position, 0)
            expect(before.outcome === 'Allow').toBe(live)
            if (live) allowed += 1
          }
        }
      }),
      { numRuns: 100 },
    )
    expect(allowed).toBeGreaterThan(0)
  })

  const targets = [
    ...['alice', 'bob', 'carol'].map((userName) => ({ type: 'User', userName })),
    ...['devs', 'ops'].map((groupName) => ({ type: 'Group', groupName })),
    ...['deployer', 'auditor'].map((roleName) => ({ type: 'Role', roleName })),
  ]

  /** Changes, each with commands that do the same to the account as it is at the end. */
  const changes: ReadonlyArray<readonly [ProposedChange, ...AccountCommand[]]> = [
    [
      {
        type: 'Edit',
        policyType: 'Custom',
        policyName: 'ship',
        document: allowing('ram:*'),
      },
      {
        type: 'CreatePolicyVersion',
        policyName: 'ship' as never,
        document: allowing('ram:*'),
        setAsDefault: true,
        rotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
      },
    ],
    [
      {
        type: 'Attach',
        policyType: 'Custom',
        policyName: 'read-table',
        target: { type: 'User', name: 'alice' },
      },
      {
        type: 'AttachPolicy',
        policyType: 'Custom',
        policyName: 'read-table' as never,
        target: { type: 'User', userName: 'alice' as never },
      },
    ],
    [
      {
        type: 'Detach',
        policyType: 'Custom',
        policyName: 'read-table',
        target: { type: 'Group', name: 'DEVS' },
      },
      {
        type: 'DetachPolicy',
        policyType: 'Custom',
        policyName: 'read-table' as never,
        target: { type: 'Group', groupName: 'devs' as never },
      },
    ],
    [
      { type: 'Delete', policyType: 'Custom', policyName: 'SHIP' },
      ...targets.map(
        (target): AccountCommand => ({
          type: 'DetachPolicy',
          policyType: 'Custom',
          policyName: 'ship' as never,
          target: target as never,
        }),
      ),
    ],
  ]

  it('given a change, then it says what grants say on which the change was made', () => {
    let turned = 0
    fc.assert(
      fc.property(commandSequence, fc.constantFrom(...changes), (commands, [change, ...same]) => {
        const events = recorded(commands)
        const head = events.length
        const prepared = preparedChanges(
          { directory: fold(directoryView, events), history: fold(historyView, events) },
          accountId,
          [change],
          head,
        )
        if (E.isLeft(prepared)) return
        const made = fold(grantsView, recorded([...commands, ...same]))
        const judge = pastJudge(fold(historyView, events), accountId, prepared.right)
        for (const principal of principalsOf(events))
          for (const action of CALLS) {
            const question = judge.question(callOf(principal, action))
            judge.judge(question, head, 0)
            const held = policiesInForce(made, holderOf(principal))
            const request = {
              ...question.call,
              principal: principalOf(accountId, principal, held?.label ?? ''),
            }
            const wanted = authorize(request, { identity: held?.policies ?? [] })
            expect(question.after).toBe(wanted.outcome === 'Allow')
            if (question.before !== question.after) turned += 1
          }
      }),
      { numRuns: 150 },
    )
    expect(turned).toBeGreaterThan(0)
  })
})

describe('useTracker', () => {
  it('given any recorded calls, then the suggestion allows what was allowed, and nothing that was not', () => {
    let suggested = 0
    fc.assert(
      fc.property(lives, fc.array(fc.nat(), { maxLength: 20 }), (events, picks) => {
        const history = fold(historyView, events)
        const head = events.length
        const judge = pastJudge(history, accountId, [])
        for (const principal of principalsOf(events)) {
          const { type, id } = holderOf(principal)
          const tracker = useTracker(history, { type, accountId, id }, head)
          for (const pick of picks) {
            const action = CALLS[pick % CALLS.length] ?? CALLS[0]
            const question = judge.question(callOf(principal, action))
            judge.judge(question, head, 0)
            tracker.take(question.call, question.before, pick)
          }
          const { suggestion, allowed, denied, notCovered } = tracker.use()
          expect({ all: allowed + denied, notCovered }).toEqual({
            all: picks.length,
            notCovered: 0,
          })
          expect(suggestion).toBeDefined()
          if (suggestion !== undefined && suggestion.documents.length > 0) suggested += 1
        }
      }),
      { numRuns: 40 },
    )
    expect(suggested).toBeGreaterThan(0)
  })
})
