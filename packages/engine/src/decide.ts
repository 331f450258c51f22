/**
 * Decisions: for a verified caller on the grants of this moment, and for any principal at any
 * moment of the past.
 *
 * Deny on doubt: a principal that is not there, an account that can't be read or a policy that
 * does not parse never allows.
 */
import { type AccountId, withoutForeignName } from '@grantlog/domain'
import {
  type AuthorizationRequest,
  authorize,
  type Decision,
  type Explanation,
  explain,
  type PoliciesInForce,
  type PolicyInForce,
  type Principal,
  parseArn,
  parsePolicy,
} from '@grantlog/policy'
import {
  findRole,
  findTrust,
  findUser,
  type Holder,
  policiesInForce,
  policiesInForceAt,
  positionAt,
  type RoleTrust,
  roleByNameAt,
  trustAt,
  userByNameAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Caller, principalOf } from './caller.js'
import type {
  AccessAnswer,
  AccessQuestion,
  AccessQuestionRefused,
  Moment,
  Views,
} from './engine.js'
import type { Position } from './ports.js'

const NOTHING_IN_FORCE: PoliciesInForce = { identity: [] }

/**
 * The session policy as a unit of its own. One that can't be read allows nothing, as an empty
 * unit does.
 */
const sessionUnit = (text: string): ReadonlyArray<PolicyInForce> => {
  const parsed = parsePolicy('session', text)
  if (E.isLeft(parsed)) return []
  const source = { policyType: 'Session', policyName: 'session policy', versionId: 'v1' } as const
  return [{ source, document: parsed.right }]
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

export const decideFor = (
  views: Views,
  caller: Caller,
  question: Omit<AuthorizationRequest, 'principal'>,
): Decision => authorize({ ...question, principal: principalOf(caller) }, policiesOf(views, caller))

/** The position that a moment names, which this node must have applied. */
const positionOf = (
  views: Views,
  accountId: AccountId,
  moment: Moment,
  applied: Position,
): E.Either<AccessQuestionRefused, Position> => {
  switch (moment.type) {
    case 'Now':
      return E.right(applied)
    case 'AtPosition':
      return moment.position <= applied
        ? E.right(moment.position)
        : E.left({ type: 'MomentNotReached', applied })
    case 'AtTime':
      return E.right(positionAt(views.history, accountId, moment.time))
  }
}

type Found = { readonly principal: Principal; readonly id: string; readonly holder: Holder }

const foundUser = (
  accountId: AccountId,
  user: { readonly userId: string; readonly userName: string } | undefined,
  held: (id: string) => Holder | undefined,
): Found | undefined => {
  const holder = user === undefined ? undefined : held(user.userId)
  if (user === undefined || holder === undefined) return undefined
  const { userId, userName } = user
  return { id: userId, holder, principal: { type: 'User', accountId, userId, userName } }
}

const foundRole = (
  accountId: AccountId,
  role: { readonly roleId: string; readonly roleName: string } | undefined,
  held: (id: string) => Holder | undefined,
): Found | undefined => {
  const holder = role === undefined ? undefined : held(role.roleId)
  if (role === undefined || holder === undefined) return undefined
  const { roleId, roleName } = role
  const principal: Principal = { type: 'Session', accountId, roleId, roleName, sessionName: '' }
  return { id: roleId, holder, principal }
}

const findPrincipal = (
  { grants, history, directory }: Views,
  { principal, moment }: AccessQuestion,
  position: Position,
): Found | undefined => {
  const { accountId } = principal
  const now = moment.type === 'Now'
  switch (principal.type) {
    case 'Root':
      return {
        id: accountId,
        principal: { type: 'Root', accountId },
        holder: { label: 'root', policies: [] },
      }
    case 'User':
      return foundUser(
        accountId,
        now
          ? findUser(directory, accountId, principal.userName)
          : userByNameAt(history, accountId, principal.userName, position),
        (id) =>
          now
            ? policiesInForce(grants, { type: 'User', accountId, id })
            : policiesInForceAt(history, { type: 'User', accountId, id }, position),
      )
    case 'Role':
      return foundRole(
        accountId,
        now
          ? findRole(directory, accountId, principal.roleName)
          : roleByNameAt(history, accountId, principal.roleName, position),
        (id) =>
          now
            ? policiesInForce(grants, { type: 'Role', accountId, id })
            : policiesInForceAt(history, { type: 'Role', accountId, id }, position),
      )
  }
}

/** The role that `acs:ram:*:<uid>:role/<name>` names. */
const roleIn = (
  resource: string,
): { readonly accountId: AccountId; readonly roleName: string } | undefined => {
  const arn = parseArn(resource)
  if (E.isLeft(arn) || arn.right.service !== 'ram') return undefined
  const [kind, roleName, ...more] = arn.right.relativeId.split('/')
  return kind === 'role' && roleName !== undefined && more.length === 0
    ? { accountId: arn.right.account as AccountId, roleName }
    : undefined
}

/**
 * The trust policy of the one role that a question names; a question that names none, or more,
 * has none.
 */
const trustOf = (
  { grants, history }: Views,
  { resources, moment }: AccessQuestion,
  position: Position,
): RoleTrust | undefined => {
  const role = resources.length === 1 ? roleIn(resources[0]) : undefined
  if (role === undefined) return undefined
  const { accountId, roleName } = role
  return moment.type === 'Now'
    ? findTrust(grants, accountId, roleName)
    : trustAt(history, accountId, roleName, position)
}

/**
 * Assuming a role needs its trust policy too, and the trust must have meant this very principal
 * by its name.
 */
const explainAssumeRole = (
  request: AuthorizationRequest,
  identity: ReadonlyArray<PolicyInForce>,
  role: RoleTrust | undefined,
): Explanation => {
  const policies = { identity, resource: role === undefined ? [] : [role.trust] }
  const explanation = explain(request, policies)
  if (role === undefined || explanation.outcome !== 'Allow') return explanation
  const { accountId, trustees } = role
  const trusted = { accountId: accountId as AccountId, trustees }
  return explain(
    { ...request, principal: withoutForeignName(request.principal, trusted) },
    policies,
  )
}

/**
 * Answers a question about a principal, now or in the past, with everything that led to the
 * answer.
 */
export const answerQuestion = (
  views: Views,
  question: AccessQuestion,
  applied: Position,
): E.Either<AccessQuestionRefused, AccessAnswer> => {
  const position = positionOf(views, question.principal.accountId, question.moment, applied)
  if (E.isLeft(position)) return position
  const found = findPrincipal(views, question, position.right)
  if (found === undefined) return E.left({ type: 'PrincipalNotFound' })
  const { action, resources, context } = question
  const request = { principal: found.principal, action, resources, context }
  const identity = found.holder.policies
  return E.right({
    explanation:
      action.toLowerCase() === 'sts:assumerole'
        ? explainAssumeRole(request, identity, trustOf(views, question, position.right))
        : explain(request, { identity }),
    position: position.right,
    principalId: found.id,
  })
}
