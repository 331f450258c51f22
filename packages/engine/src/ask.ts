/**
 * Questions about any principal at any moment, answered with everything that led to the answer.
 *
 * Deny on doubt: who is not there never may, and of several sessions that share a name all must be
 * allowed.
 */
import { type AccountId, judgeTrust } from '@grantlog/domain'
import {
  type AuthorizationRequest,
  type Explanation,
  explain,
  type PoliciesInForce,
  type Principal,
  parseArn,
} from '@grantlog/policy'
import {
  findRole,
  findTrust,
  findUser,
  type Holder,
  lastChangeAt,
  policiesInForce,
  policiesInForceAt,
  type RoleTrust,
  roleByNameAt,
  trustAt,
  userByNameAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Narrowing, narrowingOf } from './ask-session.js'
import { sessionUnit } from './decide.js'
import type { AccessAnswer, AccessQuestion, AccessQuestionRefused, Views } from './engine.js'
import { type Present, positionOf } from './moment.js'
import type { Position } from './ports.js'

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
  sessionName: string,
  held: (id: string) => Holder | undefined,
): Found | undefined => {
  const holder = role === undefined ? undefined : held(role.roleId)
  if (role === undefined || holder === undefined) return undefined
  const { roleId, roleName } = role
  const principal: Principal = { type: 'Session', accountId, roleId, roleName, sessionName }
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
    case 'Session':
      return foundRole(
        accountId,
        now
          ? findRole(directory, accountId, principal.roleName)
          : roleByNameAt(history, accountId, principal.roleName, position),
        principal.type === 'Session' ? principal.sessionName : '',
        (id) =>
          now
            ? policiesInForce(grants, { type: 'Role', accountId, id })
            : policiesInForceAt(history, { type: 'Role', accountId, id }, position),
      )
  }
}

/** The role that `acs:ram:*:<uid>:role/<name>` names. */
export const roleIn = (
  resource: string,
): { readonly accountId: AccountId; readonly roleName: string } | undefined => {
  const arn = parseArn(resource)
  if (E.isLeft(arn) || arn.right.service !== 'ram') return undefined
  const [kind, roleName, ...more] = arn.right.relativeId.split('/')
  return kind === 'role' && roleName !== undefined && more.length === 0
    ? { accountId: arn.right.account as AccountId, roleName }
    : undefined
}

/** Assuming a role needs its trust policy too; `changed` is the last change of its account. */
type Trust = { readonly role: RoleTrust | undefined; readonly changed: Position }

export const isAssumption = ({ action }: Pick<AccessQuestion, 'action'>): boolean =>
  action.toLowerCase() === 'sts:assumerole'

/**
 * The trust policy of the one role that a question names; a question that names none, or more,
 * has none. The role may be another account's.
 */
const trustOf = (views: Views, question: AccessQuestion, present: Present): Trust => {
  const { resources, moment } = question
  const named = isAssumption(question) && resources.length === 1 ? roleIn(resources[0]) : undefined
  if (named === undefined) return { role: undefined, changed: 0 }
  const { accountId, roleName } = named
  const there = positionOf(views, accountId, moment, present)
  if (E.isLeft(there)) return { role: undefined, changed: 0 }
  const role =
    moment.type === 'Now'
      ? findTrust(views.grants, accountId, roleName)
      : trustAt(views.history, accountId, roleName, there.right)
  return { role, changed: lastChangeAt(views.history, accountId, there.right) }
}

const judge = (
  request: AuthorizationRequest,
  policies: PoliciesInForce,
  { role }: Trust,
): Explanation =>
  isAssumption(request) ? judgeTrust(explain, request, policies, role) : explain(request, policies)

/** One answer for all ways in which a session may be narrowed: the first that is not an allow. */
const judgeNarrowed = (
  { narrowings }: Narrowing,
  judgeOne: (narrowing: string | undefined) => Explanation,
): Explanation => {
  const [first, ...others] = narrowings
  const explanations = [judgeOne(first), ...others.map(judgeOne)] as const
  return (
    explanations.find(({ outcome }) => outcome === 'ExplicitDeny') ??
    explanations.find(({ outcome }) => outcome === 'ImplicitDeny') ??
    explanations[0]
  )
}

/** Answers a question about a principal, now or in the past. */
export const answerQuestion = (
  views: Views,
  question: AccessQuestion,
  present: Present,
): E.Either<AccessQuestionRefused, AccessAnswer> => {
  const { principal, moment, action, resources, context } = question
  const asked = positionOf(views, principal.accountId, moment, present)
  if (E.isLeft(asked)) return asked
  const position = asked.right
  const found = findPrincipal(views, question, position)
  if (found === undefined) return E.left({ type: 'PrincipalNotFound' })
  const narrowing = narrowingOf(views.credentials, question, found.id, {
    position,
    now: present.now,
  })
  if (E.isLeft(narrowing)) return narrowing

  const request = { principal: found.principal, action, resources, context }
  const identity = found.holder.policies
  const trust = trustOf(views, question, present)
  const explanation = judgeNarrowed(narrowing.right, (text) =>
    judge(
      request,
      text === undefined ? { identity } : { identity, session: sessionUnit(text) },
      trust,
    ),
  )
  const { session, position: sessionsChanged } = narrowing.right
  const changed = lastChangeAt(views.history, principal.accountId, position)
  return E.right({
    explanation,
    position: Math.max(changed, sessionsChanged, trust.changed),
    applied: present.applied,
    principalId: found.id,
    sessionPolicies: narrowing.right.narrowings.filter((text) => text !== undefined),
    ...(session === undefined ? {} : { session }),
  })
}
