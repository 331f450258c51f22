/**
 * Does this statement apply to what is asked, and if not, which of its elements said no?
 */
import { matchesResource, type RequestedResource } from './arn.js'
import type { ActionPatterns, Statement } from './document.js'
import { type Condition, conditionHolds } from './operators.js'
import { matchesPrincipal } from './principals.js'
import type { Principal, RequestContext } from './request.js'
import { matchesWildcard } from './wildcard.js'

/** One request about one of its resources, read once. The action is in lower case. */
export type Question = {
  readonly principal: Principal
  readonly action: string
  /** The resource as it was asked for. */
  readonly name: string
  readonly resource: RequestedResource
  readonly context: RequestContext
}

/**
 * Whom the statements of a set speak about: whoever holds the policy (`Bearer`), or whom they name
 * (`Named`). A statement of the other sort never applies, so a policy put in the wrong place grants
 * nothing.
 */
export type Audience = 'Bearer' | 'Named'

export type StatementElement = 'Action' | 'Resource' | 'Principal' | 'Condition'

/** The one action that trust policies decide, in lower case. */
export const ASSUME_ROLE = 'sts:assumerole'

/** The first element that does not match, or undefined: the statement applies. */
export const failedElement = (
  statement: Statement,
  question: Question,
  audience: Audience,
): StatementElement | undefined => {
  if (!coversAction(statement.actions, question.action)) return 'Action'
  if (!coversResource(statement, question)) return 'Resource'
  if (!coversPrincipal(statement, question.principal, audience)) return 'Principal'
  return failedCondition(statement, question) === undefined ? undefined : 'Condition'
}

export const applies = (statement: Statement, question: Question, audience: Audience): boolean =>
  failedElement(statement, question, audience) === undefined

/** Whether it speaks about the action and the resource, whomever and whatever else it asks for. */
export const covers = (statement: Statement, question: Question): boolean =>
  coversAction(statement.actions, question.action) && coversResource(statement, question)

/** The first condition that does not hold, or undefined: all hold. */
export const failedCondition = (
  { conditions, effect }: Statement,
  { context }: Question,
): Condition | undefined =>
  conditions.find((condition) => !conditionHolds(condition, context, effect))

const coversAction = ({ type, patterns }: ActionPatterns, action: string): boolean =>
  patterns.some((pattern) => matchesWildcard(pattern, action)) === (type === 'Action')

/**
 * A statement without resources comes from a trust policy, and speaks about assuming its role only.
 */
const coversResource = ({ resources }: Statement, { action, resource }: Question): boolean =>
  resources === undefined
    ? action === ASSUME_ROLE && resource.type === 'Named'
    : resources.some((pattern) => matchesResource(pattern, resource))

const coversPrincipal = (
  { principals }: Statement,
  caller: Principal,
  audience: Audience,
): boolean =>
  principals === undefined
    ? audience === 'Bearer'
    : audience === 'Named' && principals.some((pattern) => matchesPrincipal(pattern, caller))
