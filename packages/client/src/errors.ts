/**
 * Why a call has no answer: a tagged union of data. What the server says of itself is a problem of
 * RFC 9457, decoded by a codec.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { Problem } from './shapes/problem.js'

export type ClientError =
  /** The server understood the call and said no: its status is 4xx, and not 429. */
  | { readonly type: 'Refused'; readonly problem: Problem }
  /** The server can't answer now: its status is 429 or 5xx, also after what was tried again. */
  | { readonly type: 'Unavailable'; readonly problem: Problem }
  /** No answer came over the network. The call may have been done. */
  | { readonly type: 'Unreachable'; readonly detail: string }
  /** No answer within the time. The call may have been done. Unit: milliseconds. */
  | { readonly type: 'TimedOut'; readonly timeoutMs: number }
  /** The caller's own signal ended the call. */
  | { readonly type: 'Aborted' }
  /** The answer is not what this version of the client expects. */
  | { readonly type: 'AnswerMalformed'; readonly status: number; readonly detail: string }
  /** No credentials: whoever was asked for them failed. */
  | { readonly type: 'NoCredentials'; readonly detail: string }

/** The envelope of RAM, in which what precedes every protocol is answered too. */
const RamError = t.intersection([
  t.type({ Code: t.string, Message: t.string }),
  t.partial({ RequestId: t.string }),
])

/** What a token endpoint answers (RFC 6749). */
const OauthError = t.intersection([
  t.type({ error: t.string }),
  t.partial({ error_description: t.string }),
])

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const problemOf = (status: number, text: string): Problem => {
  const body = parsed(text)
  const problem = Problem.decode(body)
  if (E.isRight(problem)) return problem.right
  const oauth = OauthError.decode(body)
  if (E.isRight(oauth)) {
    const { error: code, error_description: detail = code } = oauth.right
    return { status, code, detail }
  }
  const ram = RamError.decode(body)
  if (E.isLeft(ram)) return { status, code: `Http${status}`, detail: text.slice(0, 256) }
  const { Code: code, Message: detail, RequestId: requestId } = ram.right
  return requestId === undefined ? { status, code, detail } : { status, code, detail, requestId }
}

/** What an answer of another status than 200 means. */
export const errorOfAnswer = (status: number, text: string): ClientError => {
  const problem = problemOf(status, text)
  return status === 429 || status >= 500
    ? { type: 'Unavailable', problem }
    : { type: 'Refused', problem }
}

/** One sentence for people. */
export const sentenceOf = (error: ClientError): string => {
  switch (error.type) {
    case 'Refused':
    case 'Unavailable':
      return error.problem.detail
    case 'Unreachable':
      return `The server can't be reached: ${error.detail}.`
    case 'TimedOut':
      return `The server did not answer within ${error.timeoutMs} ms.`
    case 'Aborted':
      return 'The call was ended by its caller.'
    case 'AnswerMalformed':
      return `The answer is not as it should be: ${error.detail}.`
    case 'NoCredentials':
      return `There are no credentials: ${error.detail}.`
  }
}
