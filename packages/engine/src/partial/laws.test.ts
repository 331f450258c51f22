/** The laws of who could do what, over random lives of an account with policies of every sort. */
import {
  type AccountCommand,
  accountDecider,
  DEFAULT_QUOTAS,
  GroupName,
  IdentityPolicyText,
  MaxSessionDuration,
  PolicyName,
  type Recorded,
  RoleName,
  UserName,
} from '@grantlog/domain'
import {
  sampleAccountId as accountId,
  allowing,
  commandSequence,
  groupIdOf,
  known,
  policyIdOf,
  roleIdOf,
  runCommands,
  trusting,
  userIdOf,
} from '@grantlog/domain/testing'
import { type RequestContext, requestContext } from '@grantlog/policy'
import {
  credentialsView,
  directoryView,
  entitiesView,
  grantsView,
  historyView,
  recordingView,
  roleByIdAt,
  usageView,
  userByIdAt,
} from '@grantlog/views'
import { fold, record } from '@grantlog/views/testing'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { answerQuestion } from '../ask.js'
import { withEvents } from '../ask-events.js'
import type { AccessAnswer, AccessQuestion, Moment, Views } from '../engine.js'
import { canEach } from './can-each.js'
import type { WhoCanAnswer, WhoCanQuestion } from './questions.js'
import { whatCan } from './what-can.js'
import { whoCan } from './who-can.js'

const inside = { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } }
const documentOf = (...statements: ReadonlyArray<object>): IdentityPolicyText =>
  known(IdentityPolicyText, JSON.stringify({ Version: '1', Statement: statements }))

const orders = `acs:ots:*:${accountId}:instance/orders`
const documents = [
  allowing('ots:Get*'),
  allowing('sts:AssumeRole', 'oss:*'),
  documentOf({ Effect: 'Allow', Action: '*', Resource: '*', Condition: inside }),
  documentOf({ Effect: 'Allow', Action: ['ots:GetRow', 'sts:*'], Resource: orders }),
  documentOf({ Effect: 'Allow', NotAction: 'ots:*', Resource: 'acs:*:*:*:role/*' }),
  documentOf({ Effect: 'Deny', Action: 'ots:*', Resource: orders, Condition: inside }),
  documentOf(
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 'sts:*', Resource: '*' },
  ),
]

/** The commands with other policies than those that they came with. */
const withDocuments = (
  commands: ReadonlyArray<AccountCommand>,
  chosen: ReadonlyArray<IdentityPolicyText>,
): ReadonlyArray<AccountCommand> =>
  commands.map((command, index) =>
    command.type === 'CreatePolicy' || command.type === 'CreatePolicyVersion'
      ? { ...command, document: chosen[index % chosen.length] ?? command.document }
      : command,
  )

const decider = accountDecider(DEFAULT_QUOTAS)

const readTable = { policyType: 'Custom', policyName: known(PolicyName, 'read-table') } as const
const ship = { policyType: 'Custom', policyName: known(PolicyName, 'ship') } as const
const assuming = {
  policyType: 'System',
  policyName: known(PolicyName, 'AliyunSTSAssumeRoleAccess'),
} as const
const alice = known(UserName, 'alice')
const bob = known(UserName, 'bob')
const devs = known(GroupName, 'devs')
const deployer = known(RoleName, 'deployer')

/** What each life begins with, so that somebody holds something. */
const beginning: ReadonlyArray<AccountCommand> = [
  { type: 'CreateUser', userId: userIdOf(901), userName: alice },
  { type: 'CreateUser', userId: userIdOf(902), userName: bob },
  { type: 'CreateGroup', groupId: groupIdOf(901), groupName: devs },
  {
    type: 'CreateRole',
    roleId: roleIdOf(901),
    roleName: deployer,
    trustPolicy: trusting(['user/alice', 'role/deployer']),
    maxSessionDuration: known(MaxSessionDuration, 3600),
  },
  ...[readTable, ship].map(
    ({ policyName }, index): AccountCommand => ({
      type: 'CreatePolicy',
      policyId: policyIdOf(901 + index),
      policyName,
      document: allowing('ots:*'),
    }),
  ),
  { type: 'AttachPolicy', ...readTable, target: { type: 'User', userName: alice } },
  { type: 'AttachPolicy', ...ship, target: { type: 'Group', groupName: devs } },
  { type: 'AttachPolicy', ...ship, target: { type: 'Role', roleName: deployer } },
  { type: 'AddUserToGroup', userName: alice, groupName: devs },
  { type: 'AddUserToGroup', userName: bob, groupName: devs },
  // What a policy of the system lets him assume, no trust policy does.
  { type: 'AttachPolicy', ...assuming, target: { type: 'User', userName: bob } },
]

const lives = fc
  .tuple(commandSequence, fc.array(fc.constantFrom(...documents), { minLength: 1, maxLength: 40 }))
  .map(([[opening, ...others], chosen]) => {
    const commands = opening === undefined ? [] : [opening, ...beginning, ...others]
    return record(runCommands(withDocuments(commands, chosen), decider), { accountId })
  })

