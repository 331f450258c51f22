/**
 * Decisions about one user or role, or the root of an account, at any position of the past, on
 * nothing but history.
 *
 * Invariant: the decision is the one that a question at that position is answered with.
 */
import type {
  AuthorizationRequest,
  Decision,
  PolicyInForce,
  Principal,
  RequestContext,
} from '@grantlog/policy'
import {
  type HistoryState,
  type HolderRef,
  openedAt,
  policiesInForceAt,
  type Span,
  trustTurnsOf,
  turnsOf,
} from '@grantlog/views'
import { decideOn, roleToAssume, trustToAssumeAt } from '../assumption.js'
import { sessionUnit } from '../decide.js'
import type { Position } from '../ports.js'

/** The root of an account, which holds no policies. */
export type RootRef = { readonly type: 'Root'; readonly accountId: string }

/** "Could it do this?", of nobody's name but of an immutable id, at whatever position. */
export type PastQuestion = {
  readonly who: HolderRef | RootRef
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
  /** The policy of a session to suppose; for a role alone. */
  readonly sessionPolicy?: string
}

/** Who holds the grants; undefined for a root. */
export const holderIn = ({ who }: Pick<PastQuestion, 'who'>): HolderRef | undefined =>
  who.type === 'Root' ? undefined : who

/** The principal under the name of that moment. */
const principalOf = ({ type, accountId, id }: HolderRef, name: string): Principal =>
  type === 'User'
    ? { type, accountId, userId: id, userName: name }
    : { type: 'Session', accountId, roleId: id, roleName: name, sessionName: '' }

type Present = {
  readonly principal: Principal
  readonly identity: ReadonlyArray<PolicyInForce>
}

/** Undefined for whoever was not there. */
const presentAt = (
  history: HistoryState,
  who: PastQuestion['who'],
  position: Position,
): Present | undefined => {
  if (who.type === 'Root') {
    const { type, accountId } = who
    const opened = openedAt(history, accountId) ?? Number.POSITIVE_INFINITY
    return opened <= position ? { principal: { type, accountId }, identity: [] } : undefined
  }
  const held = policiesInForceAt(history, who, position)
  return held && { principal: principalOf(who, held.label), identity: held.policies }
}

/** What is decided at a position; undefined where the principal is not there. */
export const decisionsAt = (
  history: HistoryState,
  question: PastQuestion,
): ((position: Position) => Decision | undefined) => {
  const { who, action, resources, context, sessionPolicy } = question
  const session = sessionPolicy === undefined ? {} : { session: sessionUnit(sessionPolicy) }
  return (position) => {
    const there = presentAt(history, who, position)
    if (there === undefined) return undefined
    const { principal, identity } = there
    const request: AuthorizationRequest = { principal, action, resources, context }
    const policies = { identity, ...session }
    return decideOn(request, policies, trustToAssumeAt(history, question, position))
  }
}

const ownTurns = (
  history: HistoryState,
  who: PastQuestion['who'],
  span: Span,
): ReadonlyArray<Position> => {
  if (who.type !== 'Root') return turnsOf(history, who, span)
  const opened = openedAt(history, who.accountId)
  return opened !== undefined && opened > span.after && opened <= span.upTo ? [opened] : []
}

/** The positions at which the decision may have turned, in order. */
export const decisionTurns = (
  history: HistoryState,
  question: PastQuestion,
  span: Span,
): ReadonlyArray<Position> => {
  const own = ownTurns(history, question.who, span)
  const role = roleToAssume(question)
  if (role === undefined) return own
  const trust = trustTurnsOf(history, role.accountId, role.roleName, span)
  return [...new Set([...own, ...trust])].sort((a, b) => a - b)
}
