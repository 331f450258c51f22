/**
 * Decisions for a verified caller, on the grants of this moment.
 *
 * Deny on doubt: a principal that is not there, an account that can't be read or a policy that
 * does not parse never allows.
 */
import {
  type AuthorizationRequest,
  type PoliciesInForce,
  type PolicyInForce,
  parsePolicy,
  type Verdict,
} from '@grantlog/policy'
import { decideOnGrants, policiesInForce, sessionInForce } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Caller, principalOf } from './caller.js'
import type { Views } from './engine.js'

const NOTHING_IN_FORCE: PoliciesInForce = { identity: [] }

/**
 * The session policy as a unit of its own. One that can't be read allows nothing, as an empty
 * unit does.
 */
export const sessionUnit = (text: string): ReadonlyArray<PolicyInForce> => {
  const parsed = parsePolicy('session', text)
  if (E.isLeft(parsed)) return []
  return [sessionInForce(parsed.right)]
}

/** Everything that binds a caller now. */
export const policiesOf = (views: Views, caller: Caller): PoliciesInForce => {
  switch (caller.type) {
    case 'Root':
      return NOTHING_IN_FORCE
    case 'User':
      return {
        identity:
          policiesInForce(views.grants, {
            type: 'User',
            accountId: caller.accountId,
            id: caller.userId,
          })?.policies ?? [],
      }
    case 'Session': {
      const identity =
        policiesInForce(views.grants, {
          type: 'Role',
          accountId: caller.accountId,
          id: caller.roleId,
        })?.policies ?? []
      const { sessionPolicy } = caller
      return sessionPolicy === undefined
        ? { identity }
        : { identity, session: sessionUnit(sessionPolicy) }
    }
  }
}

/** The policies of the caller, by whom they are looked up. */
const holdingsOf = (caller: Caller) => {
  const { accountId } = caller
  switch (caller.type) {
    case 'Root':
      return { holder: undefined }
    case 'User':
      return { holder: { type: 'User', accountId, id: caller.userId } } as const
    case 'Session': {
      const holder = { type: 'Role', accountId, id: caller.roleId } as const
      const { sessionPolicy } = caller
      return sessionPolicy === undefined ? { holder } : { holder, sessionPolicy }
    }
  }
}

/** Exactly what `authorize` says on `policiesOf`, from what is compiled. */
export const decideFor = (
  views: Views,
  {
    caller,
    action,
    resources,
    context,
  }: Omit<AuthorizationRequest, 'principal'> & { readonly caller: Caller },
): Verdict => {
  const request = { principal: principalOf(caller), action, resources, context }
  return decideOnGrants(views.grants, request, holdingsOf(caller))
}