const viewsOf = (recorded: ReadonlyArray<Recorded>): Views => ({
  directory: fold(directoryView, recorded),
  grants: fold(grantsView, recorded),
  credentials: fold(credentialsView, recorded),
  history: fold(historyView, recorded),
  usage: fold(usageView, recorded),
  entities: fold(entitiesView, recorded),
  recording: fold(recordingView, recorded),
})

type Asked = {
  readonly action: string
  readonly resource: string
  readonly context: RequestContext
}

const asked: ReadonlyArray<Asked> = [
  {},
  { 'acs:SourceIp': '10.0.0.1' },
  { 'acs:SourceIp': '8.8.8.8' },
]
  .map((members) => requestContext(members as Readonly<Record<string, string>>))
  .flatMap((context) => [
    { action: 'ots:GetRow', resource: orders, context },
    { action: 'oss:PutObject', resource: '*', context },
    { action: 'sts:AssumeRole', resource: `acs:ram:*:${accountId}:role/deployer`, context },
    { action: 'ram:GetRole', resource: `acs:ram:*:9999999999999999:role/deployer`, context },
  ])

const head = (recorded: ReadonlyArray<Recorded>): number => recorded.at(-1)?.position ?? 0
const present = (applied: number) => ({ applied, now: Number.MAX_SAFE_INTEGER })
const at = (position: number): Moment => ({ type: 'AtPosition', position })

const right = <A>(answer: E.Either<{ readonly type: string }, A>): A => {
  if (E.isLeft(answer)) throw new Error(answer.left.type)
  return answer.right
}

const ask = (
  views: Views,
  { resource, ...rest }: Asked,
  moment: Moment,
  applied: number,
  paging: Pick<WhoCanQuestion, 'after' | 'limit' | 'types'> = { limit: 1_000 },
): WhoCanAnswer =>
  right(
    whoCan(
      views,
      { accountId, resources: [resource], moment, ...rest, ...paging },
      present(applied),
    ),
  )

/** Everybody who was there at a position, as `can` names them. */
const everybodyAt = (
  { history }: Views,
  recorded: ReadonlyArray<Recorded>,
  position: number,
): ReadonlyArray<AccessQuestion['principal']> => {
  const named = recorded.flatMap(({ event }): ReadonlyArray<AccessQuestion['principal']> => {
    if (event.type === 'UserCreated') {
      const user = userByIdAt(history, accountId, event.userId, position)
      return user === undefined ? [] : [{ type: 'User', accountId, userName: user.userName }]
    }
    if (event.type !== 'RoleCreated') return []
    const role = roleByIdAt(history, accountId, event.roleId, position)
    return role === undefined ? [] : [{ type: 'Role', accountId, roleName: role.roleName }]
  })
  return [{ type: 'Root', accountId }, ...named]
}

const arnOf = (principal: AccessQuestion['principal']): string => {
  const prefix = `acs:ram::${accountId}:`
  if (principal.type === 'Root') return `${prefix}root`
  return principal.type === 'User'
    ? `${prefix}user/${principal.userName}`
    : `${prefix}role/${principal.roleName}`
}

/** Here the account was not there yet, nor anybody in it, its root neither. */
const BEFORE_OPENED = 0

/** A few positions of a life, its end among them. */
const someOf = (recorded: ReadonlyArray<Recorded>): ReadonlyArray<number> =>
  recorded.flatMap(({ position }, index) =>
    index % 7 === 0 || index === recorded.length - 1 ? [position] : [],
  )

