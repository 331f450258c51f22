/** What is on record of credentials that are refused, while everybody is answered as ever. */
import { createHash } from 'node:crypto'
import { refusalsStream } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answered, openServer, START, type TestServer } from './server.js'
import { type Credentials, signAcs3, signV1 } from './signing.js'

let server: TestServer
let alice: Credentials
beforeEach(async () => {
  server = await openServer()
  alice = await server.makeUser('alice', ['AdministratorAccess'])
})
afterEach(() => server.engine.stop())

const withWrongSecret = (keys: Credentials): Credentials => ({
  ...keys,
  accessKeySecret: 'NotTheSecret000000000000000001',
})
const ownKey = () => ({ UserName: 'alice', UserAccessKeyId: alice.accessKeyId })
const setStatus = (Status: string) => server.call('UpdateAccessKey', { ...ownKey(), Status })
const deleteKey = () => server.call('DeleteAccessKey', ownKey())
const ask = (keys: Credentials) => server.call('ListUsers', {}, keys)
const codeOf = ({ status, body }: Answered) => [status, body.Code ?? body.error ?? body.code]

const stored = async () => {
  const read = await server.log.readStream(refusalsStream(ACCOUNT), { limit: 1_000 })()
  if (E.isLeft(read)) throw new Error(read.left.type)
  return read.right.map(({ data, metadata }) => ({
    ...JSON.parse(data),
    metadata: JSON.parse(metadata),
  }))
}
/** What was refused, in short. */
const told = async () =>
  (await stored()).map(({ reason, proof, uses }) => [reason, proof, uses].join(' '))

const aliceId = async (): Promise<string> =>
  (await server.call('GetUser', { UserName: 'alice' })).body.User.UserId

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

/** A session of a role that alice assumed. */
const begin = async () => {
  await server.call('CreateRole', { RoleName: 'app', AssumeRolePolicyDocument: TRUST })
  const RoleArn = `acs:ram::${ACCOUNT}:role/app`
  const asked = { RoleArn, RoleSessionName: 'night', DurationSeconds: '900' }
  const { body } = await server.call('AssumeRole', asked, alice)
  const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials
  const keys: Credentials = {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
  }
  const path = `/v1/accounts/${ACCOUNT}/sessions`
  const [{ sessionId }] = (await server.read({ path })).body.sessions
  return { keys, sessionId, use: (as = keys) => server.call('GetCallerIdentity', {}, as) }
}

const tokenForm = ({ accessKeyId, accessKeySecret, securityToken }: Credentials) => ({
  grant_type: 'client_credentials',
  client_id: accessKeyId,
  client_secret: accessKeySecret,
  ...(securityToken === undefined ? {} : { security_token: securityToken }),
})

describe('a key that is refused', () => {
  it('given it is inactive, then it is on record whether whoever called has the secret', async () => {
    await setStatus('Inactive')
    const inactive = [400, 'InvalidAccessKeyId.Inactive']
    expect(codeOf(await ask(alice))).toEqual(inactive)
    expect(codeOf(await ask(withWrongSecret(alice)))).toEqual(inactive)
    const events = await stored()
    expect(events).toMatchObject([
      { reason: 'KeyInactive', proof: 'Right', uses: 1, addresses: 1, since: START },
      { reason: 'KeyInactive', proof: 'Wrong', uses: 1, addresses: 1, since: START },
    ])
    const { accessKeyId } = alice
    for (const { metadata, ...event } of events) {
      expect(event).toMatchObject({ accessKeyId, userId: await aliceId() })
      expect(metadata.actor.principalId).toBe('verifier')
      expect(metadata.sourceIp).toMatch(/\S/)
      expect(JSON.stringify([event, metadata])).not.toContain('10.1.2.3')
    }
  })

  it('given an older signature, then it is checked as well', async () => {
    await setStatus('Inactive')
    const query = { Action: 'ListUsers', Version: '2015-05-01' }
    for (const keys of [alice, withWrongSecret(alice)]) {
      const once = { method: 'GET', nonce: server.nextNonce(), now: server.clock.now() } as const
      expect((await server.send(signV1(keys, query, once))).status).toBe(400)
    }
    expect(await told()).toEqual(['KeyInactive Right 1', 'KeyInactive Wrong 1'])
  })

  it('given it was deleted, then its secret is gone, and whose it was is known', async () => {
    await deleteKey()
    const unknown = await ask({ ...alice, accessKeyId: `${alice.accessKeyId.slice(0, -1)}0` })
    const deleted = await ask(alice)
    expect(codeOf(deleted)).toEqual(codeOf(unknown))
    expect(deleted.body.Message).toBe(unknown.body.Message)
    expect(await stored()).toMatchObject([
      { reason: 'KeyDeleted', proof: 'Unknown', uses: 1, accessKeyId: alice.accessKeyId },
    ])
  })

  it('given its user is gone, then the record names no user', async () => {
    await deleteKey()
    const Policy = { PolicyType: 'System', PolicyName: 'AdministratorAccess' }
    await server.call('DetachPolicyFromUser', { ...Policy, UserName: 'alice' })
    expect((await server.call('DeleteUser', { UserName: 'alice' })).status).toBe(200)
    await ask(alice)
    const [event] = await stored()
    expect(event).toMatchObject({ reason: 'KeyDeleted' })
    expect(event).not.toHaveProperty('userId')
  })

  it('given a wrong secret for a key that is active, then that is on record, and use is not', async () => {
    expect((await ask(alice)).status).toBe(200)
    expect(codeOf(await ask(withWrongSecret(alice)))).toEqual([400, 'SignatureDoesNotMatch'])
    expect(await told()).toEqual(['SecretWrong Wrong 1'])
  })

  it('given a key that nobody ever had, then nothing is on record', async () => {
    const nobody = { accessKeyId: 'LTAI5tNobodyEverHadThis1', accessKeySecret: 'x'.repeat(30) }
    expect(codeOf(await ask(nobody))).toEqual([404, 'InvalidAccessKeyId.NotFound'])
    await server.askToken(tokenForm(nobody))
    expect(await stored()).toEqual([])
  })

  it('given many uses, then the first is told, and each with which there are twice as many', async () => {
    await setStatus('Inactive')
    for (let n = 0; n < 9; n += 1) await ask(alice)
    expect(await told()).toEqual([1, 2, 4, 8].map((uses) => `KeyInactive Right ${uses}`))
  })

  it('given a log that takes nothing, then nobody gets in, and the next one is told', async () => {
    await setStatus('Inactive')
    server.faults.isFailing = true
    expect((await ask(alice)).status).toBe(503)
    expect((await ask(withWrongSecret(server.root))).status).toBe(503)
    server.faults.isFailing = false
    expect((await ask(alice)).status).toBe(400)
    expect(await told()).toEqual(['KeyInactive Right 2'])
  })
})

