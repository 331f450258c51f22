/**
 * The embedded decision point against a real engine: the same decisions at the same position, and a
 * deny whenever it can't be sure.
 */
import { queryOf } from '@grantlog/client'
import {
  type DecisionPoint,
  type DecisionPointOptions,
  NODE_LAG_MS_MAX,
  openDecisionPoint,
} from '@grantlog/client/decision-point'
import { FeedAnswer } from '@grantlog/client/shapes'
import { LAG_MS_MAX } from '@grantlog/engine'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from '../protocol/server.js'

type Feed = DecisionPointOptions['client']['feed']

/** The feed of a server that has no socket. */
const feedOf =
  (server: TestServer): Feed =>
  async (page = {}) => {
    const { status, body } = await server.read({ path: '/v1/feed', query: queryOf(page) })
    const detail = `status ${status}`
    const fault = { type: 'AnswerMalformed', status, detail } as const
    return E.mapLeft(() => fault)(FeedAnswer.decode(body))
  }

const open = (options: Partial<DecisionPointOptions> & { readonly feed: Feed }): DecisionPoint => {
  const { feed, ...more } = options
  const point = openDecisionPoint({ client: { feed }, accountId: ACCOUNT, ...more })
  if (point === null) throw new Error('no account')
  return point
}

const POLICIES = ['read', 'write', 'never', 'curfew', 'early'] as const
const timed = (effect: string, operator: string, time: string): string => {
  const condition = { [operator]: { 'acs:CurrentTime': time } }
  const statement = { Effect: effect, Action: 'ots:*', Resource: '*', Condition: condition }
  return JSON.stringify({ Version: '1', Statement: [statement] })
}
const DOCUMENTS: Readonly<Record<(typeof POLICIES)[number], string>> = {
  read: JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'ots:Get*', Resource: '*' }],
  }),
  write: JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['ots:*'],
        Resource: `acs:ots:*:${ACCOUNT}:instance/a*`,
        Condition: { StringEquals: { 'app:Tag': ['red'] } },
      },
    ],
  }),
  never: JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Deny', Action: 'ots:PutRow', Resource: '*' }],
  }),
  curfew: timed('Deny', 'DateGreaterThan', '2020-01-01T00:00:00Z'),
  early: timed('Allow', 'DateLessThan', '2999-01-01T00:00:00Z'),
}
const TRUST = JSON.stringify({
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] } },
  ],
})

type Step = readonly [action: string, parameters: Readonly<Record<string, string>>]

/** Orders over a small world, so that they meet; many are refused, as they should be. */
const step: fc.Arbitrary<Step> = (() => {
  const user = fc.constantFrom('ann', 'bob')
  const policy = fc.constantFrom(...POLICIES)
  const order = (action: string, parameters: Record<string, fc.Arbitrary<string>>) =>
    fc.record(parameters).map((given): Step => [action, given as Record<string, string>])
  const of = { PolicyType: fc.constant('Custom'), PolicyName: policy }
  const group = fc.constant('team')
  const role = fc.constant('reader')
  return fc.oneof(
    order('CreateUser', { UserName: user }),
    order('DeleteUser', { UserName: user }),
    order('UpdateUser', { UserName: user, NewUserName: fc.constantFrom('ann', 'bob', 'cat') }),
    order('AddUserToGroup', { UserName: user, GroupName: group }),
    order('RemoveUserFromGroup', { UserName: user, GroupName: group }),
    order('AttachPolicyToUser', { ...of, UserName: user }),
    order('DetachPolicyFromUser', { ...of, UserName: user }),
    order('AttachPolicyToGroup', { ...of, GroupName: group }),
    order('DetachPolicyFromGroup', { ...of, GroupName: group }),
    order('AttachPolicyToRole', { ...of, RoleName: role }),
    order('DetachPolicyFromRole', { ...of, RoleName: role }),
    policy.chain((PolicyName) =>
      policy.map(
        (other): Step => [
          'CreatePolicyVersion',
          { PolicyName, PolicyDocument: DOCUMENTS[other], SetAsDefault: 'true' },
        ],
      ),
    ),
  )
})()

