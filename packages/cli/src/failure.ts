/**
 * How a command can fail, with the sentence that a person reads and the exit code that a program
 * goes by.
 */
import type { Json } from './json.js'

/** Allowed, or done as asked. */
export const EXIT_OK = 0
/** Denied, or changed: the answer is there, and it is the other one. */
export const EXIT_DENIED = 1
/**
 * What was said is wrong, whoever saw it: the command line, a file, a setting, or a parameter that
 * the server could not take. Said again it fails again, so a script has to be mended.
 */
export const EXIT_USAGE = 2
/** Nobody and nothing of that name. */
export const EXIT_NOT_FOUND = 3
/** The server refused what it understood: a signature, a permission, a conflict. */
export const EXIT_REFUSED = 4
/** The server is away, busy or broken. */
export const EXIT_UNAVAILABLE = 5

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5

export const EXIT_CODES: ReadonlyArray<readonly [code: ExitCode, meaning: string]> = [
  [EXIT_OK, 'allowed, or done'],
  [EXIT_DENIED, 'denied, or something differs'],
  [EXIT_USAGE, 'what was said is wrong: the command line, a parameter, a setting or a file'],
  [EXIT_NOT_FOUND, 'nobody and nothing of that name'],
  [EXIT_REFUSED, 'the server refused: a signature, a permission, a conflict'],
  [EXIT_UNAVAILABLE, 'the server is away, too busy or broken'],
]

export type Failure =
  | { readonly type: 'Usage'; readonly sentence: string }
  | { readonly type: 'Unreachable'; readonly endpoint: string; readonly detail: string }
  | { readonly type: 'AnswerUnreadable'; readonly endpoint: string; readonly detail: string }
  /** The server answered with an error. `answer` is what it said, whole. */
  | {
      readonly type: 'Refused'
      readonly status: number
      readonly code: string
      readonly detail: string
      readonly requestId: string | null
      readonly answer: Json
    }

export const usage = (sentence: string): Failure => ({ type: 'Usage', sentence })

/** Codes that are about who calls, not about what is asked; RAM gives many of them as 400. */
const OF_CREDENTIALS =
  /^(Signature|IncompleteSignature|InvalidSignature|InvalidAccessKeyId|InvalidSecurityToken|MissingSecurityToken|InvalidTimeStamp|NotSupport|invalid_client)/

/** A path that the server does not have: this command is newer than the server. */
const isUnknownPath = (status: number, code: string): boolean =>
  status === 404 && code === 'NotFound'

const exitCodeOfRefusal = (status: number, code: string): ExitCode => {
  if (status >= 500 || status === 429 || isUnknownPath(status, code)) return EXIT_UNAVAILABLE
  if (OF_CREDENTIALS.test(code)) return EXIT_REFUSED
  if (status === 404) return code.startsWith('EntityNotExist') ? EXIT_NOT_FOUND : EXIT_USAGE
  return [400, 405, 413, 414, 415, 422].includes(status) ? EXIT_USAGE : EXIT_REFUSED
}

export const exitCodeOf = (failure: Failure): ExitCode => {
  switch (failure.type) {
    case 'Usage':
      return EXIT_USAGE
    case 'Unreachable':
    case 'AnswerUnreadable':
      return EXIT_UNAVAILABLE
    case 'Refused':
      return exitCodeOfRefusal(failure.status, failure.code)
  }
}

export const sentenceOf = (failure: Failure): string => {
  switch (failure.type) {
    case 'Usage':
      return failure.sentence
    case 'Unreachable':
      return (
        `Nothing answers at ${failure.endpoint} (${failure.detail}). ` +
        'Start a server with: grantlog serve; or name another one with --endpoint.'
      )
    case 'AnswerUnreadable':
      return `What answers at ${failure.endpoint} is no grantlog server: ${failure.detail}.`
    case 'Refused':
      return isUnknownPath(failure.status, failure.code)
        ? 'This server does not know that question: it is older than this command.'
        : withoutStringToSign(failure.detail)
  }
}

/** What the server would have signed helps whoever writes a client, and fills a screen. */
const withoutStringToSign = (detail: string): string =>
  detail.split(' server StringToSign is', 1)[0] ?? detail

/** What a program reads of a failure, with -o json. */
export const failureJson = (failure: Failure): Json => {
  const seen = { exitCode: exitCodeOf(failure), detail: sentenceOf(failure) }
  switch (failure.type) {
    case 'Usage':
    case 'Unreachable':
    case 'AnswerUnreadable':
      return { error: { code: failure.type, ...seen } }
    case 'Refused': {
      const { code, status, requestId, answer } = failure
      return { error: { code, ...seen, status, requestId, answer } }
    }
  }
}
