/**
 * Decisions on the grants of a decision point: those of the server at the same position.
 *
 * What needs more than the grants of the account is not decided here: a session by its name, for
 * sessions are not followed, and the assumption of a role, for which the role's trust counts.
 */

import { nameKey } from '@grantlog/domain'
import {
  parseArn,
  type RequestContext,
  requestContext,
  timedContext,
  type Verdict,
} from '@grantlog/policy'
import { decideOnGrants, findTrust, userById } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Grants } from './grants.js'

export type PointQuestion = {
  /** The ARN of the account's root, or of a user or a role of it. */
  readonly principal: string
  readonly action: string
  readonly resource: string | readonly [string, ...string[]]
  /** Without `acs:CurrentTime` among its keys the time of the question is it, as at the server. */
  readonly context?: Readonly<Record<string, string | ReadonlyArray<string>>>
  /** Beside a role: the policy of the session that asks. */
  readonly sessionPolicy?: string
}

export type NotDecided =
  /** The principal, the action or a resource is no text, or there is no resource. */
  | 'QuestionMalformed'
  | 'PrincipalMalformed'
  | 'PrincipalNotFound'
  | 'ForeignAccount'
  | 'SessionsNotFollowed'
  | 'AssumptionNotDecided'
  | 'SessionPolicyMisplaced'

type Asked = {
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
}

const askedOf = ({ action, resource, context }: PointQuestion, time: number): Asked => ({
  action,
  resources: typeof resource === 'string' ? [resource] : resource,
  context: timedContext(requestContext(context ?? {}), time),
})

/** Callers without types may leave something out, which must not end in an exception. */
const isWhole = ({ principal, action, resource }: PointQuestion): boolean => {
  const resources: ReadonlyArray<unknown> = Array.isArray(resource) ? resource : [resource]
  const texts = [principal, action, ...resources]
  return resources.length > 0 && texts.every((text) => typeof text === 'string')
}

const decideUser = (grants: Grants, name: string, asked: Asked): Verdict | NotDecided => {
  const { accountId, state, users } = grants
  const id = users.get(nameKey(name))
  const user = id === undefined ? undefined : userById(state, accountId, id)
  if (user === undefined) return 'PrincipalNotFound'
  const { userId, userName } = user
  const principal = { type: 'User', accountId, userId, userName } as const
  return decideOnGrants(
    state,
    { ...asked, principal },
    {
      holder: { type: 'User', accountId, id: userId },
    },
  )
}

const decideRole = (
  { accountId, state }: Grants,
  name: string,
  asked: Asked,
  sessionPolicy: string | undefined,
): Verdict | NotDecided => {
  const role = findTrust(state, accountId, name)
  if (role === undefined) return 'PrincipalNotFound'
  const { roleId, roleName } = role
  const principal = { type: 'Session', accountId, roleId, roleName, sessionName: '' } as const
  const holder = { type: 'Role', accountId, id: roleId } as const
  const asking = sessionPolicy === undefined ? { holder } : { holder, sessionPolicy }
  return decideOnGrants(state, { ...asked, principal }, asking)
}

/**
 * A verdict, or why there is none; then nothing is allowed. `time`: milliseconds since the epoch,
 * UTC.
 */
export const decideHere = (
  grants: Grants,
  question: PointQuestion,
  time: number,
): Verdict | NotDecided => {
  if (!isWhole(question)) return 'QuestionMalformed'
  const { accountId, state } = grants
  const asked = askedOf(question, time)
  const { sessionPolicy } = question
  const arn = parseArn(question.principal)
  if (E.isLeft(arn) || arn.right.service !== 'ram') return 'PrincipalMalformed'
  if (arn.right.account !== accountId) return 'ForeignAccount'
  if (question.action.toLowerCase() === 'sts:assumerole') return 'AssumptionNotDecided'
  const [kind, name, ...more] = arn.right.relativeId.split('/')
  if (kind === 'assumed-role' || more.length > 0) return 'SessionsNotFollowed'
  if (kind === 'role' && name !== undefined) return decideRole(grants, name, asked, sessionPolicy)
  if (sessionPolicy !== undefined) return 'SessionPolicyMisplaced'
  if (kind === 'user' && name !== undefined) return decideUser(grants, name, asked)
  if (kind !== 'root' || name !== undefined) return 'PrincipalMalformed'
  const principal = { type: 'Root', accountId } as const
  return decideOnGrants(state, { ...asked, principal }, { holder: undefined })
}