const openWorld = async (): Promise<TestServer> => {
  const server = await openServer()
  for (const PolicyName of POLICIES)
    await server.call('CreatePolicy', { PolicyName, PolicyDocument: DOCUMENTS[PolicyName] })
  await server.call('CreateGroup', { GroupName: 'team' })
  await server.call('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument: TRUST })
  for (const UserName of ['ann', 'bob']) await server.call('CreateUser', { UserName })
  return server
}

const QUESTIONS = ['root', 'user/ann', 'user/BOB', 'user/cat', 'role/reader'].flatMap((who) =>
  ['ots:GetRow', 'ots:PutRow'].flatMap((action) =>
    ['red', 'blue'].map((tag) => ({
      principal: `acs:ram::${ACCOUNT}:${who}`,
      action,
      resource: `acs:ots:*:${ACCOUNT}:instance/a1`,
      context: { 'app:Tag': tag },
    })),
  ),
)

/** What the server says, in the words of the point. */
const serverSays = async (server: TestServer, body: object): Promise<string> => {
  const answer = await server.read({ path: '/v1/decide', body })
  return answer.status === 404 ? 'PrincipalNotFound' : `${answer.body.outcome} ${answer.body.unit}`
}

const pointSays = (point: DecisionPoint, question: (typeof QUESTIONS)[number]): string => {
  const decision = point.decide(question)
  if (decision.type === 'NotDecided') return decision.why
  return decision.type === 'Decided' ? `${decision.outcome} ${decision.unit}` : decision.type
}

describe('the decision point', () => {
  it('given any orders, then it decides as the server does, and so does one from a snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const server = await openWorld()
        const feed = feedOf(server)
        const point = open({ feed })
        await point.refresh()
        const early = JSON.parse(JSON.stringify(point.snapshot()))
        for (const [action, parameters] of steps) await server.call(action, parameters)
        await point.refresh()
        const rebuilt = open({ feed, snapshot: early })
        await rebuilt.refresh()
        for (const question of QUESTIONS) {
          const said = await serverSays(server, question)
          expect([pointSays(point, question), pointSays(rebuilt, question)]).toEqual([said, said])
        }
        expect(rebuilt.snapshot()).toEqual(point.snapshot())
        for (const one of [point, rebuilt]) await one.stop()
        await server.engine.stop()
      }),
      { numRuns: 12 },
    )
  })

  it('given grants older than the bound, then it denies until it has heard again', async () => {
    expect(NODE_LAG_MS_MAX).toBe(LAG_MS_MAX)
    const server = await openWorld()
    let time = 0
    let isAway = false
    const feed: Feed = async (page) =>
      isAway ? E.left({ type: 'Unreachable', detail: 'told to' }) : feedOf(server)(page)
    const faults: string[] = []
    const onFault = ({ type }: { readonly type: string }) => void faults.push(type)
    // The bound is so long that only this test asks the feed.
    const stalenessMsMax = 3_600_000
    const point = open({ feed, stalenessMsMax, now: () => time, onFault })
    const root = { principal: `acs:ram::${ACCOUNT}:root`, action: 'ots:GetRow' }
    const question = { ...root, resource: `acs:ots:*:${ACCOUNT}:instance/a` }
    expect(point.decide(question)).toMatchObject({ type: 'StaleView', allowed: false })
    await point.refresh()
    time = stalenessMsMax - NODE_LAG_MS_MAX
    expect(point.decide(question)).toMatchObject({ type: 'Decided', allowed: true })
    time += 1
    expect(point.decide(question)).toMatchObject({ type: 'StaleView', allowed: false })
    isAway = true
    await point.refresh()
    expect([point.decide(question).type, faults]).toEqual(['StaleView', ['Unreachable']])
    isAway = false
    await point.refresh()
    expect(point.decide(question).allowed).toBe(true)
    await point.stop()
    expect(point.decide(question)).toMatchObject({ type: 'Stopped', allowed: false })
    await server.engine.stop()
  })

  it('given an event that is missing, unknown or unreadable, then it stops and denies', async () => {
    const server = await openWorld()
    const alter: ReadonlyArray<(event: FeedAnswer['events'][number]) => object | null> = [
      (event) => (event.revision === 3 ? null : event),
      (event) =>
        event.revision === 3
          ? { ...event, fact: { type: 'Odd', schemaVersion: 1, data: {} } }
          : event,
      (event) => (event.fact ? { ...event, fact: { ...event.fact, schemaVersion: 99 } } : event),
      (event) => (event.fact ? { ...event, fact: { ...event.fact, data: {} } } : event),
    ]
    for (const change of alter) {
      const reasons: string[] = []
      const feed: Feed = async (page) =>
        E.map((answer: FeedAnswer) => ({
          ...answer,
          events: answer.events.flatMap((event) => (change(event) ?? []) as typeof event),
        }))(await feedOf(server)(page))
      const point = open({ feed, onStopped: (reason) => void reasons.push(reason) })
      await point.refresh()
      const [question] = QUESTIONS
      expect(question && point.decide(question)).toMatchObject({ type: 'Stopped', allowed: false })
      expect(reasons).toHaveLength(1)
      await point.stop()
    }
    await server.engine.stop()
  })

  it('given a policy that asks for the time, then it is that of the question, unless it is told', async () => {
    const server = await openWorld()
    const attached = { PolicyType: 'Custom', PolicyName: 'early', UserName: 'ann' }
    await server.call('AttachPolicyToUser', attached)
    let time = Date.parse('2998-12-31T23:59:59Z')
    const point = open({ feed: feedOf(server), timeOfDay: () => time })
    await point.refresh()
    const question = {
      principal: `acs:ram::${ACCOUNT}:user/ann`,
      action: 'ots:GetRow',
      resource: '*',
    }
    expect(point.decide(question).allowed).toBe(true)
    time = Date.parse('2999-01-01T00:00:00Z')
    expect(point.decide(question).allowed).toBe(false)
    const context = { 'ACS:CurrentTime': '2026-01-01T00:00:00Z' }
    expect(point.decide({ ...question, context }).allowed).toBe(true)
    await server.call('AttachPolicyToUser', { ...attached, PolicyName: 'curfew' })
    await point.refresh()
    expect(point.decide({ ...question, context })).toMatchObject({ outcome: 'ExplicitDeny' })
    await point.stop()
    await server.engine.stop()
  })

  it('given the feed of another account, then it stops and denies', async () => {
    const server = await openWorld()
    const reasons: string[] = []
    const point = open({
      feed: feedOf(server),
      accountId: '9999999999999999',
      onStopped: (reason) => void reasons.push(reason),
    })
    await point.refresh()
    const root = { principal: 'acs:ram::9999999999999999:root', action: 'ots:GetRow' }
    const decision = point.decide({ ...root, resource: '*' })
    expect(decision).toMatchObject({ type: 'Stopped', allowed: false })
    expect(reasons).toEqual([`the feed is that of account ${ACCOUNT}`])
    await point.stop()
    await server.engine.stop()
  })

  it('given what it does not know, then it says so and denies', async () => {
    const server = await openWorld()
    const point = open({ feed: feedOf(server) })
    await point.refresh()
    const why = (principal: string, more: object = {}) => {
      const question = { principal, action: 'ots:GetRow', resource: '*', ...more }
      const decision = point.decide(question)
      return decision.type === 'NotDecided' ? decision.why : decision.type
    }
    const own = (rest: string) => `acs:ram::${ACCOUNT}:${rest}`
    expect([
      why(own('user/ann'), { resource: undefined }),
      why(own('user/ann'), { resource: [] }),
      why(own('user/ann'), { action: undefined }),
      why('ann'),
      why('acs:ram::9999999999999999:root'),
      why(own('assumed-role/reader/app')),
      why(own('role/reader/app')),
      why(own('group/team')),
      why(own('user/ann'), { sessionPolicy: DOCUMENTS.read }),
      why(own('role/reader'), { action: 'STS:AssumeRole' }),
      why(own('user/nobody')),
    ]).toEqual([
      'QuestionMalformed',
      'QuestionMalformed',
      'QuestionMalformed',
      'PrincipalMalformed',
      'ForeignAccount',
      'SessionsNotFollowed',
      'SessionsNotFollowed',
      'PrincipalMalformed',
      'SessionPolicyMisplaced',
      'AssumptionNotDecided',
      'PrincipalNotFound',
    ])
    await server.call('AttachPolicyToRole', {
      PolicyType: 'Custom',
      PolicyName: 'read',
      RoleName: 'reader',
    })
    await point.refresh()
    const question = { ...QUESTIONS[0], principal: own('role/reader'), resource: '*' }
    const asked = { ...question, action: 'ots:GetRow' }
    expect(point.decide(asked).allowed).toBe(true)
    const narrowed = { ...asked, sessionPolicy: DOCUMENTS.never }
    expect(point.decide(narrowed).allowed).toBe(false)
    await point.stop()
    await server.engine.stop()
  })
})
