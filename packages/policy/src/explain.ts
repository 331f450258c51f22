/**
 * The decision once more, with what every statement that binds the caller had to say about it.
 *
 * Invariant: the outcome is that of `authorize`; the verdicts explain it and never make it.
 */
import {
  audienceOf,
  authorize,
  type DecidingStatement,
  type Decision,
  type DecisionUnit,
  type PoliciesInForce,
  type PolicyInForce,
  questionsOf,
} from './authorize.js'
import type { Statement } from './document.js'
import type { AuthorizationRequest } from './request.js'
import {
  ASSUME_ROLE,
  failedCondition,
  failedElement,
  type Question,
  type StatementElement,
} from './statement.js'

/** `failed` is the first element that said no, `detail` more about it, for people. */
export type StatementVerdict = DecidingStatement & {
  readonly unit: DecisionUnit
  /** The resource of the request that this verdict is about. */
  readonly resource: string
  readonly matched: boolean
  readonly failed?: StatementElement
  readonly detail?: string
}

export type Explanation = Decision & { readonly statements: ReadonlyArray<StatementVerdict> }

/** What decides: this package's own evaluation, or a faster one that agrees with it. */
export type Authorizer = {
  readonly authorize: typeof authorize
  readonly explain: typeof explain
}

export const explain = (request: AuthorizationRequest, policies: PoliciesInForce): Explanation => ({
  ...authorize(request, policies),
  statements: [...verdictsOn(request, policies)],
})

/**
 * What each statement had to say, one after the other: who reads a long list may pause, or stop,
 * and nothing is made that is not read.
 */
export function* verdictsOn(
  request: AuthorizationRequest,
  policies: PoliciesInForce,
): Generator<StatementVerdict, void, undefined> {
  for (const [index, question] of questionsOf(request).entries())
    for (const [unit, inForce] of unitsFor(question, policies))
      for (const policy of inForce)
        yield* verdicts(policy, unit, question, request.resources[index] ?? '')
}

type UnitInForce = readonly [DecisionUnit, ReadonlyArray<PolicyInForce>]

/**
 * Every unit that binds the caller, asked or not: also the one that an earlier no made superfluous.
 */
const unitsFor = (
  { principal, action }: Question,
  policies: PoliciesInForce,
): ReadonlyArray<UnitInForce> => {
  const { control = [], session = [], identity, resourceGroup = [], resource = [] } = policies
  const resourceUnit: UnitInForce = [
    action === ASSUME_ROLE ? 'AssumeRolePolicy' : 'ResourcePolicy',
    resource,
  ]
  switch (principal.type) {
    case 'User':
    case 'Session':
      return [
        ['ControlPolicy', control],
        ['SessionPolicy', session],
        ['AccountLevelIdentityBasedPolicy', identity],
        ['ResourceGroupLevelIdentityBasedPolicy', resourceGroup],
        resourceUnit,
      ]
    case 'Root':
    case 'Service':
    case 'Federated':
      return [['ControlPolicy', control], resourceUnit]
  }
}

const verdicts = (
  { source, document }: PolicyInForce,
  unit: DecisionUnit,
  question: Question,
  resource: string,
): ReadonlyArray<StatementVerdict> =>
  document.statements.map((statement, statementIndex) => {
    const failed = failedElement(statement, question, audienceOf(unit))
    const verdict = { source, statementIndex, effect: statement.effect, unit, resource }
    return failed === undefined
      ? { ...verdict, matched: true }
      : { ...verdict, matched: false, failed, detail: detailOf(failed, statement, question) }
  })

const detailOf = (failed: StatementElement, statement: Statement, question: Question): string => {
  switch (failed) {
    case 'Action':
      return statement.actions.type === 'Action' ? 'no action matches' : 'the action is excepted'
    case 'Resource':
      return 'no resource matches'
    case 'Principal':
      return 'the caller is not named'
    case 'Condition': {
      const condition = failedCondition(statement, question)
      if (condition === undefined) return 'a condition does not hold'
      const isAbsent = (question.context.get(condition.key) ?? []).length === 0
      return `${condition.label} ${isAbsent ? 'finds no value' : 'does not hold'}`
    }
  }
}