describe('who could do it', () => {
  it('is whoever `can` allows of all who were there, at every position', () => {
    const seen = { allowed: 0, conditional: 0 }
    fc.assert(
      fc.property(lives, (recorded) => {
        const views = viewsOf(recorded)
        for (const position of [BEFORE_OPENED, ...someOf(recorded)])
          for (const question of asked) {
            const { hits } = ask(views, question, at(position), head(recorded))
            const allowed = everybodyAt(views, recorded, position).filter((principal) => {
              const { resource, ...rest } = question
              const one = {
                principal,
                resources: [resource] as const,
                moment: at(position),
                ...rest,
              }
              const answer = answerQuestion(views, one, present(head(recorded)))
              return E.isRight(answer) && answer.right.explanation.outcome === 'Allow'
            })
            const told = hits.filter(({ decision }) => decision.outcome === 'Allow')
            expect(told.map(({ arn }) => arn)).toEqual(allowed.map(arnOf).sort())
            for (const { certainty, decision } of hits) {
              if (certainty === 'Allowed') expect(decision.outcome).toBe('Allow')
              seen[certainty === 'Allowed' ? 'allowed' : 'conditional'] += 1
            }
          }
      }),
      { numRuns: 15 },
    )
    expect(seen.allowed).toBeGreaterThan(0)
    expect(seen.conditional).toBeGreaterThan(0)
  })

  it('under any further keys, those allowed stay so and nobody who is left out is allowed', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const views = viewsOf(recorded)
        for (const { action, resource, context } of asked.slice(0, 4)) {
          const now: Moment = { type: 'Now' }
          const { hits } = ask(views, { action, resource, context }, now, head(recorded))
          for (const known of asked.filter((one) => one.action === action)) {
            const told = ask(views, { ...known, resource }, now, head(recorded)).hits
            const allowed = told.filter(({ decision }) => decision.outcome === 'Allow')
            const arns = allowed.map(({ arn }) => arn)
            expect(hits.map(({ arn }) => arn)).toEqual(expect.arrayContaining(arns))
            for (const { arn, certainty } of hits)
              if (certainty === 'Allowed') expect(arns).toContain(arn)
          }
        }
      }),
      { numRuns: 20 },
    )
  })

  it('at p equals what an engine says that knows only the events up to p', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const views = viewsOf(recorded)
        for (const position of someOf(recorded)) {
          const fresh = viewsOf(recorded.filter((event) => event.position <= position))
          for (const question of asked) {
            const { applied: _, ...then } = ask(views, question, at(position), head(recorded))
            const { applied, ...now } = ask(fresh, question, { type: 'Now' }, position)
            expect(then).toEqual(now)
            expect(applied).toBe(position)
          }
        }
      }),
      { numRuns: 15 },
    )
  })

  it('page by page is the same as at once', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 3 }), (recorded, limit) => {
        const views = viewsOf(recorded)
        for (const question of asked) {
          const whole = ask(views, question, { type: 'Now' }, head(recorded))
          const hits = []
          for (let after: string | null | undefined; after !== null; ) {
            const paging = after === undefined ? { limit } : { limit, after }
            const page = ask(views, question, { type: 'Now' }, head(recorded), paging)
            expect(page.hits.length).toBeLessThanOrEqual(limit)
            hits.push(...page.hits)
            after = page.next
          }
          expect(hits).toEqual(whole.hits)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('each of several questions about one is answered as if asked alone', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const views = viewsOf(recorded)
        const position = head(recorded)
        for (const principal of everybodyAt(views, recorded, position))
          for (const moment of [{ type: 'Now' } as const, at(position)]) {
            const context = new Map()
            const each = canEach(views, { principal, context, moment, asked }, present(position))
            asked.forEach(({ action, resource }, index) => {
              const one = { principal, action, resources: [resource] as const, context, moment }
              const alone = answerQuestion(views, one, present(position))
              expect(E.isRight(alone)).toBe(E.isRight(each))
              if (E.isLeft(each) || E.isLeft(alone)) return
              expect(each.right.judged[index]?.decision).toEqual(alone.right.explanation)
            })
          }
      }),
      { numRuns: 20 },
    )
  })
})

describe('whether somebody could do it, with the events behind the answer', () => {
  it('at p equals what an engine says that knows only the events up to p', () => {
    let told = 0
    const canWith = (views: Views, question: AccessQuestion, applied: number): AccessAnswer =>
      withEvents(views.history, question, right(answerQuestion(views, question, present(applied))))
    fc.assert(
      fc.property(lives, (recorded) => {
        const views = viewsOf(recorded)
        for (const position of someOf(recorded)) {
          const fresh = viewsOf(recorded.filter((event) => event.position <= position))
          for (const principal of everybodyAt(views, recorded, position))
            for (const { resource, ...rest } of asked) {
              const question = { principal, resources: [resource] as const, ...rest }
              const then = { ...question, moment: at(position), withGrants: true }
              const now = { ...question, moment: { type: 'Now' } as const, withGrants: true }
              const answer = canWith(views, then, position)
              expect(answer).toEqual(canWith(fresh, now, position))
              for (const { source, grant, trustSet } of answer.explanation.deciding) {
                expect(source.policyType === 'Trust' ? trustSet : grant).toBeDefined()
                told += 1
              }
              const { unit, outcome, trustSet } = answer.explanation
              const isSilent = unit === 'AssumeRolePolicy' && outcome === 'ImplicitDeny'
              if (trustSet !== undefined) expect(isSilent && principal.type !== 'Root').toBe(true)
            }
        }
      }),
      { numRuns: 15 },
    )
    expect(told).toBeGreaterThan(0)
  })
})

describe('what somebody could do', () => {
  it('at p equals what an engine says that knows only the events up to p', () => {
    let told = 0
    fc.assert(
      fc.property(lives, (recorded) => {
        const views = viewsOf(recorded)
        for (const position of [BEFORE_OPENED, ...someOf(recorded)]) {
          const fresh = viewsOf(recorded.filter((event) => event.position <= position))
          for (const principal of everybodyAt(views, recorded, position)) {
            const asking = { principal, context: new Map(), resource: orders, actions: ['ots:X'] }
            const then = whatCan(views, { ...asking, moment: at(position) }, present(position))
            const now = whatCan(fresh, { ...asking, moment: { type: 'Now' } }, present(position))
            expect(then).toEqual(now)
            expect(E.isRight(now)).toBe(position !== BEFORE_OPENED)
            if (E.isRight(now)) told += now.right.sheet.allows.length + now.right.actions.length
          }
        }
      }),
      { numRuns: 15 },
    )
    expect(told).toBeGreaterThan(0)
  })
})
