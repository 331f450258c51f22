/**
 * Which statements make an answer conditional: those that speak about what is asked and have
 * conditions on keys that are not given.
 */
import {
  type DecidingStatement,
  type PoliciesInForce,
  type PolicyInForce,
  questionsOf,
} from '../authorize.js'
import type { Condition } from '../operators.js'
import type { AuthorizationRequest, RequestContext } from '../request.js'
import { type Audience, applies, type Question } from '../statement.js'
import { openConditions, standingOf } from './bounds.js'

/** A statement that applies or not as the keys turn out, and its conditions on them. */
export type OpenStatement = DecidingStatement & { readonly conditions: ReadonlyArray<Condition> }

const AUDIENCES: ReadonlyArray<readonly [keyof PoliciesInForce, Audience]> = [
  ['control', 'Bearer'],
  ['session', 'Bearer'],
  ['identity', 'Bearer'],
  ['resourceGroup', 'Bearer'],
  ['resource', 'Named'],
]

/** Each once, in the order of the units. */
export const openStatements = (
  request: AuthorizationRequest,
  policies: PoliciesInForce,
): ReadonlyArray<OpenStatement> => {
  const questions = questionsOf(request)
  return AUDIENCES.flatMap(([unit, audience]) =>
    (policies[unit] ?? []).flatMap((policy) =>
      openIn(policy, questions, request.context, audience),
    ),
  )
}

const openIn = (
  { source, document }: PolicyInForce,
  questions: ReadonlyArray<Question>,
  context: RequestContext,
  audience: Audience,
): ReadonlyArray<OpenStatement> =>
  document.statements.flatMap((statement, statementIndex) => {
    if (standingOf(statement, context) !== 'Open') return []
    const unconditional = { ...statement, conditions: [] }
    if (!questions.some((question) => applies(unconditional, question, audience))) return []
    const conditions = openConditions(statement, context)
    return [{ source, statementIndex, effect: statement.effect, conditions }]
  })
