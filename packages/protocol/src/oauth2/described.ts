/**
 * What the token endpoint takes and answers (RFC 6749, sections 4.4 and 5), as codecs and as a path
 * of the OpenAPI document.
 */
import * as t from 'io-ts'
import { type Definitions, type JsonSchema, schemaOf, withSchema } from '../v1/json-schema.js'
import { TOKEN_PATH } from './token-path.js'

/** The `error` of an answer: those of RFC 6749, and one for what passes. */
export const OauthErrorCode = t.union(
  [
    t.literal('invalid_request'),
    t.literal('invalid_client'),
    t.literal('unsupported_grant_type'),
    t.literal('invalid_scope'),
    t.literal('temporarily_unavailable'),
  ],
  'OauthErrorCode',
)
export type OauthErrorCode = t.TypeOf<typeof OauthErrorCode>

export const OauthError = t.type(
  { error: OauthErrorCode, error_description: t.string },
  'OauthError',
)
export type OauthError = t.TypeOf<typeof OauthError>

/** `expires_in` is in seconds. */
export const TokenAnswer = t.type(
  { access_token: t.string, token_type: t.literal('Bearer'), expires_in: t.number },
  'TokenAnswer',
)
export type TokenAnswer = t.TypeOf<typeof TokenAnswer>

const described = (description: string) =>
  withSchema(
    t.refinement(t.string, () => true),
    { description },
  )

const NoScope = withSchema(
  t.refinement(t.string, (scope) => scope === ''),
  { maxLength: 0, description: 'There are no scopes: a token may do what its key may do.' },
)

/** The fields of the form. The client is named here, or in the header. */
export const TokenForm = t.intersection(
  [
    t.type({ grant_type: t.literal('client_credentials') }),
    t.partial({
      client_id: described('The id of an AccessKey, where no header names the client.'),
      client_secret: described('Its secret, where no header shows it.'),
      security_token: described('Of a temporary AccessKey its SecurityToken.'),
      scope: NoScope,
    }),
  ],
  'TokenForm',
)

/** How a client shows its key in the header: the id and the secret as a form spells them. */
export const CLIENT_SCHEME = {
  client: {
    type: 'http',
    scheme: 'basic',
    description:
      'The id of an AccessKey and its secret, each encoded as in a form (RFC 6749, 2.3.1).',
  },
} as const

const header = (description: string) => ({ description, schema: { type: 'string' } })

/** What each status means, beside the body that all errors have. */
const ERRORS = {
  '400': { description: 'The request is not one for a token.' },
  '401': {
    description: 'No client is named, there is no such client, or this is not its secret.',
    headers: { 'www-authenticate': header('`Basic`.') },
  },
  '405': {
    description: 'A token is asked for with POST.',
    headers: { allow: header('`POST`.') },
  },
  '429': {
    description: 'Too many wrong secrets were tried for this client.',
    headers: { 'retry-after': header('After how many seconds it may be tried again.') },
  },
  default: { description: 'The request was not taken.' },
} as const

/** The path of the document. */
export const tokenPathItem = (
  definitions: Definitions,
): Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> => {
  const content = { 'application/json': { schema: schemaOf(OauthError, definitions) } }
  const errors = Object.entries(ERRORS).map(([status, told]) => [status, { ...told, content }])
  const form = { schema: schemaOf(TokenForm, definitions) }
  const operation: JsonSchema = {
    operationId: 'postOauth2Token',
    summary:
      'Gives an access token for an AccessKey: OAuth 2.0 client credentials (RFC 6749, 4.4).',
    description:
      'The client shows its key in the header by HTTP Basic, or in the form by `client_id` and `client_secret`; the secret once.',
    security: [{ client: [] }, {}],
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': form } },
    responses: {
      '200': {
        description: 'The token, and for how many seconds it is good.',
        content: { 'application/json': { schema: schemaOf(TokenAnswer, definitions) } },
      },
      ...Object.fromEntries(errors),
    },
  }
  return { [TOKEN_PATH]: { post: operation } }
}
