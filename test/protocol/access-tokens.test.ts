/** OAuth 2.0 client credentials: how a token is got, what it opens, and when it ends. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answered, openServer, type TestServer } from './server.js'
import type { Credentials } from './signing.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const GRANT = { grant_type: 'client_credentials' }
const formOf = ({ accessKeyId, accessKeySecret }: Credentials) => ({
  ...GRANT,
  client_id: accessKeyId,
  client_secret: accessKeySecret,
})
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})
const EVENTS = { rawUrl: `/v1/accounts/${ACCOUNT}/events` }
const codes = ({ status, body }: Answered) => [status, body.error ?? body.code]

describe('POST /oauth2/token', () => {
  it('given the key of root, in the form or the header, then a token opens what root may', async () => {
    const { accessKeyId, accessKeySecret } = server.root
    const inForm = await server.askToken(formOf(server.root))
    const inHeader = await server.askToken(GRANT, basic(accessKeyId, accessKeySecret))
    for (const given of [inForm, inHeader]) {
      expect(given.status).toBe(200)
      expect(given.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' })
      const { access_token, ...rest } = given.body
      expect(rest).toEqual({ token_type: 'Bearer', expires_in: 900 })
      expect((await server.readBearing(access_token, EVENTS)).status).toBe(200)
    }
    const records = await server.records()
    expect(records.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['grantlog:IssueToken', 'Allowed'],
      ['grantlog:IssueToken', 'Allowed'],
      ['grantlog:ListEvents', 'Allowed'],
      ['grantlog:ListEvents', 'Allowed'],
    ])
  })

  it('given a token was issued, then it is on record whose key it was, and replay stays whole', async () => {
    const setting = `/v1/accounts/${ACCOUNT}/access-recording`
    await server.read({ path: setting, body: { recording: 'All' } })
    const from = (await server.read({ path: setting })).body.position
    const alice = await server.makeUser('alice')
    await server.askToken(formOf(alice))
    const { accessKeyId } = alice
    const queries: ReadonlyArray<Readonly<Record<string, string>>> = [
      { principal: `acs:ram::${ACCOUNT}:user/alice` },
      { accessKey: accessKeyId },
    ]
    for (const query of queries) {
      const { body } = await server.read({ path: `/v1/accounts/${ACCOUNT}/access`, query })
      expect(body.records).toMatchObject([
        {
          action: 'grantlog:IssueToken',
          resources: [`acs:grantlog:*:${ACCOUNT}:token/${accessKeyId}`],
          principal: { type: 'User', accessKeyId },
        },
      ])
    }
    const { body } = await server.read({ path: '/v1/replay', body: { from } })
    const notJudgeable = {
      PrincipalNotRecorded: 0,
      SeveralPrincipals: 0,
      PersonErased: 0,
      NothingAsked: 0,
    }
    expect(body.totals).toMatchObject({ notJudgeable, drift: 0 })
    expect(body.totals.judged).toBe(body.totals.records)
    expect(body.coverage).toMatchObject({ isWhole: true, doubts: [] })
  })

  it('given a user without permissions, then a token opens nothing more than the key', async () => {
    const alice = await server.makeUser('alice')
    const denied = await server.readBearing(await server.tokenFor(alice), EVENTS)
    expect(denied.body).toMatchObject({ status: 403, action: 'grantlog:ListEvents' })
  })

  it('given a request that is not as it should be, then RFC 6749 names the error', async () => {
    const { accessKeyId: id, accessKeySecret: secret } = server.root
    const form = formOf(server.root)
    const cases: ReadonlyArray<readonly [Answered, number, string]> = [
      [await server.askToken({}), 400, 'invalid_request'],
      [await server.askToken({ grant_type: 'password' }), 400, 'unsupported_grant_type'],
      [await server.askToken({ ...form, scope: 'all' }), 400, 'invalid_scope'],
      [await server.askToken(GRANT), 401, 'invalid_client'],
      [await server.askToken({ ...form, client_secret: 'no' }), 401, 'invalid_client'],
      [await server.askToken({ ...form, client_id: 'LTAInobody' }), 401, 'invalid_client'],
      [await server.askToken({ ...form, client_id: 'STS.x' }), 401, 'invalid_client'],
      [await server.askToken(form, basic(id, secret)), 400, 'invalid_request'],
      [
        await server.askToken({ ...GRANT, client_id: 'other' }, basic(id, secret)),
        400,
        'invalid_request',
      ],
      [await server.askToken(GRANT, { authorization: 'Basic ???' }), 401, 'invalid_client'],
      [await server.askToken(GRANT, { authorization: 'Basic eA==' }), 401, 'invalid_client'],
      [await server.askToken(form, { 'content-type': 'text/plain' }), 400, 'invalid_request'],
      [await server.askToken({ ...form, x: 'y'.repeat(40_000) }), 413, 'invalid_request'],
    ]
    for (const [answer, status, error] of cases) {
      expect(codes(answer)).toEqual([status, error])
      expect(answer.body.error_description).toEqual(expect.any(String))
      if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/)
    }
  })

  it('given too many wrong secrets, then the right one has to wait as well', async () => {
    const alice = await server.makeUser('alice')
    for (let tried = 0; tried < 10; tried += 1)
      expect((await server.askToken({ ...formOf(alice), client_secret: 'no' })).status).toBe(401)
    const throttled = await server.askToken(formOf(alice))
    expect(codes(throttled)).toEqual([429, 'temporarily_unavailable'])
    expect(throttled.headers['retry-after']).toBe('60')
    expect((await server.askToken(formOf(server.root))).status).toBe(200)
    server.clock.advance(60_000)
    expect((await server.askToken(formOf(alice))).status).toBe(200)
  })
})

describe('an access token', () => {
  it('given its time is over, then it opens nothing', async () => {
    const token = await server.tokenFor(server.root)
    server.clock.advance(15 * 60_000 - 1)
    expect((await server.readBearing(token, EVENTS)).status).toBe(200)
    server.clock.advance(1)
    const late = await server.readBearing(token, EVENTS)
    expect(codes(late)).toEqual([401, 'InvalidAccessToken.Expired'])
    expect(late.headers['www-authenticate']).toBe('Bearer realm="grantlog", error="invalid_token"')
  })

  it('given its key was made inactive, then it stays closed when the key is active again', async () => {
    const alice = await server.makeUser('alice', ['AdministratorAccess'])
    const change = (Status: string) =>
      server.call('UpdateAccessKey', {
        UserAccessKeyId: alice.accessKeyId,
        UserName: 'alice',
        Status,
      })
    const token = await server.tokenFor(alice)
    expect((await server.readBearing(token, EVENTS)).status).toBe(200)
    await change('Inactive')
    const ended = [401, 'InvalidAccessToken.Ended']
    expect(codes(await server.readBearing(token, EVENTS))).toEqual(ended)
    expect(codes(await server.askToken(formOf(alice)))).toEqual([401, 'invalid_client'])
    await change('Active')
    expect(codes(await server.readBearing(token, EVENTS))).toEqual(ended)
    const another = await server.tokenFor(alice)
    expect((await server.readBearing(another, EVENTS)).status).toBe(200)
  })

  it('given its key is deleted, then it opens nothing', async () => {
    const alice = await server.makeUser('alice', ['AdministratorAccess'])
    const token = await server.tokenFor(alice)
    const key = { UserAccessKeyId: alice.accessKeyId, UserName: 'alice' }
    await server.call('DeleteAccessKey', key)
    expect(codes(await server.readBearing(token, EVENTS))).toEqual([
      401,
      'InvalidAccessToken.Ended',
    ])
  })

  it('given any change of its text, then it opens nothing', async () => {
    const token = await server.tokenFor(server.root)
    const at = fc.nat({ max: token.length - 1 })
    await fc.assert(
      fc.asyncProperty(at, fc.constantFrom('A', 'z', '0', '-', '.'), async (index, letter) => {
        fc.pre(token[index] !== letter)
        const altered = token.slice(0, index) + letter + token.slice(index + 1)
        expect((await server.readBearing(altered, EVENTS)).status).toBe(401)
      }),
      { numRuns: 100 },
    )
    for (const junk of ['', 'x', token.slice(0, -1), `${token}A`, 'x'.repeat(5_000)])
      expect(codes(await server.readBearing(junk, EVENTS))).toEqual([
        401,
        'InvalidAccessToken.Malformed',
      ])
  })

  it('given a call to RAM, then it does not stand in for a signature', async () => {
    const token = await server.tokenFor(server.root)
    const headers = { 'x-acs-action': 'ListUsers', 'x-acs-version': '2015-05-01' }
    const { status, body } = await server.send(
      server.bearing(token, { method: 'POST', rawUrl: '/', headers }),
    )
    expect([status, body.Code]).toEqual([400, 'InvalidSignatureMethod'])
  })
})

describe('the access token of a session', () => {
  it('given temporary credentials, then it ends with the session and its role', async () => {
    const trust = {
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
        },
      ],
    }
    const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
    const AssumeRolePolicyDocument = JSON.stringify(trust)
    await server.call('CreateRole', { RoleName: 'auditor', AssumeRolePolicyDocument })
    const role = { PolicyType: 'System', PolicyName: 'AdministratorAccess', RoleName: 'auditor' }
    await server.call('AttachPolicyToRole', role)
    const RoleArn = `acs:ram::${ACCOUNT}:role/auditor`
    const assumed = await server.call('AssumeRole', { RoleArn, RoleSessionName: 'app' }, alice)
    const { AccessKeyId, AccessKeySecret, SecurityToken } = assumed.body.Credentials
    const keys = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret }
    expect(codes(await server.askToken(formOf(keys)))).toEqual([401, 'invalid_client'])

    server.clock.advance(50 * 60_000)
    const given = await server.askToken({ ...formOf(keys), security_token: SecurityToken })
    expect(given.body.expires_in).toBe(600)
    const token = given.body.access_token
    expect((await server.readBearing(token, EVENTS)).status).toBe(200)
    const { body } = await server.readBearing(token, {
      rawUrl: `${EVENTS.rawUrl.slice(0, -6)}sessions`,
    })
    const [{ sessionId }] = body.sessions
    const revoke = { method: 'POST', rawUrl: `/v1/sessions/${sessionId}/revoke` }
    expect((await server.readBearing(token, revoke)).status).toBe(200)
    expect(codes(await server.readBearing(token, EVENTS))).toEqual([
      401,
      'InvalidAccessToken.Ended',
    ])
  })
})
