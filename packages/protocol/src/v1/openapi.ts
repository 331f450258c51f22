/**
 * `GET /v1/openapi.json`: the read API as an OpenAPI 3.1 document, made of what each route says of
 * itself and of its codecs, and the endpoints of AuthZEN and of tokens beside it. Everybody may
 * read it, unsigned too.
 */
import { Problem } from '@grantlog/client/shapes'
import * as t from 'io-ts'
import { AUTHZEN_DESCRIBED } from '../authzen/abouts.js'
import type { HttpAnswer } from '../http.js'
import { CLIENT_SCHEME, tokenPathItem } from '../oauth2/described.js'
import { TOKEN_PATH } from '../oauth2/token-path.js'
import { AT_LEAST_HEADER, POSITION_HEADER } from '../rpc/position-tokens.js'
import { REASON_HEADER, TICKET_HEADER } from '../rpc/scene.js'
import type { MemberAbout, RouteAbout } from './about.js'
import { OWN_ROUTES } from './index-page.js'
import { type Definitions, type JsonSchema, schemaOf } from './json-schema.js'
import { LINES_TYPE } from './paged.js'
import type { Route } from './route.js'

/** What a route says, whether it is one of the table or answered before it. */
export type Described = Pick<Route, 'method' | 'about'>

const SECURITY_SCHEMES = {
  acs3: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'ACS3-HMAC-SHA256 over the call, made with an AccessKey.',
  },
  v1: {
    type: 'apiKey',
    in: 'query',
    name: 'Signature',
    description: 'Signature version 1.0, HMAC-SHA1, made with an AccessKey.',
  },
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token that was given for an AccessKey.',
  },
  oauth2: {
    type: 'oauth2',
    description: 'How a token is got: the client is an AccessKey, its id and its secret.',
    // There are no scopes: a token may do what its key may do.
    flows: { clientCredentials: { tokenUrl: TOKEN_PATH, scopes: {} } },
  },
} as const

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
})

const HEADERS = [
  header(
    AT_LEAST_HEADER,
    'Consistency tokens, separated by commas: the answer is as fresh as all.',
  ),
  header(REASON_HEADER, 'Why the call is made; kept with what it records.'),
  header(TICKET_HEADER, 'Which ticket asked for it; kept with what it records.'),
]

const placesOf = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))

const parameterOf = ({ name, isNeeded, rule, meaning, schema }: MemberAbout) => ({
  name,
  in: 'query',
  required: isNeeded,
  description: `${meaning} It must be ${rule}.`,
  schema: schema ?? { type: 'string' },
})

/** The words of the table stand beside the types of the codec. */
const withMeanings = (
  schema: JsonSchema,
  meanings: Readonly<Record<string, string>>,
): JsonSchema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries({ ...(schema['properties'] as Record<string, JsonSchema>) }).map(
      ([name, shape]) => {
        const description = meanings[name]
        return [name, description === undefined ? shape : { ...shape, description }]
      },
    ),
  ),
})

/** Of a union each of its members, of all else the codec itself. */
const membersOf = (codec: t.Mixed): ReadonlyArray<t.Mixed> =>
  codec instanceof t.UnionType ? codec.types : [codec]

/** Defines a codec with the meanings of its members; a route without codecs tells names alone. */
const bodySchema = (
  codec: NonNullable<RouteAbout['shapes']>['answer'] | undefined,
  meanings: Readonly<Record<string, string>>,
  definitions: Definitions,
): JsonSchema => {
  if (codec === undefined) {
    const properties = Object.fromEntries(Object.keys(meanings).map((name) => [name, {}]))
    return withMeanings({ type: 'object', properties }, meanings)
  }
  const schema = schemaOf(codec, definitions)
  const named = membersOf(codec).filter(({ name }) => definitions.has(name))
  for (const { name } of named)
    definitions.set(name, withMeanings(definitions.get(name) ?? {}, meanings))
  return named.length === 0 ? withMeanings(schema, meanings) : schema
}

