/** Why an order is given, said in its body: stored as the headers of these names are. */
import { READ_ROUTES } from '@grantlog/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'
import type { Names } from './signing.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

/** Every order under /v1/, with a body that its path takes. */
const bodies: Readonly<Record<string, object>> = {
  '/v1/accounts': {},
  '/v1/entities': { resources: [{ type: 'doc', id: 'plan' }] },
  '/v1/entities/remove': { resources: [{ type: 'doc', id: 'plan' }] },
  '/v1/accounts/{accountId}/access-recording': { recording: 'Off' },
  '/v1/sessions/{sessionId}/revoke': {},
}
const ORDERS = READ_ROUTES.filter(({ isCommand }) => isCommand === true).map(
  ({ about }) => about.path,
)

const NOTES = { reason: 'übergeben an „QA“', ticket: 'OPS-7' }

const startSession = async (): Promise<string> => {
  const everybody = { RAM: [`acs:ram::${ACCOUNT}:root`] }
  const trust = { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: everybody }
  const document = { Version: '1', Statement: [trust] }
  const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
  await server.call('CreateRole', {
    RoleName: 'deployer',
    AssumeRolePolicyDocument: JSON.stringify(document),
  })
  const role = { RoleArn: `acs:ram::${ACCOUNT}:role/deployer`, RoleSessionName: 'ci' }
  const assumed = await server.call('AssumeRole', role, alice)
  expect(assumed.status).toBe(200)
  const { body } = await server.read({ path: `/v1/accounts/${ACCOUNT}/sessions` })
  return body.sessions[0].sessionId
}

const send = (path: string, sessionId: string, notes: object, headers: Names = {}) =>
  server.read({
    path: path.replace('{accountId}', ACCOUNT).replace('{sessionId}', sessionId),
    body: { ...bodies[path], ...notes },
    headers,
  })

/** The notes of what callers did after a position, each once. */
const notesSince = async (after: number) => {
  const events = await server.log.readAll({ after, limit: 1000 })()
  if (E.isLeft(events)) throw new Error(events.left.type)
  const told = events.right.flatMap(({ metadata }) => {
    const { reason, ticket, actor } = JSON.parse(metadata)
    return actor.principalType === 'System' ? [] : [JSON.stringify({ reason, ticket })]
  })
  return [...new Set(told)].map((text) => JSON.parse(text))
}

describe('reason and ticket in the body of an order', () => {
  it('given every order there is, then the cases here are about them all', () => {
    expect(Object.keys(bodies).sort()).toEqual([...ORDERS].sort())
    expect(ORDERS.length).toBeGreaterThan(4)
  })

  it('given notes in the body, then the events of the order have them', async () => {
    const sessionId = await startSession()
    for (const path of ORDERS) {
      const before = server.engine.status().applied
      const { status, body } = await send(path, sessionId, NOTES)
      expect([path, status, body]).toEqual([path, 200, expect.anything()])
      expect([path, await notesSince(before)]).toEqual([path, [NOTES]])
    }
  })

  it('given a header that says the same, or the other of the two, then both hold', async () => {
    const same = { 'x-grantlog-reason': 'moved' }
    const before = server.engine.status().applied
    const path = '/v1/entities'
    const { status } = await send(path, '', { reason: 'moved', ticket: 'OPS-8' }, same)
    expect(status).toBe(200)
    expect(await notesSince(before)).toEqual([{ reason: 'moved', ticket: 'OPS-8' }])
  })

  it('given a header that says something else, then the order is refused and nothing is done', async () => {
    const sessionId = await startSession()
    const before = server.engine.status().applied
    for (const path of ORDERS)
      for (const name of ['reason', 'ticket']) {
        const header = { [`x-grantlog-${name}`]: 'one' }
        const { status, headers, body } = await send(path, sessionId, { [name]: 'other' }, header)
        expect([path, status]).toEqual([path, 400])
        expect(headers['content-type']).toBe('application/problem+json')
        expect(body).toMatchObject({ code: 'InvalidBody', pointer: `/${name}` })
        expect(body.detail).toContain(`x-grantlog-${name}`)
      }
    expect(server.engine.status().applied).toBe(before)
  })

  it('given notes that are too long, or no texts, then they are refused by name', async () => {
    for (const path of ORDERS)
      for (const ticket of ['x'.repeat(257), 7, null]) {
        const { status, body } = await send(path, 'nobody', { ticket })
        expect([path, status, body.pointer]).toEqual([path, 400, '/ticket'])
        expect(body.detail).toContain('at most 256 characters')
      }
    const longest = { reason: 'x'.repeat(256) }
    expect((await send('/v1/entities', '', longest)).status).toBe(200)
  })

  it('given notes on an order that is refused, then the record of the refusal has them', async () => {
    const before = server.engine.status().applied
    expect((await send('/v1/sessions/{sessionId}/revoke', 'nobody', NOTES)).status).toBe(404)
    expect(await notesSince(before)).toEqual([NOTES])
  })

  it('given an order of which no member is needed, then an empty body does', async () => {
    const token = await server.tokenFor(server.root)
    const order = { method: 'POST', rawUrl: '/v1/accounts', body: '' } as const
    expect((await server.readBearing(token, order)).status).toBe(200)
    const setting = `/v1/accounts/${ACCOUNT}/access-recording`
    const { status, body } = await server.readBearing(token, { ...order, rawUrl: setting })
    expect([status, body.code]).toEqual([400, 'InvalidBody'])
  })

  it('given the document of the API, then the body of every order has both, with their limit', async () => {
    const { body } = await server.readUnsigned('/v1/openapi.json')
    for (const path of ORDERS) {
      const { schema } = body.paths[path].post.requestBody.content['application/json']
      const { properties } = body.components.schemas[schema.$ref.split('/').at(-1)]
      for (const name of ['reason', 'ticket'])
        expect(properties[name]).toMatchObject({ type: 'string', maxLength: 256 })
    }
  })
})
