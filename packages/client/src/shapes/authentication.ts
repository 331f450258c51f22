/** The answer about a signed call that another service received. */
import * as t from 'io-ts'
import { Outcome } from './decision.js'
import { Position } from './parts.js'
import { Problem } from './problem.js'

/** Who signed the call. `id` is immutable: the account's, a UserId or a RoleId. */
export const AuthenticatedPrincipal = t.intersection(
  [
    t.type({
      type: t.union([t.literal('Root'), t.literal('User'), t.literal('Session')]),
      accountId: t.string,
      id: t.string,
      arn: t.string,
      accessKeyId: t.string,
    }),
    t.partial({ sessionId: t.string, sourceIdentity: t.string }),
  ],
  'AuthenticatedPrincipal',
)
export type AuthenticatedPrincipal = t.TypeOf<typeof AuthenticatedPrincipal>

export const AccessDecision = t.type(
  { allowed: t.boolean, outcome: Outcome, unit: t.string },
  'AccessDecision',
)
export type AccessDecision = t.TypeOf<typeof AccessDecision>

export const AuthenticateAnswer = t.type(
  {
    /** Null when nobody is proven to have signed the call; then `problem` says why. */
    principal: t.union([AuthenticatedPrincipal, t.null]),
    problem: t.union([Problem, t.null]),
    /** Null when none was asked for, and when there is no principal. */
    decision: t.union([AccessDecision, t.null]),
    position: Position,
    applied: Position,
  },
  'AuthenticateAnswer',
)
export type AuthenticateAnswer = t.TypeOf<typeof AuthenticateAnswer>
