/** The body of `POST /v1/authenticate`: a call as another service received it. */
import { closed, jsonPointer } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ReceivedCall } from '../signature/call.js'
import { faultOf, type MemberAbout } from './about.js'
import { jsonOfBody, malformedBody } from './json-body.js'
import { withSchema } from './json-schema.js'
import type { ReadFault } from './problem.js'
import { Action, Context, Resource, Resources } from './question-members.js'

const HEADERS_MAX = 128
const PATH_CHARACTERS_MAX = 8_192
const QUERY_CHARACTERS_MAX = 65_536
const HEADER_NAME = "^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$"

const textMatching = (name: string, pattern: string) => {
  const shape = new RegExp(pattern)
  return withSchema(
    t.refinement(t.string, (text) => shape.test(text), name),
    { pattern },
  )
}

const Query = withSchema(
  t.refinement(t.string, (text) => text.length <= QUERY_CHARACTERS_MAX, 'Query'),
  { maxLength: QUERY_CHARACTERS_MAX },
)

const headerName = new RegExp(HEADER_NAME)
const Headers = withSchema(
  t.refinement(
    t.record(t.string, t.string),
    (headers) => {
      const names = Object.keys(headers)
      return names.length <= HEADERS_MAX && names.every((name) => headerName.test(name))
    },
    'Headers',
  ),
  { maxProperties: HEADERS_MAX, propertyNames: { pattern: HEADER_NAME } },
)

/** Whoever assumes a role needs its trust too, which is asked of `POST /v1/decide`. */
const DecidedAction = withSchema(
  t.refinement(Action, (action) => action.toLowerCase() !== 'sts:assumerole', 'DecidedAction'),
  { not: { pattern: '^[sS][tT][sS]:[aA][sS][sS][uU][mM][eE][rR][oO][lL][eE]$' } },
)

export const AuthenticateBody = closed(
  {
    method: textMatching('Method', '^[A-Z]{1,16}$'),
    path: textMatching('Path', `^/[\\s\\S]{0,${PATH_CHARACTERS_MAX - 1}}$`),
    query: Query,
    headers: Headers,
    bodyDigest: textMatching('Digest', '^[0-9a-f]{64}$'),
  },
  {
    decide: closed(
      { action: DecidedAction, resource: t.union([Resource, Resources]) },
      { context: Context },
      'AskedDecision',
    ),
  },
  'AuthenticateBody',
)
export type AuthenticateBody = t.TypeOf<typeof AuthenticateBody>

export const readAuthenticateBody = (
  call: ReceivedCall,
  about: ReadonlyArray<MemberAbout>,
): E.Either<ReadFault, AuthenticateBody> => {
  const json = jsonOfBody(call)
  if (E.isLeft(json)) return json
  const decoded = AuthenticateBody.decode(json.right)
  if (E.isRight(decoded)) return decoded
  const name = decoded.left[0]?.context.at(1)?.key
  return name === undefined
    ? malformedBody('', 'it must be a JSON object')
    : malformedBody(jsonPointer([name]), faultOf(about, name, 'member'))
}