const meaningsOf = (members: ReadonlyArray<MemberAbout>): Readonly<Record<string, string>> =>
  Object.fromEntries(members.map(({ name, rule, meaning }) => [name, `${meaning} ${rule}`]))

/** AuthZEN has errors of its own. */
const isOfAuthzen = (path: string): boolean => !path.startsWith('/v1/')

const answersOf = (about: RouteAbout, definitions: Definitions) => {
  const { path, shapes, answer, query, body } = about
  const schema = bodySchema(shapes?.answer, answer, definitions)
  const isPaged = [...query, ...(body ?? [])].some(({ name }) => name === 'after')
  const lines = { [LINES_TYPE]: { schema: { type: 'string' } } }
  const problem = { 'application/problem+json': { schema: schemaOf(Problem, definitions) } }
  const sentence = { 'text/plain': { schema: { type: 'string' } } }
  return {
    '200': {
      description: 'The answer.',
      headers: { [POSITION_HEADER]: { schema: { type: 'string' } } },
      content: { 'application/json': { schema }, ...(isPaged ? lines : {}) },
    },
    default: isOfAuthzen(path)
      ? {
          description: 'One sentence; a problem (RFC 9457) where no endpoint took the call.',
          content: { ...sentence, ...problem },
        }
      : { description: 'A problem (RFC 9457).', content: problem },
  }
}

/**
 * `GET /v1/accounts/{accountId}/events` becomes `getAccountsEvents`, and what is under
 * `/access/v1/` likewise.
 */
const operationIdOf = ({ method, about: { path } }: Described): string =>
  [
    method.toLowerCase(),
    ...path
      .replace(/^\/access/, '')
      .split('/')
      .slice(2),
  ]
    .filter((part) => !part.startsWith('{'))
    .join('-')
    .replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())

const operationOf = (described: Described, definitions: Definitions): JsonSchema => {
  const { about } = described
  const { path, does, permission, query, body, shapes } = about
  const needs =
    permission === null
      ? 'Needs no permission, and no signature.'
      : `Needs \`${permission.action}\` on \`${permission.resource}\`.`
  const isPublic = permission === null
  return {
    operationId: operationIdOf(described),
    summary: does,
    description: needs,
    ...(isPublic ? { security: [] } : {}),
    parameters: [...placesOf(path), ...query.map(parameterOf), ...(isPublic ? [] : HEADERS)],
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: body.some(({ isNeeded }) => isNeeded),
            content: {
              'application/json': {
                schema: bodySchema(shapes?.body, meaningsOf(body), definitions),
              },
            },
          },
        }),
    responses: answersOf(about, definitions),
  }
}

/** The document, from the routes of the table. */
export const openApiOf = (routes: ReadonlyArray<Described>): JsonSchema => {
  const definitions: Definitions = new Map()
  const paths: Record<string, Record<string, JsonSchema>> = { ...tokenPathItem(definitions) }
  for (const described of [...OWN_ROUTES, ...routes, ...AUTHZEN_DESCRIBED]) {
    const { path } = described.about
    const method = described.method.toLowerCase()
    paths[path] = { ...paths[path], [method]: operationOf(described, definitions) }
  }
  const schemas = Object.fromEntries([...definitions].sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    openapi: '3.1.0',
    info: {
      title: 'grantlog',
      version: 'v1',
      description:
        'Questions about who may do what, now and then, and what happened; under /access/v1/ in the ' +
        'words of AuthZEN 1.0.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: Object.keys(SECURITY_SCHEMES).map((name) => ({ [name]: [] })),
    paths,
    components: { securitySchemes: { ...SECURITY_SCHEMES, ...CLIENT_SCHEME }, schemas },
  }
}

/** Made once, when it is first asked for. */
export const openApiResponse = (routes: ReadonlyArray<Described>): (() => HttpAnswer) => {
  let body: string | undefined
  return () => {
    body ??= JSON.stringify(openApiOf(routes))
    return { status: 200, headers: { 'content-type': 'application/json;charset=utf-8' }, body }
  }
}