describe('a session that is refused', () => {
  it('given it was revoked, then its uses are told with it, by those who hold its secret', async () => {
    const { keys, sessionId, use } = await begin()
    await server.read({ path: `/v1/sessions/${sessionId}/revoke`, body: {} })
    expect(codeOf(await use())).toEqual([400, 'InvalidSecurityToken.Expired'])
    await use(withWrongSecret(keys))
    expect(await told()).toEqual(['SessionRevoked Right 1', 'SessionRevoked Wrong 1'])
    expect((await stored())[0]).toMatchObject({
      sessionId,
      accessKeyId: keys.accessKeyId,
      userId: await aliceId(),
    })
  })

  it('given its time is over, or its role is gone, then that is the reason', async () => {
    const { use } = await begin()
    await server.call('DeleteRole', { RoleName: 'app' })
    await use()
    server.clock.advance(900_000)
    await use()
    expect(await told()).toEqual(['SessionEnded Right 1', 'SessionExpired Right 1'])
  })

  it('given a wrong secret beside its token, then that is on record', async () => {
    const { keys, sessionId, use } = await begin()
    expect(codeOf(await use(withWrongSecret(keys)))).toEqual([400, 'SignatureDoesNotMatch'])
    expect(await stored()).toMatchObject([{ reason: 'SecretWrong', proof: 'Wrong', sessionId }])
  })

  it('given its story, then what was refused is told after its end, and from where', async () => {
    const { sessionId, use } = await begin()
    await server.read({ path: `/v1/sessions/${sessionId}/revoke`, body: {} })
    await use()
    server.clock.advance(40 * 86_400_000)
    await use()
    const { body } = await server.read({ path: `/v1/sessions/${sessionId}` })
    const since = new Date(START).toISOString()
    const refused = { proof: 'Right', uses: 1, addresses: 1, sourceIp: '10.1.2.3' }
    expect(body.deeds).toMatchObject([
      { type: 'UsesRefused', refused: { ...refused, reason: 'SessionRevoked', since } },
      { type: 'UsesRefused', refused: { ...refused, reason: 'SessionExpired' } },
    ])
    const { body: timeline } = await server.read({
      path: '/v1/timeline',
      query: { session: sessionId },
    })
    const types = timeline.entries.map((entry: { readonly change: object }) => entry.change)
    expect(types).toMatchObject([
      { type: 'Began' },
      { type: 'Ended' },
      { type: 'UsesRefused' },
      { type: 'UsesRefused' },
    ])
  })
})

describe('POST /oauth2/token', () => {
  it('given any fault of the client, then the answer is the same, and the record says which', async () => {
    const bob = await server.makeUser('bob')
    await server.call('DeleteAccessKey', { UserName: 'bob', UserAccessKeyId: bob.accessKeyId })
    const wrong = await server.askToken(tokenForm(withWrongSecret(alice)))
    await setStatus('Inactive')
    const answers = [
      await server.askToken(tokenForm(alice)),
      await server.askToken(tokenForm(withWrongSecret(alice))),
      await server.askToken(tokenForm(bob)),
      await server.askToken(tokenForm({ ...bob, accessKeyId: 'LTAI5tNobodyEverHadThis1' })),
    ]
    for (const { status, body } of answers) expect([status, body]).toEqual([401, wrong.body])
    expect(await told()).toEqual([
      'SecretWrong Wrong 1',
      'KeyInactive Right 1',
      'KeyInactive Wrong 1',
      'KeyDeleted Unknown 1',
    ])
  })
})

