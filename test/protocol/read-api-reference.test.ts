/**
 * What the reference of the read API says, run: the page is made from what each route says of
 * itself, and here each route is held to that.
 */
import { INDEX_ABOUT, OWN_ROUTES, READ_ROUTES, type RouteAbout } from '@grantlog/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, START, type TestServer } from './server.js'
import type { Names } from './signing.js'

let server: TestServer
let sessionId = ''
beforeAll(async () => {
  server = await openServer()
  server.clock.advance(1_000)
  await server.makeUser('bob')
  const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
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
  const assumed = { RoleArn: `acs:ram::${ACCOUNT}:role/reader`, RoleSessionName: 'app' }
  await server.call('AssumeRole', assumed, alice)
  const [session] = [...server.engine.views.credentials.tables.sessions.entries()]
  sessionId = session?.[0] ?? ''
})
afterAll(() => server.engine.stop())

/** Members that the reference itself says are there only at times. */
const SOMETIMES = [
  'trustSet',
  'reason',
  'session',
  'statements',
  'grants',
  'notBefore',
  'change',
  'principalId',
  'owner',
  'answers',
  'outcomes',
  'sourceIdentity',
  'sessionPolicy',
  'end',
]

/** An example about the account of the test. */
const filledIn = (example: RouteAbout['example']): Names =>
  JSON.parse(JSON.stringify(example).replaceAll('<uid>', ACCOUNT))

describe('the reference of the read API', () => {
  it.each(READ_ROUTES.map(({ method, about }) => [method, about.path, about] as const))(
    'given the example of %s %s, then it is answered with the members that are told',
    async (_, template, { body, example, answer }) => {
      const path = template.replace('{accountId}', ACCOUNT).replace('{sessionId}', sessionId)
      const filled = filledIn(example)
      const at: Readonly<Record<string, string>> =
        filled['at'] === undefined ? {} : { at: new Date(START + 1_000).toISOString() }
      const query = { ...filled, ...at }
      const asked = body === null ? { path, query } : { path, body: filled }
      const given = await server.read(asked)
      expect(given.status).toBe(200)
      const always = Object.keys(answer).filter((name) => !SOMETIMES.includes(name))
      expect(Object.keys(answer)).toEqual(expect.arrayContaining(Object.keys(given.body)))
      expect(Object.keys(given.body)).toEqual(expect.arrayContaining(always))
    },
  )

  it.each(
    READ_ROUTES.flatMap(({ about }) =>
      about.query.map(({ name }) => [about.path, name, about] as const),
    ),
  )(
    'given %s with a doubtful %s, then it is that parameter which is refused',
    async (template, name, { example }) => {
      const path = template.replace('{accountId}', ACCOUNT).replace('{sessionId}', sessionId)
      const { at: _, ...others } = filledIn(example)
      const query = { ...others, [name]: 'x'.repeat(3_000) }
      const { status, body } = await server.read({ path, query })
      expect([status, body.parameter]).toEqual([400, name])
    },
  )

  it('given GET /v1/ without a signature, then the paths are listed', async () => {
    for (const rawUrl of ['/v1/', '/v1', '/v1/?x=1']) {
      const { status, body } = await server.readUnsigned(rawUrl)
      expect(status).toBe(200)
      expect(Object.keys(body)).toEqual(Object.keys(INDEX_ABOUT.answer))
      expect(body.paths).toHaveLength(READ_ROUTES.length + OWN_ROUTES.length)
      expect(body.paths).toContainEqual({
        method: 'GET',
        path: '/v1/can',
        does: expect.any(String),
        action: 'grantlog:Decide',
      })
    }
    const unsigned = await server.readUnsigned('/v1/can')
    expect([unsigned.status, unsigned.body.code]).toEqual([401, 'MissingCredentials'])
    expect(unsigned.headers['www-authenticate']).toBe('Bearer realm="grantlog"')
    const nothing = await server.readUnsigned('/v1/nothing')
    expect([nothing.status, nothing.body.detail]).toEqual([404, expect.stringContaining('/v1/')])
  })

  it('given headers that are not as they should be, then they are named', async () => {
    for (const header of ['x-grantlog-at-least', 'x-grantlog-reason', 'x-grantlog-ticket']) {
      const headers = { [header]: 'x'.repeat(257) }
      const target = { path: '/v1/can', query: { principal: 'x' }, headers }
      const { status, body } = await server.read(target)
      expect([status, body.code, body.header]).toEqual([400, 'InvalidHeader', header])
    }
  })
})
