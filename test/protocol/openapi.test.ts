/**
 * The OpenAPI document: valid, complete, and true. What the codec of a body accepts its schema
 * accepts, and the other way round; what routes answer fits what is promised.
 */
import {
  AUTHZEN_DESCRIBED,
  DecideBody,
  type Definitions,
  openApiOf,
  READ_ROUTES,
  schemaOf,
  TOKEN_PATH,
} from '@grantlog/protocol'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'
import type { Names } from './signing.js'

const DOCUMENT = JSON.parse(JSON.stringify(openApiOf(READ_ROUTES)))

/** A schema, with the definitions it refers to at hand. */
const validatorOf = (schema: object) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  return ajv.compile({ ...schema, components: DOCUMENT.components })
}

describe('the document', () => {
  it('given the validator of the format, then it finds nothing', async () => {
    const result = await new Validator().validate(structuredClone(DOCUMENT))
    expect([result.valid, result.errors]).toEqual([true, undefined])
  })

  it('given a route, then the document has it, typed', () => {
    const untyped = READ_ROUTES.filter(
      ({ about: { shapes, body } }) =>
        shapes === undefined || (body !== null && shapes.body === undefined),
    )
    expect(untyped.map(({ about }) => about.path)).toEqual([])
    for (const { method, about } of READ_ROUTES)
      expect(Object.keys(DOCUMENT.paths[about.path])).toContain(method.toLowerCase())
  })

  it('given a member of a body, then it is told what it means', () => {
    const bodies = READ_ROUTES.flatMap(({ about }) => about.shapes?.body ?? [])
    const paths: ReadonlyArray<string> = Object.keys(DOCUMENT.paths)
    const told = paths.flatMap((path) => {
      const { schema } = DOCUMENT.paths[path].post?.requestBody?.content['application/json'] ?? {}
      const name = schema?.$ref?.split('/').at(-1)
      const { properties = {} } = (name && DOCUMENT.components.schemas[name]) ?? schema ?? {}
      return Object.entries<{ description?: string }>(properties).map(
        ([member, { description }]) => [path, member, typeof description],
      )
    })
    expect(told.length).toBeGreaterThan(bodies.length)
    expect(told).toContainEqual(['/v1/sign-in/code', 'saveMFATicket', 'string'])
    expect(told.filter(([, , description]) => description !== 'string')).toEqual([])
  })

  it('given a name in it, then it stands for one shape', () => {
    const told = (schema: object) => JSON.parse(JSON.stringify(schema))
    const names = READ_ROUTES.flatMap(({ about: { shapes } }) =>
      Object.values({ ...shapes }).flatMap((codec) => {
        const own: Definitions = new Map()
        schemaOf(codec, own)
        return [...own].map(([name, schema]) => [name, told(schema)] as const)
      }),
    )
    const shapes = new Map(names)
    expect(shapes.size).toBeGreaterThan(50)
    for (const [name, shape] of names) expect([name, shape]).toEqual([name, shapes.get(name)])
  })

  it('given an endpoint of AuthZEN, then the document has it, typed, with its own errors', () => {
    expect(AUTHZEN_DESCRIBED).toHaveLength(6)
    for (const { method, about } of AUTHZEN_DESCRIBED) {
      const operation = DOCUMENT.paths[about.path][method.toLowerCase()]
      expect(Object.keys(operation.responses.default.content)).toContain('text/plain')
      if (method === 'GET') continue
      const { schema } = operation.requestBody.content['application/json']
      const accepts = validatorOf(schema)
      const entity = { type: 'user', id: 'alice', properties: { team: ['a', 'b'] } }
      const body = { subject: entity, action: { name: 'read' }, resource: entity, unknown: 1 }
      expect([about.path, accepts(body), accepts.errors]).toEqual([about.path, true, null])
      expect(accepts({ ...body, subject: { id: 'alice' } })).toBe(false)
    }
    const { schema } =
      DOCUMENT.paths['/access/v1/evaluation'].post.requestBody.content['application/json']
    expect(validatorOf(schema)({ subject: { type: 'user', id: 'alice' } })).toBe(false)
  })

  it('given operations, then each has an id of its own', () => {
    const ids = Object.values<Record<string, { operationId: string }>>(DOCUMENT.paths).flatMap(
      (path) => Object.values(path).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the schema of a body', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('*', 'ots:GetRow', 'ots:', 'acs:ots:*:1:i/x', 'acs:ots::', 'acs::::x', ''),
    fc.nat({ max: 2100 }).map((length) => 'x'.repeat(length)),
  )
  const odd = fc.oneof(fc.constant(null), fc.integer({ min: -2 }), fc.double(), fc.boolean(), text)
  const context = fc.dictionary(
    fc.oneof(fc.constantFrom('acs:SourceIp', 'a', ''), text),
    fc.oneof(text, fc.array(text, { maxLength: 66 }), odd),
    { maxKeys: 5 },
  )
  const position = fc.oneof(fc.nat(), text, odd)
  const body = fc.record(
    {
      principal: fc.oneof(fc.constant('acs:ram::1:root'), odd),
      action: fc.oneof(fc.constant('ots:GetRow'), text, odd),
      resource: fc.oneof(fc.constant('*'), text, fc.array(text, { maxLength: 34 }), odd),
      context: fc.oneof(context, odd),
      at: fc.oneof(text, fc.record({ position }), odd),
      position,
      sessionPolicy: text,
      explain: fc.oneof(fc.boolean(), odd),
      unknown: fc.constant(1),
    },
    { requiredKeys: [] },
  )

  /** The one rule of the codec that no schema can say. */
  const hasKeysAlike = (value: unknown): boolean => {
    const given = (value as { context?: unknown } | null)?.context
    const keys = typeof given === 'object' && given !== null ? Object.keys(given) : []
    return new Set(keys.map((key) => key.toLowerCase())).size < keys.length
  }

  it('given any body, then the schema accepts what the codec accepts, and nothing else', () => {
    const accepts = validatorOf(schemaOf(DecideBody, new Map()))
    // One member at a time is doubtful, so that many a body is accepted.
    const usual = fc.tuple(body, fc.nat({ max: 8 })).map(([members, index]) => {
      const one = Object.entries(members).slice(index, index + 1)
      const sound = { principal: 'acs:ram::1:root', action: 'ots:GetRow', resource: '*' }
      return { ...sound, ...Object.fromEntries(one) }
    })
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(body, usual, odd), (given) => {
        const value: unknown = JSON.parse(JSON.stringify(given))
        const isDecoded = E.isRight(DecideBody.decode(value))
        if (isDecoded) accepted += 1
        if (isDecoded || !hasKeysAlike(value)) expect(accepts(value)).toBe(isDecoded)
      }),
      { numRuns: 1_000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })
})

describe('the answers', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await openServer()
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
  })
  afterAll(() => server.engine.stop())

  it('given questions, then their answers fit the schemas, and the problems too', async () => {
    const principal = `acs:ram::${ACCOUNT}:user/alice`
    const question = { principal, action: 'ots:GetRow', resource: '*' }
    const asked = [
      ['/v1/can', '/v1/can', question],
      ['/v1/why', '/v1/why', question],
      ['/v1/timeline', '/v1/timeline', { principal }],
      ['/v1/accounts/{accountId}/events', `/v1/accounts/${ACCOUNT}/events`, { limit: '2' }],
      ['/v1/accounts/{accountId}/sessions', `/v1/accounts/${ACCOUNT}/sessions`, {}],
      ['/v1/can', '/v1/can', { principal: 'alice' }],
    ] as const
    for (const [template, path, query] of asked) {
      const { status, body } = await server.read({ path, query })
      const { responses } = DOCUMENT.paths[template].get
      const { content } = status === 200 ? responses['200'] : responses.default
      const { schema } = content['application/json'] ?? content['application/problem+json']
      const fits = validatorOf(schema)
      expect([template, fits(body), fits.errors]).toEqual([template, true, null])
    }
  })

  it('given the token flow of the document, then its token opens what the document secures', async () => {
    const { bearer, oauth2 } = DOCUMENT.components.securitySchemes
    expect(DOCUMENT.security).toContainEqual({ bearer: [] })
    expect(bearer).toMatchObject({ type: 'http', scheme: 'bearer' })
    const token = await server.tokenFor(server.root)
    expect(token).not.toBe('')
    expect(oauth2.flows).toEqual({ clientCredentials: { tokenUrl: TOKEN_PATH, scopes: {} } })
    const rawUrl = `/v1/accounts/${ACCOUNT}/events`
    expect((await server.readBearing(token, { rawUrl })).status).toBe(200)
  })

  it('given the path of tokens, then the form it describes is taken, and its answers are promised', async () => {
    const { post } = DOCUMENT.paths[TOKEN_PATH]
    expect(Object.keys(DOCUMENT.paths[TOKEN_PATH])).toEqual(['post'])
    expect(post.security).toEqual([{ client: [] }, {}])
    expect(DOCUMENT.components.securitySchemes.client).toMatchObject({ scheme: 'basic' })
    expect(DOCUMENT.security).not.toContainEqual({ client: [] })
    const takes = validatorOf(post.requestBody.content['application/x-www-form-urlencoded'].schema)
    const { accessKeyId: client_id, accessKeySecret: client_secret } = server.root
    const grant = { grant_type: 'client_credentials' }
    const basic = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`
    const given = { ...grant, client_id, client_secret }
    const asked: ReadonlyArray<
      readonly [form: Names, headers: Names, status: number, fits: boolean]
    > = [
      [given, {}, 200, true],
      [{ ...grant, scope: '' }, { authorization: basic }, 200, true],
      [grant, {}, 401, true],
      [{ ...given, client_secret: 'x' }, {}, 401, true],
      [given, { authorization: basic }, 400, true],
      [{ client_id, client_secret }, {}, 400, false],
      [{ ...given, grant_type: 'password' }, {}, 400, false],
      [{ ...given, scope: 'all' }, {}, 400, false],
    ]
    for (const [form, headers, status, fits] of asked) {
      const answer = await server.askToken(form, headers)
      expect([form, answer.status, takes(form)]).toEqual([form, status, fits])
      const { content, headers: promised = {} } = post.responses[status]
      const holds = validatorOf(content['application/json'].schema)
      expect([status, holds(answer.body), holds.errors]).toEqual([status, true, null])
      for (const name of Object.keys(promised)) expect(answer.headers[name]).toBeDefined()
    }
  })

  it('given nobody, then the document is served all the same', async () => {
    const { status, body } = await server.readUnsigned('/v1/openapi.json')
    expect([status, body]).toEqual([200, DOCUMENT])
  })
})
