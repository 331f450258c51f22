/** The life of a call: permission, records, freshness and notes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, START, type TestServer } from './server.js'
import { signV1 } from './signing.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const attachOwn = async (statement: object, userName: string): Promise<void> => {
  const document = JSON.stringify({ Version: '1', Statement: [statement] })
  await server.call('CreatePolicy', { PolicyName: 'own', PolicyDocument: document })
  await server.call('AttachPolicyToUser', {
    PolicyType: 'Custom',
    PolicyName: 'own',
    UserName: userName,
  })
}

describe('permission', () => {
  it('given a user without policies, then nothing is told, not even what exists', async () => {
    const alice = await server.makeUser('alice')
    for (const name of ['alice', 'nobody']) {
      const { status, body } = await server.call('GetUser', { UserName: name }, alice)
      expect([status, body.Code]).toEqual([403, 'NoPermission'])
      expect(body.AccessDeniedDetail).toMatchObject({
        AuthAction: 'ram:GetUser',
        AuthPrincipalType: 'SubUser',
        AuthPrincipalOwnerId: ACCOUNT,
        NoPermissionType: 'ImplicitDeny',
        PolicyType: 'AccountLevelIdentityBasedPolicy',
      })
    }
  })

  it('given a broken parameter and no permission, then the parameter comes first', async () => {
    const alice = await server.makeUser('alice')
    const { body } = await server.call('GetUser', { UserName: 'a b' }, alice)
    expect(body.Code).toBe('InvalidParameter.UserName.InvalidChars')
  })

  it('given permission on the target alone, then attaching needs both', async () => {
    const alice = await server.makeUser('alice')
    const bob = `acs:ram:*:${ACCOUNT}:user/bob`
    await server.call('CreateUser', { UserName: 'bob' })
    await attachOwn({ Effect: 'Allow', Action: 'ram:AttachPolicyToUser', Resource: bob }, 'alice')
    const attach = {
      PolicyType: 'System',
      PolicyName: 'AliyunOTSReadOnlyAccess',
      UserName: 'bob',
    }
    expect((await server.call('AttachPolicyToUser', attach, alice)).status).toBe(403)
    const both = JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'ram:AttachPolicyToUser',
          Resource: [bob, 'acs:ram:*:system:policy/AliyunOTSReadOnlyAccess'],
        },
      ],
    })
    await server.call('CreatePolicyVersion', {
      PolicyName: 'own',
      PolicyDocument: both,
      SetAsDefault: 'true',
    })
    expect((await server.call('AttachPolicyToUser', attach, alice)).status).toBe(200)
  })

  it('given a condition on the address, then the address of the call decides', async () => {
    const alice = await server.makeUser('alice')
    const inside = { IpAddress: { 'acs:SourceIp': '10.1.0.0/16' } }
    const allow = { Effect: 'Allow', Action: 'ram:ListUsers', Resource: '*', Condition: inside }
    await attachOwn(allow, 'alice')
    expect((await server.call('ListUsers', {}, alice)).status).toBe(200)
  })

  it('given a condition on whom a role would trust, then the trust policy decides', async () => {
    const alice = await server.makeUser('alice')
    await attachOwn(
      {
        Effect: 'Allow',
        Action: 'ram:CreateRole',
        Resource: '*',
        Condition: { StringEquals: { 'ram:ServiceNames': 'ecs.aliyuncs.com' } },
      },
      'alice',
    )
    const role = (service: string) => ({
      RoleName: 'served',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '1',
        Statement: [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: [service] } },
        ],
      }),
    })
    expect((await server.call('CreateRole', role('oss.aliyuncs.com'), alice)).status).toBe(403)
    expect((await server.call('CreateRole', role('ecs.aliyuncs.com'), alice)).status).toBe(200)
  })
})

describe('what is put on record', () => {
  it('given refused commands and a denied question, then each is on record', async () => {
    const alice = await server.makeUser('alice')
    await server.call('CreateUser', { UserName: 'alice' })
    await server.call('CreateUser', { UserName: 'a b' })
    await server.call('CreateUser', { UserName: 'bob' }, alice)
    await server.call('ListUsers', {}, alice)
    await server.call('GetUser', { UserName: 'nobody' })
    const user = `acs:ram:*:${ACCOUNT}:user/*`
    const own = { requestId: expect.any(String), position: expect.any(Number) }
    expect(await server.records()).toEqual([
      {
        ...own,
        action: 'ram:CreateUser',
        resources: [user],
        outcome: 'Refused',
        code: 'EntityAlreadyExists.User',
      },
      {
        ...own,
        action: 'ram:CreateUser',
        resources: [],
        outcome: 'Refused',
        code: 'InvalidParameter.UserName.InvalidChars',
      },
      {
        ...own,
        action: 'ram:CreateUser',
        resources: [user],
        outcome: 'Denied',
        code: 'NoPermission',
      },
      {
        ...own,
        action: 'ram:ListUsers',
        resources: [user],
        outcome: 'Denied',
        code: 'NoPermission',
      },
    ])
  })

  it('given a log that fails, then a refusal is not answered before it is on record', async () => {
    server.faults.isFailing = true
    const refused = await server.call('CreateUser', { UserName: 'a b' })
    expect([refused.status, refused.body.Code]).toEqual([503, 'ServiceUnavailable'])
  })

  it('given notes on a call, then its event has them, and the address sealed', async () => {
    const notes = {
      'x-grantlog-reason': 'new colleague',
      'x-grantlog-ticket': 'HR-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    }
    const { body } = await server.call('CreateUser', { UserName: 'bob' }, server.root, notes)
    const events = await server.engine.accountEvents(ACCOUNT, { after: 1, limit: 10 })()
    const text = JSON.stringify(events)
    expect(JSON.parse(JSON.parse(text).right[0].metadata)).toMatchObject({
      requestId: body.RequestId,
      reason: 'new colleague',
      ticket: 'HR-1',
      traceparent: notes.traceparent,
      sourceIp: expect.stringMatching(/^pii1\./),
      actor: { principalType: 'Root', arn: `acs:ram::${ACCOUNT}:root` },
    })
    expect(text).not.toContain('10.1.2.3')
    const long = { 'x-grantlog-reason': 'x'.repeat(257) }
    const refused = await server.call('CreateUser', { UserName: 'eve' }, server.root, long)
    expect(refused.body.Code).toBe('InvalidParameter.Reason.Length')
  })
})

describe('freshness', () => {
  it('given the token of a write, then a read at least as fresh is answered', async () => {
    const written = await server.call('CreateUser', { UserName: 'bob' })
    const token = written.headers['x-grantlog-position-token'] ?? ''
    expect(token).not.toBe('')
    const fresh = { 'x-grantlog-at-least': token }
    const read = await server.call('GetUser', { UserName: 'bob' }, server.root, fresh)
    expect(read.status).toBe(200)
    expect(read.headers['x-grantlog-position-token']).toBe(token)
  })

  it('given a token that is none or from the future, then nothing is answered', async () => {
    const junk = { 'x-grantlog-at-least': '7' }
    const refused = await server.call('ListUsers', {}, server.root, junk)
    expect([refused.status, refused.body.Code]).toEqual([400, 'InvalidParameter.AtLeast'])
    const ahead = server.engine.vault.sealText('position', ACCOUNT, '999999')
    const late = await server.call('ListUsers', {}, server.root, { 'x-grantlog-at-least': ahead })
    expect([late.status, late.body.Code]).toEqual([503, 'ServiceUnavailable'])
  })
})

describe('formats', () => {
  it('given Format XML in any case, then success and error are XML', async () => {
    const parameters = { Action: 'GetCallerIdentity', Version: '2015-04-01', Format: 'xml' }
    const request = signV1(server.root, parameters, { method: 'GET', nonce: 'x', now: START })
    const { headers, body } = await server.send(request)
    expect(headers['content-type']).toBe('text/xml;charset=utf-8')
    expect(body).toContain('<GetCallerIdentityResponse><RequestId>')
    expect((await server.send(request)).body).toContain('<Code>SignatureNonceUsed</Code>')
  })

  it('given an unknown format, then it is refused in JSON', async () => {
    const parameters = { Action: 'GetCallerIdentity', Version: '2015-04-01', Format: 'YAML' }
    const request = signV1(server.root, parameters, { method: 'GET', nonce: 'x', now: START })
    expect((await server.send(request)).body.Code).toBe('InvalidParameter.Format')
  })
})
