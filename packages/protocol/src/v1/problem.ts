/**
 * Errors of the read API as problem details (RFC 9457).
 */
import type { Caller } from '@grantlog/engine'
import type { HttpResponse } from '../http.js'
import { errorOf } from '../rpc/errors.js'
import type { Fault } from '../rpc/faults.js'

/**
 * What only the read API can refuse; everything else has its row in the table of the RPC errors.
 */
export type ReadFault =
  | { readonly type: 'RouteNotFound' }
  | { readonly type: 'RouteMethodNotAllowed'; readonly allowed: string }
  | { readonly type: 'BodyMalformed'; readonly pointer: string; readonly fault: string }
  | { readonly type: 'ForeignAccount' }
  | { readonly type: 'PrincipalNotFound' }
  | { readonly type: 'MomentNotReached'; readonly applied: number }

export type Problem = {
  readonly status: number
  readonly code: string
  readonly detail: string
  /** A JSON pointer to what is wrong in the body. */
  readonly pointer?: string
  readonly retryAfterMs?: number
}

const READ_PROBLEMS: {
  readonly [Type in ReadFault['type']]: (
    fault: Extract<ReadFault, { readonly type: Type }>,
  ) => Problem
} = {
  RouteNotFound: () => ({ status: 404, code: 'NotFound', detail: 'There is no such resource.' }),
  RouteMethodNotAllowed: ({ allowed }) => ({
    status: 405,
    code: 'MethodNotAllowed',
    detail: `This resource answers ${allowed}.`,
  }),
  BodyMalformed: ({ pointer, fault }) => ({
    status: 400,
    code: 'InvalidBody',
    detail: `The body is not as it should be: ${fault}.`,
    pointer,
  }),
  ForeignAccount: () => ({
    status: 403,
    code: 'NoPermission',
    detail: 'Only the account of the caller can be asked about.',
  }),
  PrincipalNotFound: () => ({
    status: 404,
    code: 'EntityNotExist.Principal',
    detail: 'There is no such principal at that moment.',
  }),
  MomentNotReached: ({ applied }) => ({
    status: 422,
    code: 'MomentNotReached',
    detail: `The moment lies beyond position ${applied}, the last that this node shows.`,
  }),
}

const isReadFault = (fault: Fault | ReadFault): fault is ReadFault => fault.type in READ_PROBLEMS

export const problemOf = (fault: Fault | ReadFault, caller?: Caller): Problem => {
  if (!isReadFault(fault)) {
    const { status, code, message, retryAfterMs } = errorOf(fault, caller)
    const problem = { status, code, detail: message }
    return retryAfterMs === undefined ? problem : { ...problem, retryAfterMs }
  }
  const row = READ_PROBLEMS[fault.type] as (fault: ReadFault) => Problem
  return row(fault)
}

export const problemResponse = (problem: Problem, requestId: string): HttpResponse => {
  const { retryAfterMs, ...shown } = problem
  return {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfterMs === undefined
        ? {}
        : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title: problem.code,
      ...shown,
      message: problem.detail ?? problem.code,
      requestId,
    }),
  }
}
