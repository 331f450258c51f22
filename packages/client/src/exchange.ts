/**
 * One call with everything that surrounds it: credentials, consistency tokens, a limit in time, and
 * further attempts where the call may be made again.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { AtLeast } from './at-least.js'
import type { BearerTokens } from './bearer.js'
import type { ClientError } from './errors.js'
import { isPassing, pause, pauseMs, type RetrySettings } from './retry.js'
import { type Limits, onlyOk, type Reply, retryAfterOf, send } from './send.js'
import { type Call, type Credentials, type Names, queryText, signedHeaders } from './sign.js'

const AT_LEAST_HEADER = 'x-grantlog-at-least'
const POSITION_HEADER = 'x-grantlog-position-token'

export type CallOptions = {
  /** Ends the call, its pauses and its further attempts. */
  readonly signal?: AbortSignal
  /** How long the server may be silent. Unit: milliseconds. */
  readonly timeoutMs?: number
  /** A consistency token from elsewhere: the answer is at least as fresh. */
  readonly atLeast?: string
  /** Why the call is made, and which ticket asked for it; kept on record. 256 characters each. */
  readonly reason?: string
  readonly ticket?: string
}

/** A call, and what may be done with it. */
export type Asked = Call & {
  /** Whether it changes something. */
  readonly isChange: boolean
  /** Whether making it twice is as good as making it once. */
  readonly isRepeatable: boolean
  readonly accept: string
}

export type Surroundings = {
  readonly endpoint: string
  readonly host: string
  readonly fetchOne: typeof fetch
  readonly credentials: () => Promise<E.Either<ClientError, Credentials>>
  /** Absent where calls are signed. */
  readonly tokens: BearerTokens | undefined
  readonly atLeast: AtLeast
  readonly retries: RetrySettings
  readonly timeoutMs: number
  readonly clock: () => number
  readonly chance: () => number
}

type Proof = { readonly headers: Names; readonly bearer?: string }

const proofOf = async (
  around: Surroundings,
  asked: Asked,
  limits: Limits,
): Promise<E.Either<ClientError, Proof>> => {
  if (around.tokens !== undefined) {
    const token = await around.tokens.get(limits)
    if (E.isLeft(token)) return token
    const bearer = token.right
    return E.right({ bearer, headers: { authorization: `Bearer ${bearer}` } })
  }
  const key = await around.credentials()
  if (E.isLeft(key)) return key
  // The host stands in the URL, and fetch makes its header.
  const { host: _, ...headers } = signedHeaders(key.right, asked, around.host, around.clock())
  return E.right({ headers })
}

/** A header takes bytes, each as a character: here those of UTF-8. */
const headerText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

const notesOf = ({ reason, ticket }: CallOptions): Names => ({
  ...(reason === undefined ? {} : { 'x-grantlog-reason': headerText(reason) }),
  ...(ticket === undefined ? {} : { 'x-grantlog-ticket': headerText(ticket) }),
})

type Tried = {
  readonly outcome: E.Either<ClientError, Reply>
  readonly retryAfterMs: number
  /** The bearer token ended meanwhile, or was revoked: a new one may do, once. */
  readonly isTokenOver?: boolean
}

const tryOnce = async (
  around: Surroundings,
  asked: Asked,
  options: CallOptions,
  limits: Limits,
): Promise<Tried> => {
  const proof = await proofOf(around, asked, limits)
  if (E.isLeft(proof)) return { outcome: proof, retryAfterMs: 0 }
  const carried = around.atLeast.carried()
  const tokens = [...carried, ...(options.atLeast === undefined ? [] : [options.atLeast])]
  const query = queryText(asked.query)
  const { method, path, body, accept, isChange } = asked
  const headers = {
    accept,
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    ...proof.right.headers,
    ...notesOf(options),
    ...(tokens.length === 0 ? {} : { [AT_LEAST_HEADER]: tokens.join(',') }),
  }
  const url = `${around.endpoint}${path}${query === '' ? '' : `?${query}`}`
  const sent = await send(around.fetchOne, { url, method, headers, body }, limits)
  if (E.isLeft(sent)) return { outcome: sent, retryAfterMs: 0 }
  const reply = sent.right
  const token = reply.header(POSITION_HEADER)
  if (token !== null) around.atLeast.learn(token, { carried, isChange })
  const { bearer } = proof.right
  const isTokenOver = reply.status === 401 && bearer !== undefined
  if (isTokenOver) around.tokens?.forget(bearer)
  return { outcome: await onlyOk(reply), retryAfterMs: retryAfterOf(reply), isTokenOver }
}

/** The reply of status 200, or why there is none. */
export const exchange = async (
  around: Surroundings,
  asked: Asked,
  options: CallOptions = {},
): Promise<E.Either<ClientError, Reply>> => {
  const { retries } = around
  const limits = { timeoutMs: options.timeoutMs ?? around.timeoutMs, signal: options.signal }
  let isRenewed = false
  for (let attempt = 1; ; attempt += 1) {
    const { outcome, retryAfterMs, isTokenOver } = await tryOnce(around, asked, options, limits)
    if (E.isRight(outcome)) return outcome
    if (isTokenOver === true && !isRenewed) {
      isRenewed = true
      continue
    }
    const isAgain = asked.isRepeatable && isPassing(outcome.left)
    if (!isAgain || attempt >= retries.attemptsMax) return outcome
    const ms = pauseMs(retries, attempt, around.chance(), retryAfterMs)
    if (!(await pause(ms, options.signal))) return E.left({ type: 'Aborted' })
  }
}
