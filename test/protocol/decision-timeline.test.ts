/** When somebody could do something, and since when, asked over the read API. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const QUESTION = {
  principal: `acs:ram::${ACCOUNT}:user/alice`,
  action: 'ots:GetRow',
  resource: '*',
}
const OTS = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess', UserName: 'alice' }
const BECAUSE = { 'x-grantlog-reason': 'left the project', 'x-grantlog-ticket': 'OPS-7' }

const story = async () => {
  await server.makeUser('alice')
  server.clock.advance(60_000)
  await server.call('AttachPolicyToUser', OTS)
  server.clock.advance(60_000)
  await server.call('DetachPolicyFromUser', OTS, server.root, BECAUSE)
}
const timelineOf = (query: object) =>
  server.read({ path: '/v1/decision-timeline', query: { ...QUESTION, ...query } })
const sinceOf = (query: object) =>
  server.read({ path: '/v1/since', query: { ...QUESTION, ...query } })

describe('GET /v1/decision-timeline', () => {
  it('given a right that came and went, then each turn names its event, its actor and why', async () => {
    await story()
    const { status, body } = await timelineOf({})
    expect(status).toBe(200)
    expect(body.stretches).toMatchObject([
      { outcome: 'ImplicitDeny', allowed: false, change: { type: 'Created' } },
      {
        outcome: 'Allow',
        allowed: true,
        from: {
          eventType: 'PolicyAttached',
          recordedAt: '2026-01-02T03:05:05.000Z',
          actor: { arn: `acs:ram::${ACCOUNT}:root` },
        },
        until: { eventType: 'PolicyDetached', ticket: 'OPS-7' },
        deciding: [
          {
            policy: { policyName: 'AliyunOTSReadOnlyAccess', via: { name: 'alice' } },
            grant: { since: { eventType: 'PolicyAttached' } },
          },
        ],
      },
      {
        outcome: 'ImplicitDeny',
        from: { reason: 'left the project', ticket: 'OPS-7' },
        change: { type: 'PolicyDetached' },
      },
    ])
    expect(body.stretches[2].until).toBeUndefined()
    expect(body.next).toBeNull()
    expect(body.position).toBe(body.stretches[2].from.position)

    const pages = []
    let after: string | null = '0'
    while (after !== null) {
      const page = await timelineOf({ limit: '1', after })
      pages.push(...page.body.stretches)
      after = page.body.next
    }
    expect(pages).toEqual(body.stretches)
    const then = await timelineOf({ at: '2026-01-02T03:05:30Z' })
    expect(then.body.stretches.at(-1)).toMatchObject({ outcome: 'Allow' })
    expect(then.body.stretches.at(-1).until).toBeUndefined()
    const asked = await timelineOf({ position: String(then.body.position) })
    expect(asked.body.stretches).toEqual(then.body.stretches)
  })

  it('given a name that nobody bears now, then the one who bore it is meant', async () => {
    await story()
    const { body } = await server.call('ListAccessKeys', { UserName: 'alice' })
    for (const { AccessKeyId } of body.AccessKeys.AccessKey)
      await server.call('DeleteAccessKey', { UserName: 'alice', UserAccessKeyId: AccessKeyId })
    const deleted = await server.call('DeleteUser', { UserName: 'alice' })
    expect(deleted.status).toBe(200)
    expect((await timelineOf({})).body.stretches.at(-1)).toMatchObject({
      outcome: 'Absent',
      allowed: false,
      change: { type: 'Deleted' },
    })
    const unknown = await timelineOf({ principal: `acs:ram::${ACCOUNT}:user/nobody` })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'EntityNotExist.Principal'])
  })

  it('given a query that is not as it should be, then the faulty parameter is named', async () => {
    const queries: ReadonlyArray<readonly [Readonly<Record<string, string>>, string]> = [
      [{ principal: `acs:ram::${ACCOUNT}:group/devs` }, 'principal'],
      [{ principal: `acs:ram::${ACCOUNT}:assumed-role/a/b` }, 'principal'],
      [{ action: 'ots:*' }, 'action'],
      [{ resource: 'orders' }, 'resource'],
      [{ sessionPolicy: '{}' }, 'sessionPolicy'],
      [{ context: '[1]' }, 'context'],
      [{ after: '-1' }, 'after'],
      [{ limit: '0' }, 'limit'],
      [{ limit: '1001' }, 'limit'],
      [{ at: 'yesterday' }, 'at'],
      [{ position: 'junk' }, 'position'],
      [{ from: '1' }, 'from'],
    ]
    for (const [query, parameter] of queries) {
      const { status, body } = await timelineOf(query)
      expect([status, body.code, body.parameter]).toEqual([400, 'InvalidQuery', parameter])
    }
    const session = await timelineOf({ principal: `acs:ram::${ACCOUNT}:assumed-role/a/b` })
    expect(session.body.detail).toMatch(/a session may do what its role may/)
    const future = await timelineOf({ position: '999999' })
    expect([future.status, future.body.code]).toEqual([422, 'MomentNotReached'])
    const foreign = await timelineOf({ principal: 'acs:ram::9999999999999999:user/alice' })
    expect(foreign.status).toBe(403)
  })

  it('given a caller without the permission, then it is denied; each read is on record', async () => {
    await story()
    const eve = await server.makeUser('eve')
    const read = { path: '/v1/decision-timeline', query: QUESTION }
    const denied = await server.read(read, eve)
    expect([denied.status, denied.body.action]).toEqual([403, 'grantlog:GetDecisionTimeline'])
    await server.read(read)
    expect((await server.records()).map(({ action, outcome }) => [action, outcome])).toEqual([
      ['grantlog:GetDecisionTimeline', 'Denied'],
      ['grantlog:GetDecisionTimeline', 'Allowed'],
    ])
  })
})

describe('GET /v1/since', () => {
  it('given a root, then its right is as old as its account, and no policy gives it', async () => {
    const principal = `acs:ram::${ACCOUNT}:root`
    const foreign = 'acs:ots:*:9999999999999999:instance/orders'
    expect((await sinceOf({ principal, resource: foreign })).body).toMatchObject({
      principalId: ACCOUNT,
      outcome: 'ImplicitDeny',
    })
    const resource = `acs:ots:*:${ACCOUNT}:instance/orders`
    const own = (await sinceOf({ principal, resource })).body
    expect(own).toMatchObject({
      principalId: ACCOUNT,
      allowed: true,
      since: { eventType: 'AccountCreated' },
      deciding: [],
      before: { outcome: 'Absent' },
    })
    const query = { ...QUESTION, principal, resource }
    const can = (await server.read({ path: '/v1/can', query })).body
    expect([can.allowed, can.outcome]).toEqual([own.allowed, own.outcome])
    expect((await timelineOf({ principal, resource })).body.stretches).toMatchObject([
      { outcome: 'Allow', from: { eventType: 'AccountCreated' } },
    ])
  })

  it('given a right that was lost, then when, by whom, and the grant it came through', async () => {
    await story()
    expect((await sinceOf({})).body).toMatchObject({
      outcome: 'ImplicitDeny',
      allowed: false,
      since: { eventType: 'PolicyDetached', reason: 'left the project' },
      change: { type: 'PolicyDetached' },
      deciding: [],
      before: {
        outcome: 'Allow',
        deciding: [{ grant: { attached: { eventType: 'PolicyAttached' } } }],
      },
    })
    const then = await sinceOf({ at: '2026-01-02T03:05:30Z' })
    expect(then.body).toMatchObject({
      allowed: true,
      since: { eventType: 'PolicyAttached' },
      before: { outcome: 'ImplicitDeny' },
    })
    const before = await sinceOf({ position: '1' })
    expect([before.status, before.body.code]).toEqual([404, 'EntityNotExist.Principal'])
    expect((await sinceOf({ limit: '1' })).body.parameter).toBe('limit')
  })

  it('given a role and a session policy to suppose, then it narrows', async () => {
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
        },
      ],
    })
    await server.call('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument })
    await server.call('AttachPolicyToRole', {
      PolicyType: 'System',
      PolicyName: 'AliyunOTSReadOnlyAccess',
      RoleName: 'reader',
    })
    const role = { principal: `acs:ram::${ACCOUNT}:role/reader` }
    expect((await sinceOf(role)).body).toMatchObject({ allowed: true })
    const sessionPolicy = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: '*' }],
    })
    expect((await sinceOf({ ...role, sessionPolicy })).body).toMatchObject({ allowed: false })
  })
})
