/**
 * The order of the units, as in `authorize`, over compiled policies.
 *
 * Invariant: outcome and unit are those of `authorize`. The answers are a fixed few objects, so
 * that a decision makes nothing.
 */
import { ACTION_CHARACTERS_MAX, type DecisionUnit, type Outcome } from '../authorize.js'
import type { Principal } from '../request.js'
import {
  type Asked,
  EVERYTHING_LENGTH,
  isAccount,
  newAsked,
  readAsked,
  UNREADABLE_LENGTH,
} from './asked.js'
import { type Column, isAssuming } from './column.js'
import type { ContextReader } from './condition-test.js'
import type { Holding } from './holdings.js'
import { type Circumstances, SAYS_ALLOW, SAYS_DENY, SAYS_NOTHING, type Saying } from './runs.js'

/** An `AuthorizationRequest`, or one whose context is read in place. */
export type CompiledRequest = {
  readonly principal: Principal
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: ContextReader
}

/** What `PoliciesInForce` holds, compiled. A member that is present but empty allows nothing. */
export type HeldPolicies = {
  readonly identity: Holding
  readonly resourceGroup?: Holding
  readonly session?: Holding
  readonly control?: Holding
  /** A holding of those that are named. */
  readonly resource?: Holding
}

/** A decision without the statements that made it. */
export type Verdict = { readonly outcome: Outcome; readonly unit: DecisionUnit }

type Answers = Readonly<Record<Outcome, Verdict>>

const answersOf = (unit: DecisionUnit): Answers => ({
  Allow: { outcome: 'Allow', unit },
  ImplicitDeny: { outcome: 'ImplicitDeny', unit },
  ExplicitDeny: { outcome: 'ExplicitDeny', unit },
})

const ROOT = answersOf('Root')
const CONTROL = answersOf('ControlPolicy')
const SESSION = answersOf('SessionPolicy')
const ACCOUNT = answersOf('AccountLevelIdentityBasedPolicy')
const RESOURCE_GROUP = answersOf('ResourceGroupLevelIdentityBasedPolicy')
const ASSUME = answersOf('AssumeRolePolicy')
const RESOURCE = answersOf('ResourcePolicy')

const answer = (answers: Answers, saying: Saying): Verdict => {
  switch (saying) {
    case SAYS_ALLOW:
      return answers.Allow
    case SAYS_DENY:
      return answers.ExplicitDeny
    case SAYS_NOTHING:
      return answers.ImplicitDeny
  }
}

const isOwner = (principal: Principal, asked: Asked): boolean => {
  if (principal.type === 'Service' || principal.type === 'Federated') return false
  if (asked.idLength === EVERYTHING_LENGTH) return true
  if (asked.idLength === UNREADABLE_LENGTH) return false
  return isAccount(asked, principal.accountId) || (asked.isRam && isAccount(asked, 'system'))
}

const hasIdentityPolicies = ({ type }: Principal): boolean => type === 'User' || type === 'Session'

type Ask = (unit: Holding, column: Column, asked: Asked, circumstances: Circumstances) => Saying

const NO_CONTEXT: ContextReader = new Map<string, string>()

export const decisions = (columnOf: (action: string) => Column, ask: Ask) => {
  const asked = newAsked()
  const circumstances: Circumstances = {
    context: NO_CONTEXT,
    principal: { type: 'Service', service: '' },
  }

  /** The identity side has been heard: both must agree to assume a role, else one is enough. */
  const combined = (
    answers: Answers,
    byIdentity: Saying,
    column: Column,
    resource: Holding | undefined,
  ): Verdict => {
    if (byIdentity === SAYS_DENY) return answers.ExplicitDeny
    const byResource =
      resource === undefined ? SAYS_NOTHING : ask(resource, column, asked, circumstances)
    const assumes = isAssuming(column)
    const named = assumes ? ASSUME : RESOURCE
    if (byResource === SAYS_DENY) return named.ExplicitDeny
    if (assumes && byIdentity === SAYS_NOTHING) return answers.ImplicitDeny
    if (assumes) return answer(named, byResource)
    const owns = isOwner(circumstances.principal, asked)
    if (byIdentity === SAYS_ALLOW && owns) return answers.Allow
    return byResource === SAYS_ALLOW || !owns ? answer(named, byResource) : answers.ImplicitDeny
  }

  const decideOne = (column: Column, policies: HeldPolicies): Verdict => {
    const { principal } = circumstances
    const assumes = isAssuming(column)
    if (principal.type === 'Root') {
      if (assumes) return ASSUME.ImplicitDeny
      if (isOwner(principal, asked)) return ROOT.Allow
    }
    const { identity, resourceGroup, session, control, resource } = policies
    if (control !== undefined) {
      const saying = ask(control, column, asked, circumstances)
      if (saying !== SAYS_ALLOW) return answer(CONTROL, saying)
    }
    if (!hasIdentityPolicies(principal))
      return answer(
        assumes ? ASSUME : RESOURCE,
        resource === undefined ? SAYS_NOTHING : ask(resource, column, asked, circumstances),
      )
    if (session !== undefined) {
      const saying = ask(session, column, asked, circumstances)
      if (saying !== SAYS_ALLOW) return answer(SESSION, saying)
    }
    const byAccount = ask(identity, column, asked, circumstances)
    if (byAccount !== SAYS_NOTHING || resourceGroup === undefined)
      return combined(ACCOUNT, byAccount, column, resource)
    const byGroup = ask(resourceGroup, column, asked, circumstances)
    return combined(RESOURCE_GROUP, byGroup, column, resource)
  }

  return (request: CompiledRequest, policies: HeldPolicies): Verdict => {
    const { resources, action } = request
    circumstances.context = request.context
    circumstances.principal = request.principal
    const column = columnOf(action)
    const isReadable = action.length <= ACTION_CHARACTERS_MAX
    let refusal: Verdict | undefined
    let last = RESOURCE.ImplicitDeny
    for (let i = 0; i < resources.length; i += 1) {
      readAsked(asked, isReadable ? (resources[i] as string) : '')
      last = decideOne(column, policies)
      if (last.outcome === 'ExplicitDeny') return last
      if (last.outcome === 'ImplicitDeny') refusal ??= last
    }
    return refusal ?? last
  }
}
