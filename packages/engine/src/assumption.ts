/**
 * Questions about assuming a role: which role one names, and its trust policy beside the policies
 * of whoever asks, since both must allow.
 */
import { type AccountId, judgeTrust } from '@grantlog/domain'
import {
  type AuthorizationRequest,
  authorize,
  type Decision,
  type PoliciesInForce,
  type PolicyInForce,
  parseArn,
  type Verdict,
} from '@grantlog/policy'
import { type HistoryState, type RoleTrust, trustAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Position } from './ports.js'

const ASSUME_ROLE = 'sts:assumerole'

type Asked = Pick<AuthorizationRequest, 'action' | 'resources'>

export const isAssumption = ({ action }: Pick<Asked, 'action'>): boolean =>
  action.length === ASSUME_ROLE.length && action.toLowerCase() === ASSUME_ROLE

export type NamedRole = { readonly accountId: AccountId; readonly roleName: string }

/** The role that `acs:ram:*:<uid>:role/<name>` names. */
const roleIn = (resource: string): NamedRole | undefined => {
  const arn = parseArn(resource)
  if (E.isLeft(arn) || arn.right.service !== 'ram') return undefined
  const [kind, roleName, ...more] = arn.right.relativeId.split('/')
  return kind === 'role' && roleName !== undefined && more.length === 0
    ? { accountId: arn.right.account as AccountId, roleName }
    : undefined
}

/**
 * The one role that a question is about assuming; undefined for one that names none, or more, or
 * is about something else.
 */
export const roleToAssume = (asked: Asked): NamedRole | undefined => {
  const [resource, ...others] = asked.resources
  return isAssumption(asked) && others.length === 0 ? roleIn(resource) : undefined
}

/** The trust policy of the role to assume, at a position. */
export const trustToAssumeAt = (
  history: HistoryState,
  asked: Asked,
  position: Position,
): RoleTrust | undefined => {
  const named = roleToAssume(asked)
  return named && trustAt(history, named.accountId, named.roleName, position)
}

/** Judges by the policies given, and where a role is to be assumed by its trust policy too. */
export const judgeWith = <
  Policies extends { readonly resource?: ReadonlyArray<PolicyInForce> },
  Judged extends Verdict,
>(
  judge: (request: AuthorizationRequest, policies: Policies) => Judged,
  request: AuthorizationRequest,
  policies: Policies,
  role: RoleTrust | undefined,
): Judged =>
  isAssumption(request) ? judgeTrust(judge, request, policies, role) : judge(request, policies)

/** The same by the specification. */
export const decideOn = (
  request: AuthorizationRequest,
  policies: PoliciesInForce,
  role: RoleTrust | undefined,
): Decision => judgeWith(authorize, request, policies, role)
