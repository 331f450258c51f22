/**
 * Decisions asked for over the read API, as they are put on record.
 *
 * An access is a question about now that a program asks before it does something, by POST.
 * Questions about the past, `GET /v1/can` and `GET /v1/why` are studies and not accesses.
 */
import type { AccessOutcome, EntityId, RoleId, SessionId, UserId } from '@grantlog/domain'
import type {
  AccessAnswer,
  AccessOutcomes,
  AccessQuestion,
  AnswerBasis,
  JudgedAccess,
  JudgedPrincipal,
  Position,
} from '@grantlog/engine'
import type { Outcome, RequestContext } from '@grantlog/policy'
import type { Scene } from '../rpc/scene.js'

const judgedPrincipal = (
  { principal }: AccessQuestion,
  { principalId, session, sessionPolicies }: AnswerBasis,
): JudgedPrincipal => {
  switch (principal.type) {
    case 'Root':
      return { type: 'Root' }
    case 'User':
      return { type: 'User', userId: principalId as UserId }
    case 'Role':
    case 'Session': {
      const [sessionId, ...others] = session?.type === 'Known' ? session.sessionIds : []
      return {
        type: 'Role',
        roleId: principalId as RoleId,
        sessionName: principal.type === 'Session' ? principal.sessionName : '',
        sessionPolicies,
        ...(sessionId === undefined || others.length > 0
          ? {}
          : { sessionId: sessionId as SessionId }),
      }
    }
  }
}

type Came = {
  readonly outcome: Outcome
  readonly position: Position
  readonly judged: JudgedPrincipal
}

const note = (
  { engine, circumstances }: Scene,
  question: AccessQuestion,
  { principalId }: AnswerBasis,
  { outcome, position, judged }: Came,
): void => {
  if (question.moment.type !== 'Now') return
  const { principal, action, resources, context } = question
  const { requestId } = circumstances
  const became = outcome === 'Allow' ? 'Allowed' : 'Denied'
  engine.noteAccess(principal.accountId, { outcome: became, requestId }, () => ({
    requestId,
    principal: judged,
    subject: principal.type === 'User' ? principalId : principal.accountId,
    action,
    resources,
    context,
    outcome: became,
    code: outcome === 'Allow' ? '' : outcome,
    position,
  }))
}

/**
 * Puts an answered question on record in the background, where its account wants that. `entityId`:
 * the registered subject that acts as the principal.
 */
export const noteAnswer = (
  scene: Scene,
  question: AccessQuestion,
  answer: AccessAnswer,
  entityId?: EntityId,
): void => {
  const { outcome } = answer.explanation
  const principal = judgedPrincipal(question, answer)
  const judged = entityId === undefined ? principal : { ...principal, entityId }
  note(scene, question, answer, { outcome, position: answer.position, judged })
}

/** What was answered about a subject that is no single principal. */
export type SubjectCame = AccessOutcome &
  Pick<JudgedAccess, 'action' | 'resources' | 'position'> & {
    /** Absent where nothing is registered of the subject. */
    readonly entityId?: EntityId | undefined
  }

/** Puts that on record in the background, where its account wants it. */
export const noteSubject = (
  { engine, caller: { accountId }, circumstances: { requestId } }: Scene,
  { entityId, ...came }: SubjectCame,
  contextOf: () => RequestContext,
): void => {
  const { outcome } = came
  const principal =
    entityId === undefined ? {} : { principal: { type: 'Unrecorded', entityId } as const }
  engine.noteAccess(accountId, { outcome, requestId }, () => ({
    ...came,
    ...principal,
    requestId,
    context: contextOf(),
  }))
}

/**
 * The same of questions that were asked together for their outcomes alone: mostly about one
 * principal, which is then one object on its way to the record.
 */
export const noteOutcomes = (
  scene: Scene,
  questions: ReadonlyArray<AccessQuestion>,
  { outcomes, bases, position }: AccessOutcomes,
): void => {
  let last: { readonly basis: AnswerBasis; readonly judged: JudgedPrincipal } | undefined
  for (const [index, question] of questions.entries()) {
    const outcome = outcomes[index]
    const basis = bases[index]
    if (outcome === undefined || basis === undefined) continue
    if (last?.basis !== basis) last = { basis, judged: judgedPrincipal(question, basis) }
    note(scene, question, basis, { outcome, position, judged: last.judged })
  }
}
