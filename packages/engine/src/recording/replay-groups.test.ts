/** Groups of calls that a change turns, with the events behind their statements. */
import {
  type AccountCommand,
  accountDecider,
  DEFAULT_QUOTAS,
  MaxSessionDuration,
  PolicyName,
  RoleName,
  UserName,
} from '@grantlog/domain'
import {
  allowing,
  commandSequence,
  known,
  policyIdOf,
  roleIdOf,
  runCommands,
  sampleAccountId,
  trusting,
  userIdOf,
} from '@grantlog/domain/testing'
import { directoryView, historyView } from '@grantlog/views'
import { fold, record } from '@grantlog/views/testing'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { PastCall } from './past-call.js'
import { pastJudge } from './past-judge.js'
import { preparedChanges } from './prepare.js'
import type {
  JudgeablePrincipal,
  ProposedChange,
  ReplayGroup,
  ReplayStatement,
} from './questions.js'
import { replayGroups } from './replay-groups.js'

const accountId = sampleAccountId
const decider = accountDecider(DEFAULT_QUOTAS)

const policyName = known(PolicyName, 'ship')
const ship = { policyType: 'Custom', policyName } as const
const bob = known(UserName, 'bob')

/** Alice, whom a role trusts, and a policy that bob holds and she may come to hold. */
const beginning: ReadonlyArray<AccountCommand> = [
  { type: 'CreateUser', userId: userIdOf(901), userName: known(UserName, 'alice') },
  {
    type: 'CreateRole',
    roleId: roleIdOf(901),
    roleName: known(RoleName, 'deployer'),
    trustPolicy: trusting(['user/alice']),
    maxSessionDuration: known(MaxSessionDuration, 3600),
  },
  {
    type: 'CreatePolicy',
    policyId: policyIdOf(901),
    policyName,
    document: allowing('ots:*'),
  },
  { type: 'CreateUser', userId: userIdOf(902), userName: bob },
  { type: 'AttachPolicy', ...ship, target: { type: 'User', userName: bob } },
]

const lives = commandSequence.map(([opening, ...others]) => {
  const commands = opening === undefined ? [] : [opening, ...beginning, ...others]
  return record(runCommands(commands, decider), { accountId, reason: 'because', ticket: 'T-1' })
})
type Life = typeof lives extends fc.Arbitrary<infer Events> ? Events : never

const principalsOf = (events: Life): ReadonlyArray<JudgeablePrincipal> =>
  events.flatMap(({ event }): ReadonlyArray<JudgeablePrincipal> => {
    if (event.type === 'UserCreated') return [{ type: 'User', userId: event.userId }]
    if (event.type !== 'RoleCreated') return []
    return [{ type: 'Role', roleId: event.roleId, sessionName: 'app', narrowedBy: [] }]
  })

const ASKED = [
  ['ots:GetRow', '*'],
  ['ram:ListUsers', '*'],
  ['sts:AssumeRole', `acs:ram:*:${accountId}:role/deployer`],
] as const

const everything = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})
const readTable = { policyType: 'Custom', policyName: 'read-table' } as const
const alice = { type: 'User', name: 'alice' } as const

const changes: ReadonlyArray<ReadonlyArray<ProposedChange>> = [
  [{ type: 'Edit', ...ship, document: everything }],
  [{ type: 'Edit', ...readTable, document: allowing('oss:*') }],
  [
    { type: 'Edit', ...ship, document: everything },
    { type: 'Attach', ...ship, target: alice },
  ],
  [{ type: 'Attach', ...ship, target: alice }],
  [{ type: 'Delete', ...ship }],
  [{ type: 'Detach', ...readTable, target: { type: 'Group', name: 'devs' } }],
]

/** What is told of calls that everybody made after each event. */
const groupsOf = (
  history: ReturnType<typeof historyView.empty>,
  life: Life,
  prepared: Parameters<typeof pastJudge>[2],
): ReadonlyArray<ReplayGroup> => {
  const judge = pastJudge(history, accountId, prepared)
  const groups = replayGroups(history, accountId, judge)
  const questions = principalsOf(life).flatMap((principal) =>
    ASKED.map(([action, resource]) => {
      const asked: Pick<PastCall, 'action' | 'resources'> = { action, resources: [resource] }
      const rest = { sessionPolicies: [], context: new Map(), hasTime: false }
      return judge.question({ principal, ...asked, ...rest })
    }),
  )
  for (const { position } of life)
    for (const question of questions) {
      judge.judge(question, position, 0)
      if (question.before !== question.after)
        groups.add(question, { requestId: String(position), time: 0, position })
    }
  return groups.ranked(0, 1_000).groups
}

describe('replayGroups', () => {
  it('given any life and change, then each statement is told with its events or as proposed', () => {
    const seen = { proposed: 0, granted: 0, edited: 0, trusted: 0 }
    fc.assert(
      fc.property(lives, fc.constantFrom(...changes), (life, change) => {
        const history = fold(historyView, life)
        const views = { directory: fold(directoryView, life), history }
        const prepared = preparedChanges(views, accountId, change, life.length)
        if (E.isLeft(prepared)) return
        for (const { before, after, samples } of groupsOf(history, life, prepared.right)) {
          const first = samples[0]?.position ?? 0
          for (const statement of before) expect(statement).not.toHaveProperty('proposed')
          const told: ReadonlyArray<ReplayStatement> = [...before, ...after]
          for (const { source, grant, trustSet, proposed } of told) {
            const isTrust = source.policyType === 'Trust'
            expect(trustSet !== undefined).toBe(isTrust)
            expect(grant !== undefined).toBe(!isTrust && proposed !== 'Attach')
            expect(grant?.versionSet !== undefined).toBe(!isTrust && proposed === undefined)
            for (const mark of [trustSet, grant?.since, grant?.versionSet])
              if (mark !== undefined) {
                expect(mark).toMatchObject({ reason: 'because', ticket: 'T-1' })
                expect(mark.position).toBeLessThanOrEqual(first)
              }
            if (isTrust) seen.trusted += 1
            else if (proposed === 'Attach') seen.proposed += 1
            else if (proposed === 'Edit') seen.edited += 1
            else seen.granted += 1
          }
        }
      }),
      { numRuns: 60 },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it('the groups of calls up to p equal those of a history that ends at p', () => {
    let told = 0
    fc.assert(
      fc.property(lives, fc.constantFrom(...changes), fc.nat(), (life, change, chance) => {
        const part = life.slice(0, chance % (life.length + 1))
        const then = fold(historyView, part)
        const views = { directory: fold(directoryView, part), history: then }
        const prepared = preparedChanges(views, accountId, change, part.length)
        if (E.isLeft(prepared)) return
        const groups = groupsOf(fold(historyView, life), part, prepared.right)
        expect(groups).toEqual(groupsOf(then, part, prepared.right))
        told += groups.length
      }),
      { numRuns: 40 },
    )
    expect(told).toBeGreaterThan(0)
  })
})
