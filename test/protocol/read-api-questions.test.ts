/** `POST /v1/decide` with several questions: all are answered at one moment, or none is. */
import { requestContext } from '@grantlog/policy'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
  await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
  await server.makeUser('bob')
})
afterEach(() => server.engine.stop())

const ALICE = `acs:ram::${ACCOUNT}:user/alice`
const BOB = `acs:ram::${ACCOUNT}:user/bob`
const GET = { action: 'ots:GetRow', resource: '*' }
const PUT = { action: 'ots:PutRow', resource: '*' }
const NARROW = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'ots:Get*', Resource: '*' }],
})

const decide = (body: unknown, as?: Parameters<TestServer['read']>[1]) =>
  server.read({ path: '/v1/decide', body }, as)

describe('POST /v1/decide with questions', () => {
  it('given several questions, then each has the answer that it has alone', async () => {
    const context = { 'acs:SourceIp': '10.0.0.1' }
    const questions = [
      { principal: ALICE, ...GET },
      { principal: ALICE, ...PUT, context },
      { principal: BOB, ...GET, at: '2026-01-02T03:04:05Z' },
      { principal: `acs:ram::${ACCOUNT}:root`, ...PUT, position: 1 },
      { principal: ALICE, action: 'ots:GetRow', resource: ['*', '*'] },
    ]
    const several = await decide({ questions })
    expect(several.status).toBe(200)
    const alone = await Promise.all(questions.map((question) => decide(question)))
    // Reading the past is put on record, which moves the log on between the calls.
    const applied = expect.any(Number)
    expect(several.body).toEqual({ answers: alone.map(({ body }) => ({ ...body, applied })) })
    expect(several.body.answers.map((one: { allowed: boolean }) => one.allowed)).toEqual([
      true,
      false,
      false,
      true,
      true,
    ])

    const lean = await decide({ questions, answer: 'outcome' })
    expect(lean.body).toEqual({
      outcomes: several.body.answers.map((one: { outcome: string }) => one.outcome),
      position: Math.max(...several.body.answers.map((one: { position: number }) => one.position)),
      applied,
    })
  })

  it('given one question that wants the outcome alone, then it is the one of the full answer', async () => {
    for (const asked of [{ ...GET }, { ...PUT }, { ...GET, at: '2026-01-02T03:04:05Z' }]) {
      const full = await decide({ principal: ALICE, ...asked, answer: 'full' })
      const { allowed, outcome, position } = full.body
      expect(full.body.deciding).toBeDefined()
      const lean = await decide({ principal: ALICE, ...asked, answer: 'outcome' })
      expect(lean.body).toEqual({ allowed, outcome, position, applied: expect.any(Number) })
    }
    const nobody = await decide({ ...GET, principal: `${ALICE}s`, answer: 'outcome' })
    expect([nobody.status, nobody.body.pointer]).toEqual([404, undefined])
    const both = await decide({ principal: ALICE, ...GET, answer: 'outcome', explain: true })
    expect([both.status, both.body.pointer]).toEqual([400, '/answer'])
  })

  it('given a moment before the account was opened, then nobody was there, the root neither', async () => {
    const root = `acs:ram::${ACCOUNT}:root`
    for (const moment of [{ position: 0 }, { at: '2020-01-01T00:00:00Z' }]) {
      const could = await decide({ principal: root, ...GET, ...moment })
      expect([could.status, could.body.code]).toEqual([404, 'EntityNotExist.Principal'])
      const [[name, value] = []] = Object.entries(moment)
      const query = { principal: root, [String(name)]: String(value) }
      const what = await server.read({ path: '/v1/what-can', query })
      expect([what.status, what.body.code]).toEqual([404, 'EntityNotExist.Principal'])
    }
    const opened = await decide({ principal: root, ...GET, position: 1 })
    expect(opened.body.allowed).toBe(true)
  })

  it('given members beside the questions, then they hold where a question lacks them', async () => {
    const outcomes = async (body: object) =>
      (await decide({ ...body, answer: 'outcome' })).body.outcomes
    const questions = [{}, { action: 'ots:PutRow' }, { principal: BOB }]
    expect(await outcomes({ principal: ALICE, ...GET, questions })).toEqual([
      'Allow',
      'ImplicitDeny',
      'ImplicitDeny',
    ])
    const before = { position: 0 }
    const refused = await decide({ principal: ALICE, ...GET, ...before, questions: [{}] })
    expect([refused.status, refused.body.pointer]).toEqual([404, '/questions/0'])
    const { applied } = (await decide({ principal: ALICE, ...GET })).body
    const own = [{ at: { position: applied } }, { position: String(applied) }]
    expect(await outcomes({ principal: ALICE, ...GET, ...before, questions: own })).toEqual([
      'Allow',
      'Allow',
    ])
    const needed = await decide({ principal: ALICE, questions: [GET, { action: 'ots:GetRow' }] })
    expect([needed.status, needed.body.pointer]).toEqual([400, '/questions/1/resource'])
  })

  it('given a role to assume, or a session policy, then lean and full answers agree', async () => {
    const trust = (principal: string) =>
      JSON.stringify({
        Version: '1',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [principal] } }],
      })
    for (const [RoleName, whom] of [
      ['open', `acs:ram::${ACCOUNT}:root`],
      ['shut', BOB],
    ] as const)
      await server.call('CreateRole', { RoleName, AssumeRolePolicyDocument: trust(whom) })
    const attach = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess', RoleName: 'open' }
    await server.call('AttachPolicyToRole', attach)
    await server.makeUser('carol', ['AliyunSTSAssumeRoleAccess'])
    const role = (name: string) => `acs:ram::${ACCOUNT}:role/${name}`
    const assume = (name: string) => ({
      principal: `acs:ram::${ACCOUNT}:user/carol`,
      action: 'sts:AssumeRole',
      resource: `acs:ram:*:${ACCOUNT}:role/${name}`,
    })
    const questions = [
      assume('open'),
      assume('shut'),
      { principal: role('open'), ...GET },
      { principal: role('open'), action: 'ots:ListTable', resource: '*', sessionPolicy: NARROW },
      { principal: role('open'), ...GET, sessionPolicy: NARROW },
    ]
    const full = await decide({ questions })
    const outcomes = full.body.answers.map((one: { outcome: string }) => one.outcome)
    expect(outcomes).toEqual(['Allow', 'ImplicitDeny', 'Allow', 'ImplicitDeny', 'Allow'])
    expect((await decide({ questions, answer: 'outcome' })).body.outcomes).toEqual(outcomes)
    expect(full.body.answers[0].deciding).toHaveLength(2)
    expect(full.body.answers[4].deciding.map((one: { policy: object }) => one.policy)).toEqual([
      { policyType: 'Session', policyName: 'session policy', versionId: 'v1' },
      expect.objectContaining({ policyName: 'AliyunOTSReadOnlyAccess' }),
    ])
  })

  it('given a faulty member anywhere, then the whole call is refused and says where', async () => {
    const asked = { principal: ALICE, ...GET }
    const bodies: ReadonlyArray<readonly [unknown, string]> = [
      [{ questions: [] }, '/questions'],
      [{ questions: {} }, '/questions'],
      [{ questions: Array.from({ length: 101 }, () => asked) }, '/questions'],
      [{ questions: [asked, null] }, '/questions/1'],
      [{ questions: [asked, { ...asked, resourse: '*' }] }, '/questions/1/resourse'],
      [{ questions: [asked, { ...asked, action: 'ots' }] }, '/questions/1/action'],
      [{ questions: [{ ...asked, explain: true }] }, '/questions/0/explain'],
      [{ questions: [asked], explain: true }, '/explain'],
      [{ questions: [{ ...asked, answer: 'outcome' }] }, '/questions/0/answer'],
      [{ questions: [asked], answer: 'short' }, '/answer'],
      [{ questions: [asked], context: { a: 1 } }, '/context'],
      [{ questions: [asked, { ...asked, principal: 'bob' }] }, '/questions/1/principal'],
      [{ ...asked, principal: 'bob', questions: [{}] }, '/principal'],
      [{ questions: [{ ...asked, position: 'junk' }] }, '/questions/0/position'],
      [{ questions: [{ ...asked, position: 1, at: '2026-01-02' }] }, '/questions/0/position'],
      [{ questions: [asked, { ...asked, sessionPolicy: '{}' }] }, '/questions/1/sessionPolicy'],
      [{ questions: [{ ...GET, principal: undefined }] }, '/questions/0/principal'],
    ]
    for (const [body, pointer] of bodies) {
      const answer = await decide(body)
      expect([answer.status, answer.body.code, answer.body.pointer]).toEqual([
        400,
        'InvalidBody',
        pointer,
      ])
    }
    const large = { questions: [{ ...asked, context: { a: 'x'.repeat(64 * 1024) } }] }
    expect((await decide(large)).status).toBe(413)
  })

  it('given a question without an answer, then none is answered and its index is told', async () => {
    const asked = { principal: ALICE, ...GET }
    const refused: ReadonlyArray<readonly [object, number, string]> = [
      [{ principal: `acs:ram::${ACCOUNT}:user/eve` }, 404, 'EntityNotExist.Principal'],
      [{ principal: 'acs:ram::9999999999999999:root' }, 403, 'NoPermission'],
      [{ position: 100_000 }, 422, 'MomentNotReached'],
    ]
    for (const answer of ['full', 'outcome'])
      for (const [more, status, code] of refused) {
        const given = await decide({ answer, questions: [asked, { ...asked, ...more }, asked] })
        expect([given.status, given.body.code, given.body.pointer]).toEqual([
          status,
          code,
          '/questions/1',
        ])
        expect(given.body.detail).toContain('The question at 1')
      }
  })

  it('given a caller who may ask about some, then it is denied, and on record for whom', async () => {
    const PolicyDocument = JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'grantlog:Decide',
          Resource: `acs:grantlog:*:${ACCOUNT}:principal/user/alice`,
        },
      ],
    })
    await server.call('CreatePolicy', { PolicyName: 'ask-alice', PolicyDocument })
    const asker = await server.makeUser('asker')
    const attach = { PolicyType: 'Custom', PolicyName: 'ask-alice', UserName: 'asker' }
    await server.call('AttachPolicyToUser', attach)

    const ofAlice = { principal: ALICE, ...GET }
    const ofBob = { principal: BOB, ...GET }
    const granted = await decide({ questions: [ofAlice, ofAlice], answer: 'outcome' }, asker)
    expect(granted.body.outcomes).toEqual(['Allow', 'Allow'])
    const denied = await decide({ questions: [ofAlice, ofBob, ofBob] }, asker)
    const resource = `acs:grantlog:*:${ACCOUNT}:principal/user/bob`
    expect([denied.status, denied.body]).toEqual([
      403,
      expect.objectContaining({ code: 'NoPermission', action: 'grantlog:Decide', resource }),
    ])
    expect(await server.records()).toMatchObject([
      { action: 'grantlog:Decide', resources: [resource], outcome: 'Denied' },
    ])
  })

  it('given any JSON as a body, then it is answered or refused, and never fails', async () => {
    const named = fc.constantFrom('questions', 'principal', 'action', 'resource', 'answer', 'at')
    const member = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant(ALICE), fc.constant('*'))
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(named, member),
        fc.array(fc.dictionary(named, member), { maxLength: 3 }),
        async (body, questions) => {
          const { status } = await decide({ ...body, questions })
          expect([200, 400, 403, 404, 422]).toContain(status)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('given keys that differ by case in one context, then that question is refused', async () => {
    const context = { 'acs:SourceIp': '10.0.0.1', 'ACS:sourceip': '10.0.0.2' }
    expect(requestContext(context).size).toBe(1)
    const { status, body } = await decide({ questions: [{ principal: ALICE, ...GET, context }] })
    expect([status, body.pointer]).toEqual([400, '/questions/0/context'])
  })
})

describe('the time of a question', () => {
  const notLater = JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Deny',
        Action: 'ots:GetRow',
        Resource: '*',
        Condition: { DateGreaterThan: { 'acs:CurrentTime': '2026-01-02T03:04:06Z' } },
      },
    ],
  })

  it('given a Deny by time and no time in the context, then the moment asked about is the time', async () => {
    const policy = { PolicyName: 'not-later' }
    await server.call('CreatePolicy', { ...policy, PolicyDocument: notLater })
    await server.call('AttachPolicyToUser', { ...policy, PolicyType: 'Custom', UserName: 'alice' })
    server.clock.advance(5_000)
    const outcome = async (more: object) =>
      (await decide({ principal: ALICE, ...GET, ...more })).body.outcome
    expect(await outcome({})).toBe('ExplicitDeny')
    expect(await outcome({ at: '2026-01-02T03:04:05.900Z' })).toBe('Allow')
    expect(await outcome({ context: { 'acs:CurrentTime': '2026-01-02T03:04:05Z' } })).toBe('Allow')
    const several = await decide({ principal: ALICE, questions: [GET, GET], answer: 'outcome' })
    expect(several.body.outcomes).toEqual(['ExplicitDeny', 'ExplicitDeny'])
  })
})
