/**
 * The decision: may this principal do this to these resources, under these circumstances?
 *
 * Policies are consulted in units. In one unit a matching Deny wins, else a matching Allow allows,
 * else the answer is an implicit deny. Invariant: nothing is allowed unless a statement, or
 * ownership by an account's root, says so; whatever is missing or cannot be read allows nothing.
 */
import { requestedResource } from './arn.js'
import type { PolicyDocument } from './document.js'
import type { AuthorizationRequest, Principal } from './request.js'
import { ASSUME_ROLE, type Audience, applies, type Question } from './statement.js'

/**
 * How long the name of an action may be. Unit: characters. A longer one is nobody's to perform.
 * Ours.
 */
export const ACTION_CHARACTERS_MAX = 256

/** Where a document comes from; `via` is whom it is attached to. */
export type PolicySource = {
  readonly policyType: 'Custom' | 'System' | 'Session' | 'Trust' | 'Resource' | 'Control'
  readonly policyName: string
  readonly versionId: string
  readonly policyId?: string
  readonly via?: {
    readonly type: 'User' | 'Group' | 'Role'
    readonly id: string
    readonly name: string
  }
}

export type PolicyInForce = { readonly source: PolicySource; readonly document: PolicyDocument }

/** Sets of policies, held in whatever way. A member that is present but empty allows nothing. */
export type Units<Unit> = {
  /** Of the user and all its groups, or of the session's role. */
  readonly identity: Unit
  /** The same, limited to the resource group of the target. */
  readonly resourceGroup?: Unit
  /** Present when the session was created with a policy of its own. */
  readonly session?: Unit
  /** Present when the account is a member of a resource directory. */
  readonly control?: Unit
  /** The trust policy for `sts:AssumeRole`, the target's own policy otherwise. */
  readonly resource?: Unit
}

/** Everything that binds one principal. */
export type PoliciesInForce = Units<ReadonlyArray<PolicyInForce>>

export type DecisionUnit =
  | 'Root'
  | 'ControlPolicy'
  | 'SessionPolicy'
  | 'AccountLevelIdentityBasedPolicy'
  | 'ResourceGroupLevelIdentityBasedPolicy'
  | 'AssumeRolePolicy'
  | 'ResourcePolicy'

export type Outcome = 'Allow' | 'ImplicitDeny' | 'ExplicitDeny'

export type DecidingStatement = {
  readonly source: PolicySource
  readonly statementIndex: number
  readonly effect: 'Allow' | 'Deny'
}

/**
 * `unit` is the one that ended the evaluation. `deciding` are the statements that made the answer:
 * the matching denies, or the matching allows of every unit that had to agree; none for an implicit
 * deny.
 */
export type Decision = {
  readonly outcome: Outcome
  readonly unit: DecisionUnit
  readonly deciding: ReadonlyArray<DecidingStatement>
  /** For an implicit deny that an allow of the caller's own policies would not have changed. */
  readonly reason?: ForeignResource
}

/**
 * How a resource is not of the caller's account, so that only a policy of its own could open it:
 * the name has no account, or that of another.
 */
export type ForeignResource = 'ResourceOfNoAccount' | 'ResourceOfOtherAccount'

/** The statements of a set that apply, in the order of the set. */
export type Matching<Unit> = (
  unit: Unit,
  question: Question,
  audience: Audience,
) => ReadonlyArray<DecidingStatement>

/** Allows when every resource of the request is allowed. A denied resource decides for all. */
export const authorize = (request: AuthorizationRequest, policies: PoliciesInForce): Decision =>
  authorizeBy(matchingStatements, request, policies)

/** The same decision, for sets in which the statements that apply are found in another way. */
export const authorizeBy = <Unit>(
  matching: Matching<Unit>,
  request: AuthorizationRequest,
  policies: Units<Unit>,
): Decision => {
  const decisions = questionsOf(request).map((question) =>
    decide(question, policies, (name, unit) =>
      unit === undefined
        ? implicitDeny(name)
        : said(name, matching(unit, question, audienceOf(name))),
    ),
  )
  const refusal =
    decisions.find(({ outcome }) => outcome === 'ExplicitDeny') ??
    decisions.find(({ outcome }) => outcome === 'ImplicitDeny')
  return refusal ?? decisions.reduce(together)
}

/** The same request, one question per resource. */
export const questionsOf = (request: AuthorizationRequest): readonly [Question, ...Question[]] => {
  const { principal, context } = request
  const isReadable = request.action.length <= ACTION_CHARACTERS_MAX
  const action = isReadable ? request.action.toLowerCase() : ''
  const ask = (name: string): Question => ({
    principal,
    action,
    name,
    resource: isReadable ? requestedResource(name) : { type: 'Unreadable' },
    context,
  })
  const [first, ...others] = request.resources
  return [ask(first), ...others.map(ask)]
}

/** What one set of policies says; a set that is absent says nothing. */
type Ask<Unit> = (name: DecisionUnit, unit: Unit | undefined) => Decision

const decide = <Unit>(question: Question, policies: Units<Unit>, ask: Ask<Unit>): Decision => {
  const { principal, action } = question
  if (principal.type === 'Root' && action === ASSUME_ROLE) return implicitDeny('AssumeRolePolicy')
  if (principal.type === 'Root' && isOwner(question)) return allowedAsOwner

  const control = askIfPresent('ControlPolicy', policies.control, ask)
  if (control !== undefined && control.outcome !== 'Allow') return control

  const byResource = withReason(ask(resourceUnitOf(question), policies.resource), question)
  if (!hasIdentityPolicies(principal)) return after(control, byResource)

  const session = askIfPresent('SessionPolicy', policies.session, ask)
  if (session !== undefined && session.outcome !== 'Allow') return session

  const byIdentity = identityUnits(policies, ask)
  return after(control, after(session, combine(question, byIdentity, byResource)))
}

