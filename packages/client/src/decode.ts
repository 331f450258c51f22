/** From the text of an answer to a value, by a codec. */
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'
import type { ClientError } from './errors.js'

export type Codec<A> = t.Decoder<unknown, A>

const malformed = (detail: string): E.Either<ClientError, never> =>
  E.left({ type: 'AnswerMalformed', status: 200, detail })

/** How much is said of what does not fit. Unit: characters. */
const DETAIL_CHARACTERS_MAX = 512

export const decodeValue = <A>(value: unknown, codec: Codec<A>): E.Either<ClientError, A> => {
  const decoded = codec.decode(value)
  if (E.isRight(decoded)) return decoded
  return malformed(PathReporter.report(decoded).join('; ').slice(0, DETAIL_CHARACTERS_MAX))
}

export const parseText = (text: string): E.Either<ClientError, unknown> =>
  E.tryCatch(
    () => JSON.parse(text) as unknown,
    (): ClientError => ({ type: 'AnswerMalformed', status: 200, detail: 'it is not JSON' }),
  )

export const decodeText = <A>(text: string, codec: Codec<A>): E.Either<ClientError, A> => {
  const parsed = parseText(text)
  return E.isLeft(parsed) ? parsed : decodeValue(parsed.right, codec)
}
