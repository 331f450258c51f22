/**
 * Why a call was refused, found again: the call is judged once more at its own position, by the
 * specification, with every statement that was looked at.
 *
 * So a refusal costs no more than remembering what was asked. What binds the caller is what bound
 * it then, whatever was changed since, and also when a session is over or a user is gone.
 */
import { explain, type PoliciesInForce, type Principal } from '@grantlog/policy'
import { findSession, policiesInForceAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { judgeWith, roleToAssume, trustToAssumeAt } from '../assumption.js'
import { sessionUnit } from '../decide.js'
import type { EngineError, Views } from '../engine.js'
import type { EventLog } from '../ports.js'
import { findInLog } from './find-session.js'
import type { RefusedCall, ResourceVerdict } from './refused-call.js'

export const diagnose = async (
  log: EventLog,
  views: Views,
  call: RefusedCall,
): Promise<E.Either<EngineError, ReadonlyArray<ResourceVerdict>>> => {
  const session = await sessionPolicyOf(log, views, call)
  if (E.isLeft(session)) return session
  const policies: PoliciesInForce = {
    identity: identityOf(views, call),
    ...(session.right === undefined ? {} : { session: sessionUnit(session.right) }),
  }
  const { accountId, action, context, position } = call
  const principal = principalOf(call)
  const verdicts = call.resources.map((resource): ResourceVerdict => {
    const asked = { action, resources: [resource] as const }
    const request = { principal, context, ...asked }
    const isOwn = roleToAssume(asked)?.accountId === accountId
    // What another account's trust policy says is for that account to know.
    const role = isOwn ? trustToAssumeAt(views.history, asked, position) : undefined
    return { resource, explanation: judgeWith(explain, request, policies, role) }
  })
  return E.right(verdicts)
}

const principalOf = ({ accountId, principal }: RefusedCall): Principal => {
  if (principal.type !== 'Session') return { accountId, ...principal }
  const { roleId, roleName, sessionName } = principal
  return { type: 'Session', accountId, roleId, roleName, sessionName }
}

const identityOf = (
  { history }: Views,
  { accountId, principal, position }: RefusedCall,
): PoliciesInForce['identity'] => {
  switch (principal.type) {
    case 'Root':
      return []
    case 'User': {
      const holder = { type: 'User', accountId, id: principal.userId } as const
      return policiesInForceAt(history, holder, position)?.policies ?? []
    }
    case 'Session': {
      const holder = { type: 'Role', accountId, id: principal.roleId } as const
      return policiesInForceAt(history, holder, position)?.policies ?? []
    }
  }
}

/** A narrowed session that is found nowhere may do nothing, which is what '' says. */
const sessionPolicyOf = async (
  log: EventLog,
  { credentials }: Views,
  { accountId, principal }: RefusedCall,
): Promise<E.Either<EngineError, string | undefined>> => {
  if (principal.type !== 'Session' || principal.narrowedSessionId === undefined)
    return E.right(undefined)
  const sessionId = principal.narrowedSessionId
  const known = findSession(credentials, sessionId)?.sessionPolicy
  if (known !== undefined) return E.right(known)
  const found = await findInLog(log, credentials, accountId, sessionId)
  if (E.isLeft(found)) return found
  return E.right(found.right?.began.event.sessionPolicy ?? '')
}
