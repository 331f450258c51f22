/**
 * Errors of the read API as problem details (RFC 9457).
 *
 * `code` is what programs go by; `parameter`, `pointer` or `header` says which part of the request
 * is meant; `message` repeats `detail` for the official clients, which look for it.
 */
import { STATUS_CODES } from 'node:http'
import type {
  AccessQuestionRefused,
  Caller,
  NoSuchAttachment,
  NoSuchPolicy,
  NoSuchTarget,
  NotSignedIn,
  SessionNotFound,
  SignInRefusal,
  TooManyStatements,
  WindowEmpty,
} from '@grantlog/engine'
import type { Outcome } from '@grantlog/policy'
import type { HttpAnswer } from '../http.js'
import { errorOf } from '../rpc/errors.js'
import type { Fault } from '../rpc/faults.js'
import { ACTING_PROBLEMS, type ActingNotFound } from './acting-not-found.js'
import { isoText } from './moment.js'
import { NAME_AMBIGUOUS_PROBLEMS, type NameAmbiguous } from './name-ambiguous.js'
import type { Problem, ProblemRows } from './problem-rows.js'
import { SIGN_IN_PROBLEMS, type SignInFault } from './sign-in-problems.js'
import { type SessionOrKeyUnknown, UNKNOWN_SESSION_PROBLEMS } from './unknown-session.js'

/**
 * What only the read API can refuse; everything else has its row in the table of the RPC errors.
 */
export type ReadFault =
  | { readonly type: 'RouteNotFound' }
  | { readonly type: 'RouteMethodNotAllowed'; readonly allowed: string }
  /** `pointer` is a JSON pointer into the body, empty for all of it. */
  | { readonly type: 'BodyMalformed'; readonly pointer: string; readonly fault: string }
  | { readonly type: 'QueryMalformed'; readonly parameter: string; readonly fault: string }
  | { readonly type: 'HeaderMalformed'; readonly header: string; readonly fault: string }
  | { readonly type: 'ForeignAccount' }
  /** Accounts are administered by the first one alone. */
  | { readonly type: 'NotAdministering' }
  /** The caller lacks the permission that the path needs. */
  | {
      readonly type: 'PermissionMissing'
      readonly action: string
      readonly resource: string
      readonly outcome: Exclude<Outcome, 'Allow'>
    }
  | NameAmbiguous
  /** Neither a session that is live nor one that is over. */
  | { readonly type: 'SessionUnknown' }
  | SessionOrKeyUnknown
  /** Nobody bears the name at either of two moments. */
  | { readonly type: 'NotAtEither' }
  /** Of a call that another service received: no signature, and one that proves too little. */
  | { readonly type: 'CallUnsigned' }
  | { readonly type: 'CallSignedOtherwise' }
  | AccessQuestionRefused
  | SessionNotFound
  | WindowEmpty
  | NoSuchPolicy
  | NoSuchTarget
  | ActingNotFound
  | NoSuchAttachment
  | TooManyStatements
  | SignInRefusal
  | NotSignedIn
  | SignInFault
  | QuestionRefused

/** Of several questions the first that is refused, and why. */
export type QuestionRefused = {
  readonly type: 'OneQuestionRefused'
  readonly index: number
  readonly refusal: AccessQuestionRefused | { readonly type: 'ForeignAccount' }
}

export type PlainFault = Exclude<ReadFault, QuestionRefused>

export type { Problem } from './problem-rows.js'

/** What a caller sent, cut to what an answer should repeat. Unit: characters. */
const shown = (text: string): string => text.slice(0, 128)

