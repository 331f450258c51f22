/**
 * Decisions about one user or role at any position of the past, on nothing but history.
 *
 * Invariant: the decision is the one that a question at that position is answered with.
 */
import type { AuthorizationRequest, Decision, Principal, RequestContext } from '@grantlog/policy'
import {
  type HistoryState,
  type HolderRef,
  policiesInForceAt,
  type Span,
  trustTurnsOf,
  turnsOf,
} from '@grantlog/views'
import { decideOn, roleToAssume, trustToAssumeAt } from '../assumption.js'
import { sessionUnit } from '../decide.js'
import type { Position } from '../ports.js'

/** "Could it do this?", of nobody's name but of an immutable id, at whatever position. */
export type PastQuestion = {
  readonly holder: HolderRef
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
  /** The policy of a session to suppose; for a role alone. */
  readonly sessionPolicy?: string
}

/** The principal under the name of that moment. */
const principalOf = ({ type, accountId, id }: HolderRef, name: string): Principal =>
  type === 'User'
    ? { type, accountId, userId: id, userName: name }
    : { type: 'Session', accountId, roleId: id, roleName: name, sessionName: '' }

/** What is decided at a position; undefined where the principal is not there. */
export const decisionsAt = (
  history: HistoryState,
  question: PastQuestion,
): ((position: Position) => Decision | undefined) => {
  const { holder, action, resources, context, sessionPolicy } = question
  const session = sessionPolicy === undefined ? {} : { session: sessionUnit(sessionPolicy) }
  return (position) => {
    const held = policiesInForceAt(history, holder, position)
    if (held === undefined) return undefined
    const principal = principalOf(holder, held.label)
    const request: AuthorizationRequest = { principal, action, resources, context }
    const policies = { identity: held.policies, ...session }
    return decideOn(request, policies, trustToAssumeAt(history, question, position))
  }
}

/** The positions at which the decision may have turned, in order. */
export const decisionTurns = (
  history: HistoryState,
  question: PastQuestion,
  span: Span,
): ReadonlyArray<Position> => {
  const own = turnsOf(history, question.holder, span)
  const role = roleToAssume(question)
  if (role === undefined) return own
  const trust = trustTurnsOf(history, role.accountId, role.roleName, span)
  return [...new Set([...own, ...trust])].sort((a, b) => a - b)
}
