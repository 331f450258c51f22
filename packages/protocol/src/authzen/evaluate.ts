/**
 * One evaluation: whom the subject is, what is known of all three, and what their policies say.
 *
 * Invariant: whoever is about to do something leaves one record of each evaluation that is decided,
 * of what was answered.
 *
 * Deny on doubt: a subject nobody knows, one that acts as somebody who is gone, and whatever has no
 * place in RAM's words is denied, with the reason in the context of the decision.
 */
import type { AccessOutcome, AccountId, EntityId, PrincipalRef } from '@grantlog/domain'
import type { AccessAnswer, AccessQuestion, Engine, EngineError, Moment } from '@grantlog/engine'
import type { Outcome, RequestContext } from '@grantlog/policy'
import { roleByIdAt, userByIdAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { SubjectCame } from '../v1/note-decision.js'
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
  /** Puts what was decided on record; absent where nobody is about to do anything. */
  readonly note?: {
    /** The answer about one principal, with the registered subject that acts as it. */
    readonly answer: (question: AccessQuestion, answer: AccessAnswer, entityId?: EntityId) => void
    /** What was answered about a subject that is no single principal. */
    readonly subject: (came: SubjectCame, contextOf: () => RequestContext) => void
  }
}

export type Judgement = {
  readonly decision: boolean
  readonly context: Readonly<Record<string, unknown>>
}

type Asked = AccessQuestion['principal']

/** Why something is denied before any policy is asked, by the code that is put on record. */
const REASONS = {
  ActionUnknown: 'the name of the action is none that a policy could name',
  ResourceUnknown: 'the type or the id of the resource is none that a policy could name',
  SubjectUnknown: 'the subject is neither registered nor a principal of the account',
  PrincipalGone: 'the subject acts as a principal that is gone',
  TooManyPolicies: 'sessions of this name have too many different policies',
} as const

type Reason = keyof typeof REASONS

/** An evaluation in RAM's words, where it has any, and what is known of it so far. */
type Posed = {
  readonly action: string | null
  readonly resource: string | null
  readonly known: Known
  /** The registered subject. */
  readonly entityId?: EntityId | undefined
}

const noteSubject = (
  { note, position }: World,
  { action, resource, known, entityId }: Posed,
  outcome: AccessOutcome,
): void =>
  note?.subject(
    {
      ...outcome,
      action: action ?? known.action.name,
      resources: resource === null ? [] : [resource],
      position,
      entityId,
    },
    () => conditionKeys(known, undefined),
  )

/** Denied for another reason than permission, which is on record as a refusal. */
const refused = (world: World, posed: Posed, code: Reason): Judgement => {
  noteSubject(world, posed, { outcome: 'Refused', code })
  const { position } = world
  return { decision: false, context: { outcome: 'ImplicitDeny', reason: REASONS[code], position } }
}

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
): ReadonlyArray<Asked> | Reason => {
  if (known === undefined || known.actsAs.length === 0) {
    const principal = ramPrincipal(world.accountId, subject)
    return principal === null ? 'SubjectUnknown' : [principal]
  }
  const principals = known.actsAs.map((ref) => linked(world, ref))
  return principals.includes(null) ? 'PrincipalGone' : principals.flatMap((one) => one ?? [])
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

type Answered = { readonly question: AccessQuestion; readonly answer: AccessAnswer }

const ask = async (
  { engine, position }: World,
  asked: Omit<AccessQuestion, 'moment'>,
): Promise<E.Either<EngineError, Answered | Reason>> => {
  const moment: Moment = { type: 'AtPosition', position }
  const answer = await engine.ask({ ...asked, moment })()
  if (E.isRight(answer))
    return E.right({ question: { ...asked, moment: { type: 'Now' } }, answer: answer.right })
  const refusal = answer.left
  if (refusal.type === 'PrincipalNotFound' || refusal.type === 'NoSuchSession')
    return E.right('SubjectUnknown')
  if (refusal.type === 'TooManySessionPolicies' || refusal.type === 'TooManyStatements')
    return E.right('TooManyPolicies')
  if (refusal.type === 'MomentNotReached' || refusal.type === 'TimeNotReached')
    return E.left({ type: 'ViewsBehind', applied: engine.status().applied, wanted: position })
  return E.left(refusal)
}

type Explained = AccessAnswer['explanation']

/** Several principals count as one that holds the policies of all: a deny of any of them wins. */
const together = (answers: ReadonlyArray<Answered>): Explained | undefined => {
  const withOutcome = (outcome: Outcome): Explained | undefined =>
    answers.find(({ answer }) => answer.explanation.outcome === outcome)?.answer.explanation
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

/** One record, however many principals were asked about: what all of them came to together. */
const note = (
  world: World,
  posed: Posed,
  [first, ...others]: ReadonlyArray<Answered>,
  { outcome }: Explained,
): void => {
  if (first !== undefined && others.length === 0)
    world.note?.answer(first.question, first.answer, posed.entityId)
  else if (outcome === 'Allow') noteSubject(world, posed, { outcome: 'Allowed', code: '' })
  else noteSubject(world, posed, { outcome: 'Denied', code: outcome })
}

/** Left only when the engine cannot answer, and then nothing is allowed. */
export const evaluate = async (
  world: World,
  evaluation: Evaluation,
): Promise<E.Either<EngineError, Judgement>> => {
  const { accountId, time } = world
  const action = ramAction(evaluation.action)
  const resource = ramResource(accountId, evaluation.resource)
  const given: Posed = { action, resource, known: { ...evaluation, time } }
  if (action === null) return E.right(refused(world, given, 'ActionUnknown'))
  if (resource === null) return E.right(refused(world, given, 'ResourceUnknown'))
  const found = await lookUp(world, evaluation)
  if (E.isLeft(found)) return found
  const [subject, knownAction, knownResource] = found.right
  const known: Known = {
    subject: withKnown(evaluation.subject, subject),
    action: withKnown(evaluation.action, knownAction),
    resource: withKnown(evaluation.resource, knownResource),
    context: evaluation.context,
    time,
  }
  const posed: Posed = { action, resource, known, entityId: subject?.entityId }
  const principals = principalsOf(world, evaluation.subject, subject)
  if (typeof principals === 'string') return E.right(refused(world, posed, principals))
  const answers: Array<Answered> = []
  for (const principal of principals) {
    const context = conditionKeys(known, arnOf(principal))
    const answer = await ask(world, { principal, action, resources: [resource], context })
    if (E.isLeft(answer)) return answer
    if (typeof answer.right === 'string') return E.right(refused(world, posed, answer.right))
    answers.push(answer.right)
  }
  const explanation = together(answers)
  if (explanation === undefined) return E.right(refused(world, posed, 'SubjectUnknown'))
  note(world, posed, answers, explanation)
  return E.right(judgementOf(world, explanation))
}
