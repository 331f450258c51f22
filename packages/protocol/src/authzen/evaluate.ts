/**
 * One evaluation: whom the subject is, what is known of all three, and what their policies say.
 *
 * Deny on doubt: a subject nobody knows, one that acts as somebody who is gone, and whatever has no
 * place in RAM's words is denied, with the reason in the context of the decision.
 */
import type { AccountId, EntityId, PrincipalRef } from '@grantlog/domain'
import type { AccessAnswer, AccessQuestion, Engine, EngineError, Moment } from '@grantlog/engine'
import type { Outcome, RequestContext } from '@grantlog/policy'
import { roleByIdAt, userByIdAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { over } from './attributes.js'
import type { KnownEntities, KnownEntity } from './known-entities.js'
import { conditionKeys, type Known, ramAction, ramPrincipal, ramResource } from './mapping.js'
import type { AskedEntity, Evaluation } from './request.js'

/** Where and when is asked: everything at one position. */
export type World = {
  readonly engine: Engine
  readonly entities: KnownEntities
  readonly accountId: AccountId
  readonly position: number
  /** Milliseconds since the epoch, UTC; undefined where the position is all that is known. */
  readonly time: number | undefined
  /**
   * Puts an answer on record, with the registered subject that acts as the principal; absent where
   * nobody is about to do anything.
   */
  readonly note?: (question: AccessQuestion, answer: AccessAnswer, entityId?: EntityId) => void
}

export type Judgement = {
  readonly decision: boolean
  readonly context: Readonly<Record<string, unknown>>
}

type Asked = AccessQuestion['principal']

const NOBODY = 'the subject is neither registered nor a principal of the account'
const REASONS = {
  action: 'the name of the action is none that a policy could name',
  resource: 'the type or the id of the resource is none that a policy could name',
  gone: 'the subject acts as a principal that is gone',
  many: 'sessions of this name have too many different policies',
} as const

const denied = ({ position }: World, reason: string): Judgement => ({
  decision: false,
  context: { outcome: 'ImplicitDeny', reason, position },
})

const withKnown = <A extends { readonly properties: AskedEntity['properties'] }>(
  asked: A,
  known: KnownEntity | undefined,
): A =>
  known === undefined ? asked : { ...asked, properties: over(asked.properties, known.properties) }

/** The principal of a link, by the name that it bore then; null when it was gone. */
const linked = ({ engine, accountId, position }: World, ref: PrincipalRef): Asked | null => {
  const { history } = engine.views
  switch (ref.type) {
    case 'User': {
      const user = userByIdAt(history, accountId, ref.userId, position)
      return user === undefined ? null : { type: 'User', accountId, userName: user.userName }
    }
    case 'Role': {
      const role = roleByIdAt(history, accountId, ref.roleId, position)
      return role === undefined ? null : { type: 'Role', accountId, roleName: role.roleName }
    }
  }
}

/** As whom the subject acts: whom it is linked to, else whom it is by its own name. */
const principalsOf = (
  world: World,
  subject: AskedEntity,
  known: KnownEntity | undefined,
): ReadonlyArray<Asked> | string => {
  if (known === undefined || known.actsAs.length === 0) {
    const principal = ramPrincipal(world.accountId, subject)
    return principal === null ? NOBODY : [principal]
  }
  const principals = known.actsAs.map((ref) => linked(world, ref))
  return principals.includes(null) ? REASONS.gone : principals.flatMap((one) => one ?? [])
}

const arnOf = (principal: Asked): string => {
  const prefix = `acs:ram::${principal.accountId}:`
  switch (principal.type) {
    case 'Root':
      return `${prefix}root`
    case 'User':
      return `${prefix}user/${principal.userName}`
    case 'Role':
    case 'Session':
      return `${prefix}role/${principal.roleName}`
  }
}

type Answered = E.Either<EngineError, Pick<AccessAnswer, 'explanation'> | string>

const ask = async (
  { engine, position, note }: World,
  principal: Asked,
  question: {
    readonly action: string
    readonly resource: string
    readonly context: RequestContext
    readonly entityId: EntityId | undefined
  },
): Promise<Answered> => {
  const { action, resource, context, entityId } = question
  const moment: Moment = { type: 'AtPosition', position }
  const asked = { principal, action, resources: [resource], context } as const
  const answer = await engine.ask({ ...asked, moment })()
  if (E.isRight(answer)) {
    note?.({ ...asked, moment: { type: 'Now' } }, answer.right, entityId)
    return answer
  }
  const refusal = answer.left
  if (refusal.type === 'PrincipalNotFound' || refusal.type === 'NoSuchSession')
    return E.right(NOBODY)
  if (refusal.type === 'TooManySessionPolicies' || refusal.type === 'TooManyStatements')
    return E.right(REASONS.many)
  if (refusal.type === 'MomentNotReached' || refusal.type === 'TimeNotReached')
    return E.left({ type: 'ViewsBehind', applied: engine.status().applied, wanted: position })
  return E.left(refusal)
}

type Explained = AccessAnswer['explanation']

/** Several principals count as one that holds the policies of all: a deny of any of them wins. */
const together = (explanations: ReadonlyArray<Explained>): Explained | undefined => {
  const withOutcome = (outcome: Outcome): Explained | undefined =>
    explanations.find((each) => each.outcome === outcome)
  return withOutcome('ExplicitDeny') ?? withOutcome('Allow') ?? withOutcome('ImplicitDeny')
}

const judgementOf = ({ position }: World, explanation: Explained): Judgement => ({
  decision: explanation.outcome === 'Allow',
  context: {
    outcome: explanation.outcome,
    position,
    deciding: explanation.deciding.map(({ source, statementIndex, effect }) => ({
      policyType: source.policyType,
      policyName: source.policyName,
      versionId: source.versionId,
      statementIndex,
      effect,
    })),
  },
})

/** Everything registered of the three entities of an evaluation. */
const lookUp = async (
  { entities, accountId, position }: World,
  { subject, action, resource }: Evaluation,
): Promise<E.Either<EngineError, ReadonlyArray<KnownEntity | undefined>>> => {
  const names = [
    { accountId, kind: 'Subject', entityType: subject.type, name: subject.id },
    { accountId, kind: 'Action', entityType: resource.type, name: action.name },
    { accountId, kind: 'Resource', entityType: resource.type, name: resource.id },
  ] as const
  const found: Array<KnownEntity | undefined> = []
  for (const named of names) {
    const entity = await entities.at(named, position)
    if (E.isLeft(entity)) return entity
    found.push(entity.right)
  }
  return E.right(found)
}

/** Left only when the engine cannot answer, and then nothing is allowed. */
export const evaluate = async (
  world: World,
  evaluation: Evaluation,
): Promise<E.Either<EngineError, Judgement>> => {
  const { accountId, time } = world
  const action = ramAction(evaluation.action)
  if (action === null) return E.right(denied(world, REASONS.action))
  const resource = ramResource(accountId, evaluation.resource)
  if (resource === null) return E.right(denied(world, REASONS.resource))
  const found = await lookUp(world, evaluation)
  if (E.isLeft(found)) return found
  const [subject, knownAction, knownResource] = found.right
  const principals = principalsOf(world, evaluation.subject, subject)
  if (typeof principals === 'string') return E.right(denied(world, principals))
  const known: Known = {
    subject: withKnown(evaluation.subject, subject),
    action: withKnown(evaluation.action, knownAction),
    resource: withKnown(evaluation.resource, knownResource),
    context: evaluation.context,
    time,
  }
  const explanations: Array<Explained> = []
  const entityId = subject?.entityId
  for (const principal of principals) {
    const context = conditionKeys(known, arnOf(principal))
    const answer = await ask(world, principal, { action, resource, context, entityId })
    if (E.isLeft(answer)) return answer
    if (typeof answer.right === 'string') return E.right(denied(world, answer.right))
    explanations.push(answer.right.explanation)
  }
  const explanation = together(explanations)
  return E.right(explanation ? judgementOf(world, explanation) : denied(world, NOBODY))
}
