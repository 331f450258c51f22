/**
 * One judgement where keys of the context are not known: exactly as it is in the given context, and
 * how far that depends on the rest.
 */
import {
  type AuthorizationRequest,
  type Bound,
  boundPolicies,
  boundPolicy,
  certaintyOf,
  type OpenStatement,
  openStatements,
  type PoliciesInForce,
} from '@grantlog/policy'
import type { RoleTrust } from '@grantlog/views'
import { decideOn } from '../assumption.js'
import type { Judged } from './questions.js'

export const boundRole = (
  bound: Bound,
  role: RoleTrust | undefined,
  { context }: Pick<AuthorizationRequest, 'context'>,
): RoleTrust | undefined => role && { ...role, trust: boundPolicy(bound, role.trust, context) }

/** Allowed without any statement whose conditions are open: then only open denies matter. */
const mattering = (
  open: ReadonlyArray<OpenStatement>,
  isFirm: boolean,
): ReadonlyArray<OpenStatement> => (isFirm ? open.filter(({ effect }) => effect === 'Deny') : open)

export const judged = (
  request: AuthorizationRequest,
  policies: PoliciesInForce,
  role: RoleTrust | undefined,
): Judged => {
  const decision = decideOn(request, policies, role)
  const all = role === undefined ? policies : { ...policies, resource: [role.trust] }
  const open = openStatements(request, all)
  if (open.length === 0)
    return { certainty: decision.outcome === 'Allow' ? 'Allowed' : 'Never', decision, open }
  const { context } = request
  const isAllowed = (bound: Bound): boolean =>
    decideOn(request, boundPolicies(bound, policies, context), boundRole(bound, role, request))
      .outcome === 'Allow'
  const certainty = certaintyOf(isAllowed)
  return {
    certainty,
    decision,
    open: certainty === 'Conditional' ? mattering(open, isAllowed('Firm')) : [],
  }
}

/** Of several judgements that must all allow, one. */
export const allOf = (all: readonly [Judged, ...Judged[]]): Judged => {
  const never = all.find(({ certainty }) => certainty === 'Never')
  const { decision } =
    all.find((one) => one.decision.outcome === 'ExplicitDeny') ??
    all.find((one) => one.decision.outcome === 'ImplicitDeny') ??
    all[0]
  if (never !== undefined) return { certainty: 'Never', decision, open: [] }
  const open = all.flatMap((one) => one.open)
  const certainty = all.some((one) => one.certainty === 'Conditional') ? 'Conditional' : 'Allowed'
  return { certainty, decision, open }
}
