/**
 * Asks for a bearer token by OAuth 2.0 client credentials: the AccessKey is the client.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Failure } from '../failure.js'
import { type Json, parseJson } from '../json.js'
import type { Connection } from '../settings/connection.js'

/** The largest answer that is read. Unit: characters. */
const ANSWER_CHARACTERS_MAX = 65_536

const Token = t.type({ access_token: t.string, token_type: t.string, expires_in: t.number })
const Refusal = t.intersection([
  t.type({ error: t.string }),
  t.partial({ error_description: t.string }),
])

const answerOf = (endpoint: string, status: number, text: string): E.Either<Failure, Json> => {
  const parsed = text.length > ANSWER_CHARACTERS_MAX ? null : parseJson(text)
  const answer = parsed?.value ?? null
  if (status === 200 && Token.is(answer)) return E.right(answer)
  if (Refusal.is(answer)) {
    const { error: code, error_description: detail = code } = answer
    return E.left({ type: 'Refused', status, code, detail, requestId: null, answer })
  }
  return E.left({ type: 'AnswerUnreadable', endpoint, detail: `status ${status}, and no token` })
}

const codeOf = (fault: unknown): string => {
  const { name, message, cause } = fault as Error & { readonly cause?: { readonly code?: string } }
  return name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? message)
}

export const fetchToken = async (connection: Connection): Promise<E.Either<Failure, Json>> => {
  const { endpoint, credentials, timeoutMs } = connection
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const pair = [accessKeyId, accessKeySecret].map(encodeURIComponent).join(':')
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (securityToken !== undefined) form.set('security_token', securityToken)
  try {
    const response = await fetch(`${endpoint}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
      body: form,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return answerOf(endpoint, response.status, await response.text())
  } catch (fault) {
    return E.left({ type: 'Unreachable', endpoint, detail: codeOf(fault) })
  }
}
