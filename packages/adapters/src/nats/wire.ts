/**
 * What crosses NATS between the parts of grantlog: subjects, codecs and limits.
 *
 * Internal subjects start with `_grantlog.`, so that none of them is caught by the subjects of
 * events, which start with `grantlog.`. No secret ever crosses.
 */
import { SessionId } from '@grantlog/domain'
import type { IssueRequest } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Msg } from 'nats'

export const HINT_SUBJECT = '_grantlog.hint'
export const NONCE_SUBJECT = '_grantlog.nonce'
export const issueSubject = (shard: number): string => `_grantlog.sts.${shard}.issue`

/** How much an internal message may weigh. Unit: bytes. */
export const MESSAGE_BYTES_MAX = 512

interface WholeBrand {
  readonly Whole: unique symbol
}
/** A position or a shard: a whole number from 0 that JavaScript has exactly. */
export const Whole = t.brand(
  t.number,
  (n): n is t.Branded<number, WholeBrand> => Number.isSafeInteger(n) && n >= 0,
  'Whole',
)

/** "The log has grown up to here." */
export const HintMessage = t.strict({ position: Whole }, 'HintMessage')

/** Asks the worker of a shard about a session. */
export const IssueMessage: t.Decoder<unknown, IssueRequest> = t.strict(
  { shard: Whole, sessionId: SessionId, position: Whole },
  'IssueMessage',
)

/** Where the credential was recorded, as far as the worker knows. */
export const IssueAnswer = t.strict({ position: t.union([Whole, t.null]) }, 'IssueAnswer')

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The message by its codec; null for anything else, before it is parsed when it is too large. */
export const decodeMessage = <A>(
  codec: t.Decoder<unknown, A>,
  { data }: Pick<Msg, 'data'>,
  bytesMax: number = MESSAGE_BYTES_MAX,
): A | null => {
  if (data.length > bytesMax) return null
  const decoded = codec.decode(parsed(Buffer.from(data).toString('utf8')))
  return E.isRight(decoded) ? decoded.right : null
}
