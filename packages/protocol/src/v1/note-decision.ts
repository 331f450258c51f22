/**
 * Decisions asked for over the read API, as they are put on record.
 *
 * An access is a question about now that a program asks before it does something. Questions about
 * the past, and `GET /v1/why`, are studies and not accesses.
 */
import type { RoleId, SessionId, UserId } from '@grantlog/domain'
import type { AccessAnswer, AccessQuestion, JudgedPrincipal } from '@grantlog/engine'
import type { Scene } from '../rpc/scene.js'

const judgedPrincipal = (
  { principal }: AccessQuestion,
  { principalId, session, sessionPolicies }: AccessAnswer,
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

/** Puts an answered question on record in the background, where its account wants that. */
export const noteDecision = (
  { engine, circumstances }: Scene,
  question: AccessQuestion,
  answer: AccessAnswer,
): void => {
  if (question.moment.type !== 'Now') return
  const { principal, action, resources, context } = question
  const { outcome } = answer.explanation
  engine.noteAccess(principal.accountId, {
    requestId: circumstances.requestId,
    principal: judgedPrincipal(question, answer),
    subject: principal.type === 'User' ? answer.principalId : principal.accountId,
    action,
    resources,
    context,
    outcome: outcome === 'Allow' ? 'Allowed' : 'Denied',
    code: outcome === 'Allow' ? '' : outcome,
    position: answer.position,
  })
}
