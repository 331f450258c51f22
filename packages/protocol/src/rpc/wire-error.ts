/**
 * An error as clients see it: a code they look for, a status, and a sentence for people.
 */
import type { Caller, Position } from '@grantlog/engine'
import { closed, type Verdict } from '@grantlog/policy'
import * as t from 'io-ts'

/** Why a call was not permitted, as RAM's clients show it. */
export const AccessDeniedFacts = closed(
  {
    AuthAction: t.string,
    AuthPrincipalType: t.union([
      t.literal('Account'),
      t.literal('SubUser'),
      t.literal('AssumedRoleUser'),
      t.literal('Federated'),
    ]),
    AuthPrincipalOwnerId: t.string,
    AuthPrincipalDisplayName: t.string,
    NoPermissionType: t.union([t.literal('ImplicitDeny'), t.literal('ExplicitDeny')]),
    PolicyType: t.string,
  },
  {},
  'AccessDeniedFacts',
)

export type AccessDeniedDetail = t.TypeOf<typeof AccessDeniedFacts>

export type WireError = {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly detail?: AccessDeniedDetail & { readonly EncodedDiagnosticMessage?: string }
  /** When to try again. Unit: milliseconds. */
  readonly retryAfterMs?: number
}

/** A decision that was made about a call, and where in the log. */
export type Judged = { readonly caller: Caller; readonly position?: Position }

export const wireError = (status: number, code: string, message: string): WireError => ({
  status,
  code,
  message,
})

/** Codes ending in a quota, a conflict or a state, all answered with 409. */
export const conflict = (code: string, message: string): WireError => wireError(409, code, message)

export const absent = (entity: string, message: string): WireError =>
  wireError(404, `EntityNotExist.${entity}`, message)

const principalType = (caller: Caller): AccessDeniedDetail['AuthPrincipalType'] => {
  switch (caller.type) {
    case 'Root':
      return 'Account'
    case 'User':
      return 'SubUser'
    case 'Session':
      return 'AssumedRoleUser'
  }
}

const displayName = (caller: Caller): string => {
  switch (caller.type) {
    case 'Root':
      return caller.accountId
    case 'User':
      return caller.userId
    case 'Session':
      return `${caller.roleName}:${caller.sessionName}`
  }
}

const NOT_AUTHORIZED = 'You may not do this: no policy allows it, or one denies it.'

export const denialMembers = (decision: Verdict) =>
  ({
    NoPermissionType: decision.outcome === 'ExplicitDeny' ? 'ExplicitDeny' : 'ImplicitDeny',
    PolicyType: decision.unit === 'Root' ? 'AccountLevelIdentityBasedPolicy' : decision.unit,
  }) as const

const factsOf = (caller: Caller, action: string) => ({
  AuthAction: action,
  AuthPrincipalType: principalType(caller),
  AuthPrincipalOwnerId: caller.accountId,
  AuthPrincipalDisplayName: displayName(caller),
})

/** The 403 of a call that something other than a policy refuses, told in the place of one. */
export const refusedBeside = (
  caller: Caller | undefined,
  action: string,
  what: string,
  message: string,
): WireError => {
  const error = wireError(403, 'NoPermission', message)
  if (caller === undefined) return error
  const facts = { NoPermissionType: 'ExplicitDeny', PolicyType: what } as const
  return { ...error, detail: { ...factsOf(caller, action), ...facts } }
}

/** The 403 of a denied call. The unit that said no is named; the policies are not. */
export const noPermission = (
  caller: Caller | undefined,
  action: string,
  decision: Verdict,
  message: string = NOT_AUTHORIZED,
): WireError => {
  const error = wireError(403, 'NoPermission', message)
  if (caller === undefined) return error
  return {
    ...error,
    detail: { ...factsOf(caller, action), ...denialMembers(decision) },
  }
}
