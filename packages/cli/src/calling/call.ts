/**
 * Calls the server through the typed client, and tells its errors as failures of this tool.
 */
import { type CallOptions, type ClientError, openClient, type Product } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Failure } from '../failure.js'
import type { Json, JsonRecord } from '../json.js'
import type { Connection } from '../settings/connection.js'

export type Names = Readonly<Record<string, string>>

export type Request =
  | { readonly type: 'Get'; readonly path: string; readonly query: Names }
  /** A question in a body: it changes nothing, and may be asked again. */
  | { readonly type: 'Ask'; readonly path: string; readonly body: Json }
  | { readonly type: 'Order'; readonly path: string; readonly body: Json }
  | {
      readonly type: 'Operation'
      readonly product: Product
      readonly name: string
      readonly parameters: Names
    }

export type Caller = (request: Request) => Promise<E.Either<Failure, Json>>

/** An answer is an object; what is in it is shown as it is, and looked into with care. */
const Answer = new t.Type<JsonRecord, JsonRecord, unknown>(
  'Answer',
  (value): value is JsonRecord => t.UnknownRecord.is(value),
  (value, context) =>
    t.UnknownRecord.is(value) ? t.success(value as JsonRecord) : t.failure(value, context),
  (answer) => answer,
)

/** A person waits: twice again, and soon. */
const RETRIES = { attemptsMax: 3, baseMs: 100, capMs: 1_000 } as const

/** An answer that is no problem of grantlog comes from what stands before it, or from elsewhere. */
const unlikeGrantlog = (endpoint: string, status: number): Failure => ({
  type: status >= 500 ? 'Unreachable' : 'AnswerUnreadable',
  endpoint,
  detail: `status ${status}`,
})

const failureOf = (endpoint: string, error: ClientError): Failure => {
  switch (error.type) {
    case 'Refused':
    case 'Unavailable': {
      const { status, code, detail, requestId = null } = error.problem
      if (code === `Http${status}`) return unlikeGrantlog(endpoint, status)
      // A problem came as JSON and may say more than its codec names.
      const answer = error.problem as unknown as Json
      return { type: 'Refused', status, code, detail, requestId, answer }
    }
    case 'Unreachable':
      return { type: 'Unreachable', endpoint, detail: error.detail }
    case 'TimedOut':
      return { type: 'Unreachable', endpoint, detail: `no answer in ${error.timeoutMs / 1000} s` }
    case 'Aborted':
      return { type: 'Unreachable', endpoint, detail: 'the call was ended' }
    case 'AnswerMalformed':
    case 'NoCredentials':
      return { type: 'AnswerUnreadable', endpoint, detail: error.detail }
  }
}

/** Signs and sends requests as one caller. */
export const callerOf = (connection: Connection): Caller => {
  const { endpoint, credentials, timeoutMs, notes } = connection
  const client = openClient({ endpoint, credentials, timeoutMs, retries: RETRIES })
  const options: CallOptions = notes
  const send = (request: Request): Promise<E.Either<ClientError, Json>> => {
    switch (request.type) {
      case 'Get':
        return client.get(request.path, request.query, Answer, options)
      case 'Ask':
        return client.ask(request.path, request.body, Answer, options)
      case 'Order':
        return client.order(request.path, request.body, Answer, options)
      case 'Operation': {
        const { product, name, parameters } = request
        return client.operation(product, name, parameters, options) as Promise<
          E.Either<ClientError, JsonRecord>
        >
      }
    }
  }
  return async (request) =>
    E.mapLeft((error: ClientError) => failureOf(endpoint, error))(await send(request))
}

/** Who calls, as STS says it. */
export const CALLER_IDENTITY: Request = {
  type: 'Operation',
  product: 'Sts',
  name: 'GetCallerIdentity',
  parameters: {},
}
