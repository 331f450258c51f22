/**
 * Decisions where not all of the circumstances are known: what a request could be answered at best
 * and at worst, whatever the condition keys hold that are not given.
 *
 * Invariant: a request that is allowed at worst is allowed under every context that adds keys to
 * the given one; a request that is not allowed at best is allowed under none. Decisions are
 * monotone in what is allowed and in what is denied, so two rewritten sets of policies are enough
 * and `authorize` stays the only one that decides.
 */
import type { PoliciesInForce, PolicyInForce } from '../authorize.js'
import type { PolicyDocument, Statement } from '../document.js'
import { type Condition, conditionHolds } from '../operators.js'
import type { RequestContext } from '../request.js'

/**
 * How the statements whose conditions are open are read: `Best` as it suits the caller, `Worst` as
 * it does not, `Firm` as if they were not there.
 */
export type Bound = 'Best' | 'Worst' | 'Firm'

/**
 * `Conditional` depends on condition keys that are not given, `Never` on none: no context that adds
 * keys to the given one is allowed.
 */
export type Certainty = 'Allowed' | 'Conditional' | 'Never'

/** Whether a statement applies as far as conditions go; `Open` depends on keys not given. */
export type Standing = 'Holds' | 'Fails' | 'Open'

/** A key that is given without values is known to be absent. */
const isOpen = ({ key }: Condition, context: RequestContext): boolean => !context.has(key)

export const standingOf = (
  { conditions, effect }: Pick<Statement, 'conditions' | 'effect'>,
  context: RequestContext,
): Standing => {
  let standing: Standing = 'Holds'
  for (const condition of conditions) {
    if (isOpen(condition, context)) standing = 'Open'
    else if (!conditionHolds(condition, context, effect)) return 'Fails'
  }
  return standing
}

export const openConditions = (
  { conditions }: Pick<Statement, 'conditions'>,
  context: RequestContext,
): ReadonlyArray<Condition> => conditions.filter((condition) => isOpen(condition, context))

const stays = (bound: Bound, { effect }: Statement, standing: Standing): boolean => {
  switch (standing) {
    case 'Holds':
      return true
    case 'Fails':
      return false
    case 'Open':
      return bound !== 'Firm' && (bound === 'Best') === (effect === 'Allow')
  }
}

/** The document without conditions: what of it binds at the bound. */
export const boundDocument = (
  bound: Bound,
  { kind, statements }: PolicyDocument,
  context: RequestContext,
): PolicyDocument => ({
  kind,
  statements: statements.flatMap((statement) =>
    stays(bound, statement, standingOf(statement, context))
      ? [statement.conditions.length === 0 ? statement : { ...statement, conditions: [] }]
      : [],
  ),
})

export const boundPolicy = (
  bound: Bound,
  { source, document }: PolicyInForce,
  context: RequestContext,
): PolicyInForce => ({ source, document: boundDocument(bound, document, context) })

/** A unit that is present stays present, and allows nothing when nothing of it is left. */
export const boundPolicies = (
  bound: Bound,
  { identity, resourceGroup, session, control, resource }: PoliciesInForce,
  context: RequestContext,
): PoliciesInForce => {
  const bounded = (policies: ReadonlyArray<PolicyInForce>): ReadonlyArray<PolicyInForce> =>
    policies.map((policy) => boundPolicy(bound, policy, context))
  return {
    identity: bounded(identity),
    ...(resourceGroup && { resourceGroup: bounded(resourceGroup) }),
    ...(session && { session: bounded(session) }),
    ...(control && { control: bounded(control) }),
    ...(resource && { resource: bounded(resource) }),
  }
}

/** From whether it is allowed at each bound. */
export const certaintyOf = (isAllowed: (bound: Bound) => boolean): Certainty => {
  if (!isAllowed('Best')) return 'Never'
  return isAllowed('Worst') ? 'Allowed' : 'Conditional'
}