/** The account level decides first; only where it is silent is the resource group's level asked. */
const identityUnits = <Unit>(policies: Units<Unit>, ask: Ask<Unit>): Decision => {
  const account = ask('AccountLevelIdentityBasedPolicy', policies.identity)
  if (account.outcome !== 'ImplicitDeny' || policies.resourceGroup === undefined) return account
  return ask('ResourceGroupLevelIdentityBasedPolicy', policies.resourceGroup)
}

/**
 * An explicit deny on either side wins. To assume a role both sides must allow. Otherwise one side
 * is enough, but the caller's own policies open nothing that belongs to another account.
 */
const combine = (question: Question, byIdentity: Decision, byResource: Decision): Decision => {
  if (byIdentity.outcome === 'ExplicitDeny') return byIdentity
  if (byResource.outcome === 'ExplicitDeny') return byResource

  if (question.action === ASSUME_ROLE)
    return byIdentity.outcome === 'Allow' ? after(byIdentity, byResource) : byIdentity

  if (byIdentity.outcome === 'Allow' && isOwner(question)) return byIdentity
  if (byResource.outcome === 'Allow' || !isOwner(question)) return byResource
  return byIdentity
}

/**
 * Roots stand above identity policies, services and providers have none: another policy must name
 * them.
 */
const hasIdentityPolicies = (principal: Principal): boolean => {
  switch (principal.type) {
    case 'User':
    case 'Session':
      return true
    case 'Root':
    case 'Service':
    case 'Federated':
      return false
  }
}

/**
 * System policies belong to everybody. `*` names no account: it stands for what the caller's own
 * has.
 */
const isOwner = ({ principal, resource }: Question): boolean => {
  if (principal.type === 'Service' || principal.type === 'Federated') return false
  switch (resource.type) {
    case 'Everything':
      return true
    case 'Unreadable':
      return false
    case 'Named': {
      const { account, service } = resource.arn
      return account === principal.accountId || (account === 'system' && service === 'ram')
    }
  }
}

/** To assume a role is a matter of its trust policy, whosever it is. */
const withReason = (decision: Decision, question: Question): Decision => {
  const isSilent = decision.outcome === 'ImplicitDeny' && question.action !== ASSUME_ROLE
  const reason = isSilent ? foreignness(question) : undefined
  return reason === undefined ? decision : { ...decision, reason }
}

const foreignness = (question: Question): ForeignResource | undefined => {
  const { principal, resource } = question
  const hasAccount = principal.type !== 'Service' && principal.type !== 'Federated'
  if (!hasAccount || resource.type !== 'Named' || isOwner(question)) return undefined
  const { account } = resource.arn
  return account === '' || account.includes('*') ? 'ResourceOfNoAccount' : 'ResourceOfOtherAccount'
}

const resourceUnitOf = ({ action }: Question): DecisionUnit =>
  action === ASSUME_ROLE ? 'AssumeRolePolicy' : 'ResourcePolicy'

/**
 * Trust and resource policies name whom they speak about; all others speak about whoever holds
 * them.
 */
export const audienceOf = (name: DecisionUnit): Audience =>
  name === 'AssumeRolePolicy' || name === 'ResourcePolicy' ? 'Named' : 'Bearer'

const askIfPresent = <Unit>(
  name: DecisionUnit,
  unit: Unit | undefined,
  ask: Ask<Unit>,
): Decision | undefined => (unit === undefined ? undefined : ask(name, unit))

/** What the matching statements of one set say: a Deny, else an Allow, else nothing. */
const said = (name: DecisionUnit, matching: ReadonlyArray<DecidingStatement>): Decision => {
  const denies = matching.filter(({ effect }) => effect === 'Deny')
  if (denies.length > 0) return { outcome: 'ExplicitDeny', unit: name, deciding: denies }
  if (matching.length > 0) return { outcome: 'Allow', unit: name, deciding: matching }
  return implicitDeny(name)
}

/** Filled in place: this loop runs over every statement in force, on each request. */
export const matchingStatements: Matching<ReadonlyArray<PolicyInForce>> = (
  policies,
  question,
  audience,
) => {
  const matching: Array<DecidingStatement> = []
  for (const { source, document } of policies)
    document.statements.forEach((statement, statementIndex) => {
      if (applies(statement, question, audience))
        matching.push({ source, statementIndex, effect: statement.effect })
    })
  return matching
}

const implicitDeny = (name: DecisionUnit): Decision => ({
  outcome: 'ImplicitDeny',
  unit: name,
  deciding: [],
})

const allowedAsOwner: Decision = { outcome: 'Allow', unit: 'Root', deciding: [] }

/** The later decision; when it allows, the statements that let it come so far share in it. */
const after = (earlier: Decision | undefined, later: Decision): Decision =>
  earlier === undefined || later.outcome !== 'Allow' ? later : together(earlier, later)

/** Two allows as one. A statement that made both is named once. */
const together = (a: Decision, b: Decision): Decision => ({
  ...b,
  deciding: [...a.deciding, ...b.deciding.filter((mine) => !a.deciding.some(isSame(mine)))],
})

const isSame =
  (a: DecidingStatement) =>
  (b: DecidingStatement): boolean =>
    a.source === b.source && a.statementIndex === b.statementIndex
