/** What a proxy says of where a call came from, and who is believed to be one. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, signV1 } from '../protocol/signing.js'
import { type Journey, startJourney } from './server.js'

type Headers = Readonly<Record<string, string>>

/** A call of RAM with headers that nobody signed. */
const call = async (
  { endpoint, standalone }: Journey,
  credentials: Credentials,
  parameters: Readonly<Record<string, string>>,
  headers: Headers = {},
) => {
  const named = { Version: '2015-05-01', Format: 'JSON', ...parameters }
  const now = standalone.engine.clock.now()
  const { rawUrl } = signV1(credentials, named, { method: 'GET', nonce: randomUUID(), now })
  const answer = await fetch(`${endpoint}${rawUrl}`, { headers })
  return { status: answer.status, body: await answer.json() }
}

const CONDITION = {
  IpAddress: { 'acs:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] },
  Bool: { 'acs:SecureTransport': 'true' },
}
const POLICY = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: CONDITION }],
})

/** A user who may do everything from one network, over TLS. */
const userOf = async (journey: Journey): Promise<Credentials> => {
  const asRoot = (Action: string, more: Headers) => call(journey, journey.root, { Action, ...more })
  await asRoot('CreateUser', { UserName: 'alice' })
  await asRoot('CreatePolicy', { PolicyName: 'near', PolicyDocument: POLICY })
  const policy = { PolicyType: 'Custom', PolicyName: 'near', UserName: 'alice' }
  await asRoot('AttachPolicyToUser', policy)
  const { body } = await asRoot('CreateAccessKey', { UserName: 'alice' })
  const { AccessKeyId, AccessKeySecret } = body.AccessKey
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret }
}

let trusting: Journey
let alone: Journey
let alice: Credentials
let other: Credentials
beforeAll(async () => {
  trusting = await startJourney({}, ['127.0.0.0/8', '10.0.0.7'])
  alone = await startJourney({}, ['10.0.0.0/8'])
  alice = await userOf(trusting)
  other = await userOf(alone)
}, 30_000)
afterAll(() => Promise.all([trusting.end(), alone.end()]))

const over = (forwarded: string, proto = 'https'): Headers => ({
  'x-forwarded-for': forwarded,
  'x-forwarded-proto': proto,
})
const LIST = { Action: 'ListUsers' }

describe('a call that a trusted proxy passed on', () => {
  it.each([
    ['the address that is meant', '203.0.113.9', 200],
    ['an IPv6 address that is meant', '2001:db8::9', 200],
    ['another address', '198.51.100.9', 403],
    ['what the caller wrote before it', '203.0.113.9, 198.51.100.9', 403],
    ['another trusted proxy behind it', '203.0.113.9, 10.0.0.7', 200],
  ])('given %s, then conditions see it', async (_, forwarded, status) => {
    expect((await call(trusting, alice, LIST, over(forwarded))).status).toBe(status)
  })
  it('given no TLS before the proxy, then conditions see that too', async () => {
    expect((await call(trusting, alice, LIST, over('203.0.113.9', 'http'))).status).toBe(403)
    expect((await call(trusting, alice, LIST, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(
      403,
    )
  })
  it.each(['unknown', '_hidden', '203.0.113.9, 300.1.1.1', '203.0.113.9:1234'])(
    'given %s, which is no address, then the call is refused',
    async (forwarded) => {
      const { status, body } = await call(trusting, trusting.root, LIST, over(forwarded))
      expect([status, body.Code]).toEqual([400, 'InvalidRequest'])
      expect(body.Message).toContain('X-Forwarded-For')
    },
  )
})

describe('a call of somebody who is no trusted proxy', () => {
  it('given whatever it says of its origin, then nobody believes it', async () => {
    expect((await call(alone, other, LIST, over('203.0.113.9'))).status).toBe(403)
    expect((await call(alone, alone.root, LIST, over('nonsense'))).status).toBe(200)
  })
})