export const READ_PROBLEMS: ProblemRows<PlainFault> = {
  ...SIGN_IN_PROBLEMS,
  ...UNKNOWN_SESSION_PROBLEMS,
  ...NAME_AMBIGUOUS_PROBLEMS,
  ...ACTING_PROBLEMS,
  RouteNotFound: () => ({
    status: 404,
    code: 'NotFound',
    detail: 'There is no such path. GET /v1/ lists those that there are.',
  }),
  RouteMethodNotAllowed: ({ allowed }) => ({
    status: 405,
    code: 'MethodNotAllowed',
    detail: `This path answers ${allowed}.`,
    allow: allowed,
  }),
  BodyMalformed: ({ pointer, fault }) => ({
    status: 400,
    code: 'InvalidBody',
    detail:
      pointer === ''
        ? `The body is not as it should be: ${fault}.`
        : `The body member ${shown(pointer)} is not as it should be: ${fault}.`,
    pointer: shown(pointer),
  }),
  QueryMalformed: ({ parameter, fault }) => ({
    status: 400,
    code: 'InvalidQuery',
    detail: `The query parameter ${shown(parameter)} is not as it should be: ${fault}.`,
    parameter: shown(parameter),
  }),
  HeaderMalformed: ({ header, fault }) => ({
    status: 400,
    code: 'InvalidHeader',
    detail: `The header ${header} is not as it should be: ${fault}.`,
    header,
  }),
  ForeignAccount: () => ({
    status: 403,
    code: 'NoPermission',
    detail: 'Only the account of the caller can be asked about.',
  }),
  NotAdministering: () => ({
    status: 403,
    code: 'NoPermission',
    detail: 'Accounts are opened and listed by the first account of the deployment alone.',
  }),
  PermissionMissing: ({ action, resource, outcome }) => ({
    status: 403,
    code: 'NoPermission',
    detail:
      `You may not do ${action} on ${resource}: ` +
      (outcome === 'ExplicitDeny' ? 'a policy denies it.' : 'no policy allows it.'),
    action,
    resource,
    outcome,
  }),
  PrincipalNotFound: () => ({
    status: 404,
    code: 'EntityNotExist.Principal',
    detail: 'There is no such principal at that moment; `at` or `position` choose another.',
  }),
  TooManyStatements: () => ({
    status: 422,
    code: 'TooManyStatements',
    detail:
      'More statements bind this principal than are told at once. ' +
      'Ask about one `resource` or one `service`, of which fewer speak; which statements decided ' +
      'is told also without all of them.',
  }),
  MomentNotReached: ({ applied }) => ({
    status: 422,
    code: 'MomentNotReached',
    detail: `The position lies beyond ${applied}, the last that this node shows.`,
  }),
  TimeNotReached: ({ now }) => ({
    status: 422,
    code: 'MomentNotReached',
    detail: `The time lies in the future; it is ${isoText(now)} now.`,
  }),
  WindowEmpty: ({ from }) => ({
    status: 422,
    code: 'WindowEmpty',
    detail:
      `The window ends before it begins, at ${isoText(from)}. ` +
      'Nothing is on record of before the account was opened.',
  }),
  NotAtEither: () => ({
    status: 404,
    code: 'EntityNotExist.Principal',
    detail: 'Nobody bears this name at either moment; `from` or `to` choose others.',
  }),
  TooManySessionPolicies: ({ limit }) => ({
    status: 422,
    code: 'TooManySessionPolicies',
    detail:
      `Sessions of this name have more than ${limit} different session policies. ` +
      'Give the one that is meant as `sessionPolicy`.',
  }),
  SessionUnknown: () => ({
    status: 404,
    code: 'EntityNotExist.Session',
    detail: 'No session of this id had begun in the account by that moment.',
  }),
  CallUnsigned: () => ({
    status: 401,
    code: 'MissingCredentials',
    detail:
      'The call carries no signature. It must be signed with an AccessKey, by ACS3-HMAC-SHA256.',
  }),
  CallSignedOtherwise: () => ({
    status: 400,
    code: 'InvalidSignatureMethod',
    detail: 'A call to a service must be signed by ACS3-HMAC-SHA256, and not otherwise.',
  }),
  NoSuchPolicy: ({ policyName, isPast }) => ({
    status: 404,
    code: 'EntityNotExist.Policy',
    detail: isPast
      ? `There is no policy ${shown(policyName)} now, though there was one. What is attached is what a ` +
        'policy says now: an Edit before the Attach says what it would say.'
      : `There is no policy ${shown(policyName)}, nor was there one in the past. ` +
        'To attach a new one, an Edit before the Attach says what it would say.',
  }),
  NoSuchTarget: ({ name }) => ({
    status: 404,
    code: 'EntityNotExist.Principal',
    detail: `Nobody is called ${shown(name)}, nor was in the past.`,
  }),
  NoSuchAttachment: ({ policyName, name }) => ({
    status: 404,
    code: 'EntityNotExist.Attachment',
    detail:
      `The policy ${shown(policyName)} never was attached to ${shown(name)} itself, so that ` +
      'detaching it changes nothing. What a group holds is detached from the group.',
  }),
  SessionNotFound: () => ({
    status: 404,
    code: 'EntityNotExist.Session',
    detail: 'There is no such session, or it is over.',
  }),
}

const isPlainFault = (fault: Fault | PlainFault): fault is PlainFault => fault.type in READ_PROBLEMS

export const problemOf = (fault: Fault | ReadFault, caller?: Caller): Problem => {
  if (fault.type === 'OneQuestionRefused') {
    const problem = problemOf(fault.refusal, caller)
    const detail = `The question at ${fault.index}, counted from 0, has no answer. ${problem.detail}`
    return { ...problem, detail, pointer: `/questions/${fault.index}` }
  }
  if (!isPlainFault(fault)) {
    const { status, code, message, retryAfterMs } = errorOf(fault, caller)
    const named = fault.type === 'ParameterRepeated' ? { parameter: shown(fault.name) } : {}
    const problem = { status, code, detail: message, ...named }
    return retryAfterMs === undefined ? problem : { ...problem, retryAfterMs }
  }
  const row = READ_PROBLEMS[fault.type] as (fault: PlainFault) => Problem
  return row(fault)
}

/** The code of a fault, as records of access keep it. */
export const codeOf = (fault: Fault | ReadFault): string => problemOf(fault).code

/** How to say who calls (RFC 6750), where an answer says that this is missing or wrong. */
export const challengeOf = ({
  status,
  code,
}: Pick<Problem, 'status' | 'code'>): Readonly<Record<string, string>> => {
  if (status !== 401 || code === 'NotSignedIn') return {}
  const error = code === 'MissingCredentials' ? '' : ', error="invalid_token"'
  return { 'www-authenticate': `Bearer realm="grantlog"${error}` }
}

/** The members of a problem as they are written. */
export const problemMembers = ({
  retryAfterMs: _,
  allow: __,
  ...members
}: Problem): Readonly<Record<string, unknown>> => ({
  type: 'about:blank',
  title: STATUS_CODES[members.status] ?? members.code,
  ...members,
  message: members.detail,
})

export const problemResponse = (problem: Problem, requestId: string): HttpAnswer => {
  const { retryAfterMs, allow } = problem
  return {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...challengeOf(problem),
      ...(allow === undefined ? {} : { allow }),
      ...(retryAfterMs === undefined
        ? {}
        : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    },
    body: JSON.stringify({ ...problemMembers(problem), requestId }),
  }
}
