/**
 * Any path of the read API, asked with the codec of its answer: what the typed questions are made
 * of, and how a path is reached that this client has no word for.
 */
import * as E from 'fp-ts/lib/Either.js'
import { type Codec, decodeText } from './decode.js'
import { each } from './each.js'
import type { ClientError } from './errors.js'
import { type Asked, type CallOptions, exchange, type Surroundings } from './exchange.js'
import { textOf } from './send.js'
import type { Names } from './sign.js'

export type Answer<A> = Promise<E.Either<ClientError, A>>

/** What every path can be asked by, also one that this client has no word for. */
export type Paths = {
  readonly get: <A>(path: string, query: Names, codec: Codec<A>, options?: CallOptions) => Answer<A>
  /** A question in a body: it changes nothing, and may be asked again. */
  readonly ask: <A>(
    path: string,
    body: unknown,
    codec: Codec<A>,
    options?: CallOptions,
  ) => Answer<A>
  /** An order: it is given once, and when no answer comes it may have been carried out. */
  readonly order: <A>(
    path: string,
    body: unknown,
    codec: Codec<A>,
    options?: CallOptions,
  ) => Answer<A>
  /** The items of a paged path, one by one, to the end; a left is the last that comes. */
  readonly each: <A>(
    path: string,
    query: Names,
    codec: Codec<A>,
    options?: CallOptions,
  ) => AsyncGenerator<E.Either<ClientError, A>, void, undefined>
  /** The same of a path that is asked in a body. */
  readonly askEach: <A>(
    path: string,
    body: Readonly<Record<string, unknown>>,
    codec: Codec<A>,
    options?: CallOptions,
  ) => AsyncGenerator<E.Either<ClientError, A>, void, undefined>
}

const JSON_TYPE = 'application/json'

export const QUESTION = { isChange: false, isRepeatable: true, accept: JSON_TYPE } as const
export const ORDER = { isChange: true, isRepeatable: false, accept: JSON_TYPE } as const
const V1 = { action: 'Read', version: 'v1' } as const

export const answerTo = async <A>(
  around: Surroundings,
  asked: Asked,
  codec: Codec<A>,
  options: CallOptions | undefined,
): Answer<A> => {
  const reply = await exchange(around, asked, options)
  if (E.isLeft(reply)) return reply
  const text = await textOf(reply.right)
  return E.isLeft(text) ? text : decodeText(text.right, codec)
}

export const pathsOn = (around: Surroundings): Paths => {
  const post = { method: 'POST', query: {}, ...V1 } as const
  return {
    get: (path, query, codec, options) => {
      const call = { method: 'GET', path, query, body: '', ...V1 } as const
      return answerTo(around, { ...call, ...QUESTION }, codec, options)
    },
    ask: (path, body, codec, options) =>
      answerTo(around, { ...post, path, body: JSON.stringify(body), ...QUESTION }, codec, options),
    order: (path, body, codec, options) =>
      answerTo(around, { ...post, path, body: JSON.stringify(body), ...ORDER }, codec, options),
    each: (path, query, codec, options = {}) => each(around, { path, query }, codec, options),
    askEach: (path, body, codec, options = {}) => each(around, { path, body }, codec, options),
  }
}
