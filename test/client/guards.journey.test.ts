/** The guards in front of real services: Fastify and Express, and grantlog over the network. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Credentials, openClient, queryOf, signedHeaders } from '@grantlog/client'
import { expressGuard, principalOf as expressPrincipal, keepBody } from '@grantlog/client/express'
import { fastifyGuard, principalOf as fastifyPrincipal } from '@grantlog/client/fastify'
import express from 'express'
import Fastify from 'fastify'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'

let journey: Journey
let alice: Credentials
let ends: ReadonlyArray<() => Promise<unknown>> = []
const ports = { fastify: 0, express: 0, gone: 0 }

const portOf = (server: Server): number => (server.address() as AddressInfo).port
const hostsOf = (port: number) => [`127.0.0.1:${port}`]

const decide = ({ method }: { readonly method: string }) => ({
  action: method === 'GET' ? 'ots:GetRow' : 'ots:PutRow',
  resource: `acs:ots:*:${journey.accountId}:instance/orders`,
})

const startFastify = async (endpoint: string): Promise<number> => {
  const client = openClient({ endpoint, credentials: journey.root })
  const app = Fastify()
  const hosts: string[] = []
  app.addHook('preParsing', fastifyGuard({ client, hosts, decide, timeoutMs: 5_000 }))
  app.all('/orders', async (request) => ({
    arn: fastifyPrincipal(request)?.arn,
    body: request.body ?? null,
  }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const port = portOf(app.server)
  hosts.push(...hostsOf(port))
  ends = [...ends, () => app.close()]
  return port
}

const startExpress = async (): Promise<number> => {
  const client = openClient({ endpoint: journey.endpoint, credentials: journey.root })
  const app = express()
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  const options = { client, hosts: hostsOf(port), decide, timeoutMs: 5_000 }
  app.use(express.json({ verify: keepBody }), expressGuard(options))
  app.all('/orders', (request, response) => {
    response.json({ arn: expressPrincipal(request)?.arn, body: request.body ?? null })
  })
  ends = [...ends, () => new Promise((resolve) => server.close(resolve))]
  return port
}

beforeAll(async () => {
  journey = await startJourney()
  const { endpoint, root: credentials } = journey
  const ram = async (name: string, parameters: Readonly<Record<string, string>>) => {
    const answer = await openClient({ endpoint, credentials }).operation('Ram', name, parameters)
    if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
    return answer.right
  }
  await ram('CreateUser', { UserName: 'alice' })
  const reading = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess' }
  await ram('AttachPolicyToUser', { ...reading, UserName: 'alice' })
  const { AccessKey } = (await ram('CreateAccessKey', { UserName: 'alice' })) as {
    readonly AccessKey: { readonly AccessKeyId: string; readonly AccessKeySecret: string }
  }
  alice = { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret }
  ports.fastify = await startFastify(endpoint)
  ports.express = await startExpress()
  // Nobody listens on port 1.
  ports.gone = await startFastify('http://127.0.0.1:1')
})
afterAll(async () => {
  for (const end of ends) await end()
  await journey.end()
})

type Sent = {
  readonly method?: 'GET' | 'POST'
  readonly body?: string
  readonly host?: string
  readonly alter?: (headers: Readonly<Record<string, string>>) => Record<string, string>
  readonly sentBody?: string
}

const sendTo = async (port: number, sent: Sent = {}) => {
  const { method = 'GET', body = '', host = `127.0.0.1:${port}`, alter = (all) => all } = sent
  const query = queryOf({ page: 1 })
  const call = { method, path: '/orders', query, body, action: 'Orders', version: '1' }
  const { host: _, ...headers } = alter(signedHeaders(alice, call, host, Date.now()))
  const sentBody = sent.sentBody ?? body
  const answer = await fetch(`http://127.0.0.1:${port}/orders?page=1`, {
    method,
    headers: { ...headers, ...(sentBody === '' ? {} : { 'content-type': 'application/json' }) },
    ...(sentBody === '' ? {} : { body: sentBody }),
  })
  const challenge = answer.headers.get('www-authenticate')
  return {
    status: answer.status,
    body: (await answer.json()) as Record<string, unknown>,
    challenge,
  }
}

describe.each(['fastify', 'express'] as const)('the guard of %s', (kind) => {
  it('given a signed call that is allowed, then the service sees it and who signed it', async () => {
    const { status, body } = await sendTo(ports[kind])
    const arn = `acs:ram::${journey.accountId}:user/alice`
    expect([status, body['arn']]).toEqual([200, arn])
  })

  it('given a call that is not allowed, then it stops with 403, its body proven or not', async () => {
    const body = JSON.stringify({ item: 7 })
    const { status, body: problem } = await sendTo(ports[kind], { method: 'POST', body })
    expect([status, problem['code']]).toEqual([403, 'NoPermission'])
    const changed = { method: 'POST', body, sentBody: JSON.stringify({ item: 8 }) } as const
    const other = await sendTo(ports[kind], changed)
    expect([other.status, other.body['code']]).toEqual([401, 'SignatureDoesNotMatch'])
  })

  it('given no signature, a used nonce or another host, then it stops with 401', async () => {
    const unsigned = await sendTo(ports[kind], { alter: ({ host = '' }) => ({ host }) })
    expect(unsigned).toMatchObject({
      status: 401,
      challenge: 'ACS3-HMAC-SHA256',
      body: { code: 'MissingCredentials', detail: expect.stringContaining('no signature') },
    })
    const server = await fetch(`${journey.endpoint}/v1/decide`, { method: 'POST', body: '{}' })
    const problem = (await server.json()) as Readonly<Record<string, unknown>>
    expect(Object.keys(unsigned.body).sort()).toEqual(Object.keys(problem).sort())
    const { title, message, requestId, detail } = unsigned.body
    expect([title, message]).toEqual(['Unauthorized', detail])
    expect(requestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
    expect(requestId).not.toBe(problem['requestId'])
    const bearing = await sendTo(ports[kind], { alter: () => ({ authorization: 'Bearer x' }) })
    expect(bearing).toMatchObject({
      status: 401,
      challenge: 'ACS3-HMAC-SHA256',
      body: {
        code: 'InvalidSignatureMethod',
        detail: 'A call to a service must be signed by ACS3-HMAC-SHA256, and not otherwise.',
      },
    })
    const elsewhere = await sendTo(ports[kind], { host: 'orders.example.com' })
    expect(elsewhere.status).toBe(401)
    let kept: Record<string, string> = {}
    const first = await sendTo(ports[kind], {
      alter: (headers) => {
        kept = { ...headers }
        return kept
      },
    })
    const again = await sendTo(ports[kind], { alter: () => kept })
    expect([first.status, again.status, again.body['code']]).toEqual([
      200,
      401,
      'SignatureNonceUsed',
    ])
  })
})

describe('the guards', () => {
  it('given a policy that allows more, then a body reaches the service as it was signed', async () => {
    const { endpoint, root: credentials } = journey
    const client = openClient({ endpoint, credentials })
    const full = { PolicyType: 'System', PolicyName: 'AliyunOTSFullAccess', UserName: 'alice' }
    const attached = await client.operation('Ram', 'AttachPolicyToUser', full)
    expect(E.isRight(attached)).toBe(true)
    const body = JSON.stringify({ item: 7, name: 'größer' })
    for (const port of [ports.fastify, ports.express]) {
      const answer = await sendTo(port, { method: 'POST', body })
      expect([answer.status, answer.body['body']]).toEqual([200, JSON.parse(body)])
    }
  })

  it('given that grantlog is away, then nothing passes', async () => {
    const { status, body } = await sendTo(ports.gone)
    expect([status, body['code']]).toEqual([503, 'ServiceUnavailable'])
  })

  it('given a body that no parser kept, then Express lets nothing pass', async () => {
    const call = {
      method: 'POST',
      path: '/orders',
      query: {},
      body: 'x',
      action: 'A',
      version: '1',
    } as const
    const signed = signedHeaders(alice, call, `127.0.0.1:${ports.express}`, Date.now())
    const { host: _, ...headers } = signed
    const answer = await fetch(`http://127.0.0.1:${ports.express}/orders`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/plain' },
      body: 'x',
    })
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'BodyNotKept' }])
  })
})
