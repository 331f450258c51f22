/**
 * Bearer tokens by OAuth 2.0 client credentials: an AccessKey is shown once, and the token that it
 * is given for stands for it until shortly before its end. Calls that need one at the same time
 * share one request.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ClientError } from './errors.js'
import { type Limits, onlyOk, send, textOf } from './send.js'
import type { Credentials } from './sign.js'

export const TOKEN_PATH = '/oauth2/token'

/** The part of a token's life in which it is used; in the rest the next one is fetched. */
const USED_PART = 0.8

/** Of the token answer of RFC 6749, what is needed. `expires_in` is in seconds. */
const TokenAnswer = t.type({
  access_token: t.string,
  token_type: t.string,
  expires_in: t.number,
})

export type BearerTokens = {
  readonly get: (limits: Limits) => Promise<E.Either<ClientError, string>>
  /** Says that a token was not accepted. */
  readonly forget: (token: string) => void
}

type Asked = {
  readonly fetchOne: typeof fetch
  readonly endpoint: string
  readonly credentials: () => Promise<E.Either<ClientError, Credentials>>
  /** Milliseconds, from any start. */
  readonly now: () => number
}

type Held = { readonly token: string; readonly usedUntil: number }

const malformed = (detail: string): E.Either<ClientError, never> =>
  E.left({ type: 'AnswerMalformed', status: 200, detail })

const decodeToken = (text: string, askedAt: number): E.Either<ClientError, Held> => {
  const parsed = E.tryCatch(
    () => JSON.parse(text) as unknown,
    () => null,
  )
  const answer = TokenAnswer.decode(E.isRight(parsed) ? parsed.right : null)
  if (E.isLeft(answer)) return malformed('the token answer is not one of RFC 6749')
  const { access_token: token, token_type: type, expires_in: seconds } = answer.right
  return type.toLowerCase() === 'bearer'
    ? E.right({ token, usedUntil: askedAt + seconds * 1_000 * USED_PART })
    : malformed('the token is no bearer token')
}

/** Name and secret stand in the header as a form spells them (RFC 6749, 2.3.1). */
const basicOf = ({ accessKeyId, accessKeySecret }: Credentials): string => {
  const pair = [accessKeyId, accessKeySecret].map(encodeURIComponent).join(':')
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

const fetchToken = async (
  { fetchOne, endpoint, credentials, now }: Asked,
  limits: Limits,
): Promise<E.Either<ClientError, Held>> => {
  const key = await credentials()
  if (E.isLeft(key)) return key
  if (key.right.securityToken !== undefined)
    return E.left({ type: 'NoCredentials', detail: 'a session signs its calls' })
  const askedAt = now()
  const headers = {
    authorization: basicOf(key.right),
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
  const body = 'grant_type=client_credentials'
  const url = `${endpoint}${TOKEN_PATH}`
  const sent = await send(fetchOne, { url, method: 'POST', headers, body }, limits)
  if (E.isLeft(sent)) return sent
  const reply = await onlyOk(sent.right)
  if (E.isLeft(reply)) return reply
  const text = await textOf(reply.right)
  return E.isLeft(text) ? text : decodeToken(text.right, askedAt)
}

export const bearerTokens = (asked: Asked): BearerTokens => {
  let held: Held | null = null
  let coming: Promise<E.Either<ClientError, Held>> | null = null

  /** What several calls wait for is not ended by the signal of one of them. */
  const fetchShared = async (timeoutMs: number): Promise<E.Either<ClientError, Held>> => {
    const fetched = await fetchToken(asked, { timeoutMs, signal: undefined })
    if (E.isRight(fetched)) held = fetched.right
    coming = null
    return fetched
  }
  return {
    get: async ({ timeoutMs }) => {
      if (held !== null && asked.now() < held.usedUntil) return E.right(held.token)
      coming ??= fetchShared(timeoutMs)
      const fetched = await coming
      return E.isLeft(fetched) ? fetched : E.right(fetched.right.token)
    },
    forget: (token) => {
      if (held?.token === token) held = null
    },
  }
}
