/**
 * Why no token was given, and what is answered then (RFC 6749, section 5.2).
 */
import type { EngineError } from '@grantlog/engine'
import type { HttpAnswer } from '../http.js'
import { errorOf } from '../rpc/errors.js'
import type { SignatureFault } from '../signature/faults.js'
import type { OauthError, OauthErrorCode, TokenAnswer } from './described.js'

export type TokenFault =
  | { readonly type: 'RequestMalformed'; readonly description: string }
  | { readonly type: 'PostNeeded' }
  | { readonly type: 'GrantTypeUnsupported' }
  | { readonly type: 'ScopeUnknown' }
  | { readonly type: 'ClientMissing' }
  /** No such key, not active, or another secret: which of them is not told. */
  | { readonly type: 'ClientRefused' }
  | { readonly type: 'TooManyWrongSecrets'; readonly retryAfterMs: number }
  /** The request could not be taken, or the engine could not answer. */
  | { readonly type: 'NotTaken'; readonly cause: SignatureFault | EngineError }

type Refused = {
  readonly status: number
  readonly error: OauthErrorCode
  readonly description: string
  readonly headers?: Readonly<Record<string, string>>
}

const BASIC_CHALLENGE = { 'www-authenticate': 'Basic realm="grantlog"' }

const retryAfter = (ms: number): Readonly<Record<string, string>> => ({
  'retry-after': String(Math.ceil(ms / 1000)),
})

const notTaken = (cause: SignatureFault | EngineError): Refused => {
  const { status, message, retryAfterMs } = errorOf(cause)
  return {
    status,
    error: status < 500 && status !== 429 ? 'invalid_request' : 'temporarily_unavailable',
    description: message,
    ...(retryAfterMs === undefined ? {} : { headers: retryAfter(retryAfterMs) }),
  }
}

export const oauthErrorOf = (fault: TokenFault): Refused => {
  switch (fault.type) {
    case 'RequestMalformed':
      return { status: 400, error: 'invalid_request', description: fault.description }
    case 'PostNeeded': {
      const description = 'A token is asked for with POST.'
      return { status: 405, error: 'invalid_request', description, headers: { allow: 'POST' } }
    }
    case 'GrantTypeUnsupported':
      return {
        status: 400,
        error: 'unsupported_grant_type',
        description: 'The grant type must be client_credentials.',
      }
    case 'ScopeUnknown':
      return {
        status: 400,
        error: 'invalid_scope',
        description: 'There are no scopes: a token may do what its key may do.',
      }
    case 'ClientMissing':
      return {
        status: 401,
        error: 'invalid_client',
        description: 'The client must give its AccessKey id and secret.',
        headers: BASIC_CHALLENGE,
      }
    case 'ClientRefused':
      return {
        status: 401,
        error: 'invalid_client',
        description: 'There is no such client, or this is not its secret.',
        headers: BASIC_CHALLENGE,
      }
    case 'TooManyWrongSecrets':
      return {
        status: 429,
        error: 'temporarily_unavailable',
        description: 'Too many wrong secrets were tried for this client.',
        headers: retryAfter(fault.retryAfterMs),
      }
    case 'NotTaken':
      return notTaken(fault.cause)
  }
}

const NEVER_KEPT = {
  'content-type': 'application/json;charset=utf-8',
  'cache-control': 'no-store',
  pragma: 'no-cache',
}

/** What goes out: nobody may keep it. */
export const oauthAnswer = (
  status: number,
  members: TokenAnswer | OauthError,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  status,
  headers: { ...NEVER_KEPT, ...headers },
  body: JSON.stringify(members),
})