describe('an access token that is refused', () => {
  const EVENTS = { rawUrl: `/v1/accounts/${ACCOUNT}/events` }

  it('given its key was made inactive, then the token is on record, also once the key is active', async () => {
    const token = await server.tokenFor(alice)
    await setStatus('Inactive')
    expect(codeOf(await server.readBearing(token, EVENTS))).toEqual([
      401,
      'InvalidAccessToken.Ended',
    ])
    await setStatus('Active')
    await server.readBearing(token, EVENTS)
    await deleteKey()
    await server.readBearing(token, EVENTS)
    expect(await told()).toEqual([
      'KeyInactive AccessToken 1',
      'KeyInactive AccessToken 2',
      'KeyDeleted AccessToken 1',
    ])
  })

  it('given its session was revoked, or it is no token, then only the session is on record', async () => {
    const { keys, sessionId } = await begin()
    const token = await server.tokenFor(keys)
    await server.read({ path: `/v1/sessions/${sessionId}/revoke`, body: {} })
    await server.readBearing(token, EVENTS)
    await server.readBearing(`${token}x`, EVENTS)
    expect(await stored()).toMatchObject([
      { reason: 'SessionRevoked', proof: 'AccessToken', sessionId },
    ])
  })
})

describe('a call that another service received', () => {
  it('given an inactive key, then its use is on record without an address', async () => {
    await setStatus('Inactive')
    const call = { action: 'GetOrder', version: '1', path: '/orders/7', method: 'GET' }
    const signed = { ...call, nonce: server.nextNonce(), now: server.clock.now() }
    const { headers } = signAcs3(alice, signed)
    const bodyDigest = createHash('sha256').update('').digest('hex')
    const shown = { method: 'GET', path: '/orders/7', query: '', headers, bodyDigest }
    const { body } = await server.read({ path: '/v1/authenticate', body: shown })
    expect(body.problem.code).toBe('InvalidAccessKeyId.Inactive')
    const [event] = await stored()
    expect(event).toMatchObject({ reason: 'KeyInactive', proof: 'Right', addresses: 0 })
    expect(event.metadata).not.toHaveProperty('sourceIp')
  })
})

describe('GET /v1/refused-uses', () => {
  it('given a permission, then pages tell all of the account, and without it nothing is told', async () => {
    const bob = await server.makeUser('bob')
    await setStatus('Inactive')
    for (const keys of [alice, bob, server.root]) await ask(withWrongSecret(keys))
    const path = '/v1/refused-uses'
    const first = await server.read({ path, query: { limit: '2' } })
    expect(first.body.events).toMatchObject([
      { data: { reason: 'KeyInactive', since: new Date(START).toISOString() } },
      { data: { reason: 'SecretWrong', accessKeyId: bob.accessKeyId } },
    ])
    const after = String(first.body.next)
    const { body } = await server.read({ path, query: { limit: '2', after } })
    expect(body).toMatchObject({ events: [{ data: { reason: 'SecretWrong' } }], next: null })
    expect(body.events[0].data).not.toHaveProperty('userId')
    const denied = await server.read({ path }, bob)
    expect(denied.status).toBe(403)
    expect(JSON.stringify(denied.body)).toContain('grantlog:ListRefusedUses')
  })
})

describe('the timeline of a key', () => {
  it('given a leaked key that was made inactive and then deleted, then its trials are told', async () => {
    await setStatus('Inactive')
    await ask(alice)
    await ask(alice)
    await deleteKey()
    server.clock.advance(400 * 86_400_000)
    await ask(alice)
    const query = { accessKey: alice.accessKeyId }
    const first = await server.read({ path: '/v1/timeline', query: { ...query, limit: '3' } })
    const after = String(first.body.next)
    const rest = await server.read({ path: '/v1/timeline', query: { ...query, after } })
    const entries = [...first.body.entries, ...rest.body.entries]
    const from = { sourceIp: '10.1.2.3', addresses: 1 }
    const inactive = { ...from, reason: 'KeyInactive', proof: 'Right' }
    expect(entries.map(({ change }) => change)).toMatchObject([
      { type: 'AccessKeyCreated' },
      { type: 'AccessKeyStatusChanged', status: 'Inactive' },
      { type: 'UsesRefused', refused: { ...inactive, uses: 1 } },
      { type: 'UsesRefused', refused: { ...inactive, uses: 2 } },
      { type: 'AccessKeyDeleted' },
      { type: 'UsesRefused', refused: { ...from, reason: 'KeyDeleted', proof: 'Unknown' } },
    ])
    expect(rest.body.next).toBe(null)
  })
})
