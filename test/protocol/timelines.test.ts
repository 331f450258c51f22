/** Timelines of policies and of access keys, asked over the read API. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const timelineOf = (query: object) => server.read({ path: '/v1/timeline', query: { ...query } })
const types = (entries: ReadonlyArray<{ readonly change: { readonly type: string } }>) =>
  entries.map(({ change }) => change.type)

const TRUST = JSON.stringify({
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
    },
  ],
})
const makeRole = (RoleName: string) =>
  server.call('CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST })

describe('GET /v1/timeline', () => {
  it('given a leaked key, then what it went through and what was changed with it is told', async () => {
    const alice = await server.makeUser('alice', ['AdministratorAccess'])
    await server.call('CreateUser', { UserName: 'backdoor' }, alice)
    await server.call('CreateAccessKey', { UserName: 'backdoor' }, alice)
    const { accessKeyId } = alice
    const off = { UserName: 'alice', UserAccessKeyId: accessKeyId, Status: 'Inactive' }
    await server.call('UpdateAccessKey', off)
    const { status, body } = await timelineOf({ accessKey: accessKeyId })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: accessKeyId, owner: { type: 'User' }, next: null })
    expect(types(body.entries)).toEqual([
      'AccessKeyCreated',
      'Did',
      'Did',
      'AccessKeyStatusChanged',
    ])
    expect(body.entries[1]).toMatchObject({
      eventType: 'UserCreated',
      actor: { accessKeyId },
      change: {
        subject: { type: 'User', name: 'backdoor' },
        change: { type: 'Created', name: 'backdoor' },
      },
    })
    expect(body.entries[2].change).toMatchObject({
      subject: { type: 'User', name: 'backdoor' },
      change: { type: 'AccessKeyCreated', accessKeyId: expect.stringMatching(/^LTAI/) },
    })
    const page = await timelineOf({ accessKey: accessKeyId, limit: '2' })
    expect(types(page.body.entries)).toEqual(['AccessKeyCreated', 'Did'])
    const rest = await timelineOf({ accessKey: accessKeyId, after: String(page.body.next) })
    expect(types(rest.body.entries)).toEqual(['Did', 'AccessKeyStatusChanged'])
  })

  it('given a key that opened a session, then that, and the calls it signed, are told', async () => {
    const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
    await makeRole('reader')
    const assuming = { RoleArn: `acs:ram::${ACCOUNT}:role/reader`, RoleSessionName: 'app' }
    await server.call('AssumeRole', assuming, alice, { 'x-grantlog-ticket': 'OPS-9' })
    await server.call('DeleteUser', { UserName: 'bob' }, alice)
    const { accessKeyId } = alice
    const { body } = await timelineOf({ accessKey: accessKeyId })
    expect(types(body.entries)).toEqual(['AccessKeyCreated', 'RoleAssumed', 'Called'])
    expect(body.entries[1]).toMatchObject({
      eventType: 'RoleAssumed',
      ticket: 'OPS-9',
      actor: { accessKeyId, arn: `acs:ram::${ACCOUNT}:user/alice` },
      change: { roleName: 'reader', sessionName: 'app', sessionId: expect.any(String) },
    })
    expect(body.entries[2].change.call).toMatchObject({
      action: 'ram:DeleteUser',
      outcome: 'Denied',
      code: 'NoPermission',
      caller: `acs:ram::${ACCOUNT}:user/alice`,
      time: new Date(server.clock.now()).toISOString(),
    })
    const session = await timelineOf({ session: body.entries[1].change.sessionId })
    expect(types(session.body.entries)).toEqual(['Began'])
  })

  it('given a root, then its keys and what it changed are told, a page at a time', async () => {
    await server.makeUser('alice')
    const { body: made } = await server.call('CreateAccessKey')
    const { AccessKeyId } = made.AccessKey
    const principal = `acs:ram::${ACCOUNT}:root`
    const { status, body } = await timelineOf({ principal })
    expect([status, body.id, body.principalId]).toEqual([200, ACCOUNT, ACCOUNT])
    const [opened, first] = body.entries
    expect([opened.change.type, first.change.type]).toEqual(['Created', 'AccessKeyCreated'])
    expect(body.entries).toContainEqual(
      expect.objectContaining({
        eventType: 'UserCreated',
        change: {
          type: 'Did',
          subject: expect.objectContaining({ name: 'alice' }),
          change: { type: 'Created', name: 'alice' },
        },
      }),
    )
    expect(body.entries.at(-1).change).toEqual({
      type: 'AccessKeyCreated',
      accessKeyId: AccessKeyId,
    })
    const paged: unknown[] = []
    for (let after: string | null = '0'; after !== null; ) {
      const page: { entries: ReadonlyArray<unknown>; next: string | null } = (
        await timelineOf({ principal, limit: '2', after })
      ).body
      paged.push(...page.entries)
      after = page.next
    }
    expect(paged).toEqual(body.entries)
    expect((await timelineOf({ principal, position: '0' })).status).toBe(404)
    const foreign = await timelineOf({ principal: 'acs:ram::9999999999999999:root' })
    expect(foreign.status).toBe(403)
  })

  it('given the key of a session, also one that is over, then the session is told', async () => {
    const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
    await makeRole('reader')
    const assuming = { RoleArn: `acs:ram::${ACCOUNT}:role/reader`, RoleSessionName: 'app' }
    const assumed = await server.call('AssumeRole', assuming, alice)
    const { AccessKeyId } = assumed.body.Credentials
    const lasting = await timelineOf({ accessKey: AccessKeyId })
    expect([lasting.status, types(lasting.body.entries)]).toEqual([200, ['Began']])
    const session = await timelineOf({ session: lasting.body.id })
    expect(session.body.entries).toEqual(lasting.body.entries)
    server.clock.advance(13 * 3_600_000)
    const over = await timelineOf({ accessKey: AccessKeyId })
    expect(over.body).toMatchObject({ id: lasting.body.id, end: { type: 'Expired' } })
    const deny = {
      Effect: 'Deny',
      Action: '*',
      Resource: `acs:grantlog:*:*:session/${lasting.body.id}`,
    }
    const bob = await server.makeUser('bob', ['AdministratorAccess'])
    const PolicyDocument = JSON.stringify({ Version: '1', Statement: [deny] })
    await server.call('CreatePolicy', { PolicyName: 'hide', PolicyDocument })
    const held = { PolicyType: 'Custom', PolicyName: 'hide', UserName: 'bob' }
    await server.call('AttachPolicyToUser', held)
    const query = { accessKey: AccessKeyId }
    expect((await server.read({ path: '/v1/timeline', query }, bob)).status).toBe(403)
  })

  it('given a key that no session has, then it is unknown, whatever it looks like', async () => {
    for (const digits of ['0'.repeat(22), 'TestTempKey0001', 'z'.repeat(22)]) {
      const { status, body } = await timelineOf({ accessKey: `STS.N${digits}` })
      expect([status, body.code]).toEqual([404, 'EntityNotExist.User.AccessKey'])
      expect(body.detail).toContain('nor a session with such a key')
    }
  })

  it('given a policy, also one that was deleted, then its versions and holders are told', async () => {
    await server.makeUser('alice')
    const PolicyDocument =
      '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}'
    await server.call('CreatePolicy', { PolicyName: 'ship', PolicyDocument })
    const held = { PolicyType: 'Custom', PolicyName: 'ship', UserName: 'alice' }
    await server.call('AttachPolicyToUser', held)
    await server.call('DetachPolicyFromUser', held)
    await server.call('DeletePolicy', { PolicyName: 'ship' })
    const policy = `acs:ram::${ACCOUNT}:policy/ship`
    const { body } = await timelineOf({ policy })
    expect(types(body.entries)).toEqual(['Created', 'PolicyAttached', 'PolicyDetached', 'Deleted'])
    expect(body.id).toMatch(/^p-/)
    const none = await timelineOf({ policy: `acs:ram::${ACCOUNT}:policy/none` })
    expect([none.status, none.body.code]).toEqual([404, 'EntityNotExist.Policy'])
    for (const _ of [1, 2]) {
      await server.call('CreatePolicy', { PolicyName: 'ship', PolicyDocument })
      await server.call('DeletePolicy', { PolicyName: 'ship' })
    }
    const many = await timelineOf({ policy })
    expect([many.status, many.body.detail]).toEqual([404, expect.stringContaining('3 had it')])
    const system = await timelineOf({ policy: 'acs:ram::system:policy/AdministratorAccess' })
    expect([system.status, system.body.entries]).toEqual([200, []])
  })

  it('given nothing, two things, or what is no name, then the parameter is refused', async () => {
    const alice = `acs:ram::${ACCOUNT}:user/alice`
    const policy = `acs:ram::${ACCOUNT}:policy/ship`
    const queries: ReadonlyArray<readonly [Readonly<Record<string, string>>, string]> = [
      [{}, 'principal'],
      [{ principal: alice, policy }, 'policy'],
      [{ policy, accessKey: 'LTAI5t000000000000000000' }, 'accessKey'],
      [{ accessKey: 'x' }, 'accessKey'],
      [{ policy: 'ship' }, 'policy'],
      [{ policy: `acs:oss::${ACCOUNT}:policy/ship` }, 'policy'],
    ]
    for (const [query, parameter] of queries) {
      const { status, body } = await timelineOf(query)
      expect([query, status, body.parameter]).toEqual([query, 400, parameter])
    }
    const unknown = await timelineOf({ accessKey: 'LTAI5t000000000000000000' })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'EntityNotExist.User.AccessKey'])
    const foreign = await timelineOf({ policy: 'acs:ram::9999999999999999:policy/ship' })
    expect(foreign.status).toBe(403)
  })
})
