/**
 * Calls the server: one signed request, its answer as JSON, or what went wrong.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../failure.js'
import { type Json, parseJson, textAt } from '../json.js'
import type { Connection } from '../settings/connection.js'
import { queryText, signedHeaders } from './acs3.js'

export type Query = Readonly<Record<string, string>>

export type Request = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Query
  readonly body?: Json
  /** The operation and version of a call to RAM or STS. */
  readonly operation?: { readonly action: string; readonly version: string }
}

export type Caller = (request: Request) => Promise<E.Either<Failure, Json>>

/** The largest answer that is taken. Unit: bytes. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/** The text of an answer; null when it is larger than any that is expected. */
const textOf = async (response: Response): Promise<string | null> => {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > ANSWER_BYTES_MAX) return null
    parts.push(Buffer.from(part))
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Undici wraps the reason; its code is what people know. */
const detailOf = (fault: unknown): string => {
  const { name, message, cause } = fault as Error & { readonly cause?: unknown }
  if (name === 'TimeoutError') return 'no answer in time'
  const { code, message: inner } = (cause ?? {}) as { readonly code?: string; message?: string }
  return code ?? inner ?? message
}

/** RAM and STS answer with `Code` and `Message`, the read API with a problem, OAuth with `error`. */
const refused = (status: number, answer: Json): Failure => ({
  type: 'Refused',
  status,
  code: textAt(answer, 'code') || textAt(answer, 'Code') || textAt(answer, 'error') || 'Unknown',
  detail:
    textAt(answer, 'detail') ||
    textAt(answer, 'Message') ||
    textAt(answer, 'error_description') ||
    `The server answered with status ${status}.`,
  requestId: textAt(answer, 'requestId') || textAt(answer, 'RequestId') || null,
  answer,
})

const answerOf = (endpoint: string, status: number, text: string): E.Either<Failure, Json> => {
  const parsed = parseJson(text)
  if (parsed === null)
    return E.left(
      status >= 500
        ? { type: 'Unreachable', endpoint, detail: `status ${status}` }
        : { type: 'AnswerUnreadable', endpoint, detail: `status ${status}, and no JSON` },
    )
  return status >= 200 && status < 300
    ? E.right(parsed.value)
    : E.left(refused(status, parsed.value))
}

const send = async (
  { endpoint, timeoutMs }: Connection,
  target: string,
  init: RequestInit,
): Promise<E.Either<Failure, Json>> => {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(`${endpoint}${target}`, { ...init, signal, redirect: 'error' })
    const text = await textOf(response)
    return text === null
      ? E.left({ type: 'AnswerUnreadable', endpoint, detail: 'its answer is too large' })
      : answerOf(endpoint, response.status, text)
  } catch (fault) {
    return E.left({ type: 'Unreachable', endpoint, detail: detailOf(fault) })
  }
}

/** Signs and sends requests as one caller. */
export const callerOf =
  (connection: Connection): Caller =>
  (request) => {
    const { endpoint, credentials, headers } = connection
    const { method, path, query = {}, operation = { action: 'Ask', version: 'v1' } } = request
    const body = request.body === undefined ? '' : JSON.stringify(request.body)
    const sent = queryText(query)
    const { host } = new URL(endpoint)
    const signable = { method, host, path, query: sent, body, ...operation }
    const { host: _, ...signed } = signedHeaders(credentials, signable, Date.now())
    return send(connection, sent === '' ? path : `${path}?${sent}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === '' ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...signed,
      },
      ...(body === '' ? {} : { body }),
    })
  }

/** A bearer token by OAuth 2.0 client credentials: the AccessKey is the client. */
export const fetchToken = (connection: Connection): Promise<E.Either<Failure, Json>> => {
  const { accessKeyId, accessKeySecret, securityToken } = connection.credentials
  const basic = Buffer.from(
    `${encodeURIComponent(accessKeyId)}:${encodeURIComponent(accessKeySecret)}`,
  )
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (securityToken !== undefined) form.set('security_token', securityToken)
  return send(connection, '/oauth2/token', {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Basic ${basic.toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form.toString(),
  })
}
