/** Calls that another service received: proven or not, decided on, and never proven twice. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'
import { type Credentials, type Names, signAcs3, signV1 } from './signing.js'

let server: TestServer
let alice: Credentials
beforeEach(async () => {
  server = await openServer()
  alice = await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
})
afterEach(() => server.engine.stop())

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A call of alice to some service, as that service shows it. */
const forwarded = (options: { readonly method?: string; readonly body?: string } = {}) => {
  const { method = 'PUT', body = '{"a":1}' } = options
  const call = { action: 'PutOrder', version: '1', path: '/orders/7', query: { dry: 'no' } }
  const nonce = `service-${server.nextNonce()}`
  const now = server.clock.now()
  const { headers } = signAcs3(alice, { ...call, method, body, nonce, now })
  const shown = { method, path: '/orders/7', query: 'dry=no', headers: headers as Names }
  return { ...shown, bodyDigest: sha256(body) }
}

const authenticate = async (body: unknown, as?: Credentials) =>
  server.read({ path: '/v1/authenticate', body }, as)

const GET_ROW = { action: 'ots:GetRow', resource: `acs:ots:*:${ACCOUNT}:instance/orders` }

describe('POST /v1/authenticate', () => {
  it('given a call of a user, then it is proven once, with what the user may do', async () => {
    const call = forwarded()
    const proven = await authenticate({ ...call, decide: GET_ROW })
    expect([proven.status, proven.body]).toMatchObject([
      200,
      {
        principal: { type: 'User', accountId: ACCOUNT, arn: `acs:ram::${ACCOUNT}:user/alice` },
        problem: null,
        decision: { allowed: true, outcome: 'Allow' },
      },
    ])
    const again = await authenticate({ ...call, decide: GET_ROW })
    expect(again.body).toMatchObject({
      principal: null,
      decision: null,
      problem: { code: 'SignatureNonceUsed' },
    })
    const denied = { action: 'ots:PutRow', resource: GET_ROW.resource }
    const other = await authenticate({ ...forwarded(), decide: denied })
    expect(other.body.decision).toMatchObject({ allowed: false, outcome: 'ImplicitDeny' })
    expect((await authenticate(forwarded())).body.decision).toBe(null)
  })

  it('given a call that was altered in any part, then nobody is proven', async () => {
    const altered: ReadonlyArray<(call: ReturnType<typeof forwarded>) => object> = [
      () => ({ method: 'DELETE' }),
      () => ({ path: '/orders/8' }),
      () => ({ query: 'dry=yes' }),
      () => ({ bodyDigest: sha256('{"a":2}') }),
      ({ headers }) => ({ headers: { ...headers, host: 'other.example.com' } }),
      ({ headers }) => ({ headers: { ...headers, 'x-acs-action': 'DropOrders' } }),
      ({ headers }) => ({
        headers: { ...headers, 'x-acs-content-sha256': sha256('x') },
        bodyDigest: sha256('x'),
      }),
      ({ headers }) => ({ headers: { ...headers, authorization: 'Bearer x' } }),
      () => ({ headers: {} }),
    ]
    for (const alter of altered) {
      const call = forwarded()
      const { status, body } = await authenticate({ ...call, ...alter(call), decide: GET_ROW })
      expect([status, body.principal, body.decision]).toEqual([200, null, null])
      expect(body.problem.status).toBeGreaterThanOrEqual(400)
    }
    const late = forwarded()
    server.clock.advance(20 * 60_000)
    expect((await authenticate(late)).body.problem.code).toBe('InvalidTimeStamp.Expired')
  })

  it('given decisions, then they are on record as accesses of who signed', async () => {
    const all = { body: { recording: 'All' } }
    const chosen = await server.read({ path: `/v1/accounts/${ACCOUNT}/access-recording`, ...all })
    expect(chosen.status).toBe(200)
    await authenticate({ ...forwarded(), decide: GET_ROW })
    await authenticate({ ...forwarded(), decide: { ...GET_ROW, action: 'app:Never' } })
    const { body } = await server.read({ path: `/v1/accounts/${ACCOUNT}/access`, query: {} })
    const told = body.records.map(({ action, outcome, name }: Record<string, string>) => [
      action,
      outcome,
      name,
    ])
    expect(told).toEqual(
      expect.arrayContaining([
        [GET_ROW.action, 'Allowed', expect.anything()],
        ['app:Never', 'Denied', expect.anything()],
      ]),
    )
  })

  it('given V1, which signs no body, then it is not taken', async () => {
    const options = { method: 'GET', nonce: 'v1', now: server.clock.now() } as const
    const signed = signV1(alice, { Action: 'X', Version: '1' }, options)
    const call = { method: 'GET', path: '/', query: signed.rawUrl.slice(2), headers: {} }
    const { body } = await authenticate({ ...call, bodyDigest: sha256('') })
    expect(body).toMatchObject({ principal: null, problem: { status: 400 } })
  })

  it('given a service without the permission, then it learns nothing, and no nonce is used', async () => {
    const call = forwarded()
    const refused = await authenticate(call, alice)
    expect([refused.status, refused.body.action]).toEqual([403, 'grantlog:AuthenticateCalls'])
    expect((await authenticate(call)).body.principal).not.toBe(null)
  })

  it('given what the service says of time and caller, then it does not count', async () => {
    const document = (key: string, value: string) =>
      JSON.stringify({
        Version: '1',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'app:Open',
            Resource: '*',
            Condition: { StringEquals: { [key]: [value] } },
          },
        ],
      })
    const grant = async (PolicyName: string, PolicyDocument: string) => {
      await server.call('CreatePolicy', { PolicyName, PolicyDocument })
      const attached = { PolicyType: 'Custom', PolicyName, UserName: 'alice' }
      await server.call('AttachPolicyToUser', attached)
    }
    await grant('by-arn', document('acs:PrincipalARN', 'acs:ram::1:root'))
    await grant('by-tag', document('app:Tag', 'red'))
    const ask = async (context: object) => {
      const resource = `acs:app:*:${ACCOUNT}:door`
      const decide = { action: 'app:Open', resource, context }
      return (await authenticate({ ...forwarded(), decide })).body.decision.allowed
    }
    expect(await ask({ 'ACS:principalarn': 'acs:ram::1:root' })).toBe(false)
    expect(await ask({ 'app:Tag': 'red' })).toBe(true)
  })

  it('given a body that is not as it should be, then the faulty member is named', async () => {
    const call = forwarded()
    const faulty: ReadonlyArray<readonly [object, string]> = [
      [{ method: 'get' }, '/method'],
      [{ path: 'orders' }, '/path'],
      [{ bodyDigest: 'x' }, '/bodyDigest'],
      [{ headers: { Host: 'x' } }, '/headers'],
      [{ headers: { host: 1 } }, '/headers'],
      [{ decide: { action: 'sts:AssumeRole', resource: '*' } }, '/decide'],
      [{ more: 1 }, '/more'],
    ]
    for (const [part, pointer] of faulty) {
      const { status, body } = await authenticate({ ...call, ...part })
      expect([status, body.pointer]).toEqual([400, pointer])
    }
  })
})
