/**
 * Assumptions of roles on record as accesses too: beside the event that a session began, a decision
 * on `sts:AssumeRole`, so that it can be judged again and counts as a use of the grant.
 */
import type { SessionRefusal } from '@grantlog/domain'
import type { RequestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type { Assumer } from '../caller.js'
import type { AssumeRoleRequest, EngineError, IssuedCredential } from '../engine.js'
import type { Position } from '../ports.js'
import { judgedCaller, type NoteAccess } from './judged-access.js'

/** The assumption of a role as it is judged. */
export type AssumptionQuestion = {
  readonly action: string
  readonly resources: readonly [string]
  readonly context: RequestContext
}

type Assumption = {
  readonly request: AssumeRoleRequest
  readonly caller: Assumer
  readonly context: RequestContext
  readonly position: Position
  readonly requestId: string
}

/** The question that an assumption is decided by, with the condition keys that it sets itself. */
export const assumptionQuestion = (
  request: AssumeRoleRequest,
  caller: Assumer,
  context: RequestContext,
): AssumptionQuestion => ({
  action: 'sts:AssumeRole',
  resources: [`acs:ram:*:${request.roleAccountId}:role/${request.roleName}`],
  context: contextOf(request, caller, context),
})

const contextOf = (
  request: AssumeRoleRequest,
  caller: Assumer,
  context: RequestContext,
): RequestContext => {
  const keys = new Map(context)
  keys.delete('sts:externalid')
  keys.delete('sts:sourceidentity')
  const own = caller.type === 'Session' ? caller.sourceIdentity : undefined
  const sourceIdentity = own ?? request.sourceIdentity
  if (request.externalId !== undefined) keys.set('sts:externalid', [request.externalId])
  if (sourceIdentity !== undefined) keys.set('sts:sourceidentity', [sourceIdentity])
  return keys
}

/** Only what was decided by policies: other refusals say nothing of grants. */
export const noteAssumption = (
  note: NoteAccess,
  assumption: Assumption,
  assumed: E.Either<SessionRefusal | EngineError, IssuedCredential>,
): void => {
  if (E.isLeft(assumed) && assumed.left.type !== 'AssumeRoleDenied') return
  const { request, caller, context, position, requestId } = assumption
  const outcome = E.isRight(assumed) ? 'Allowed' : 'Denied'
  note(caller.accountId, { outcome, requestId }, () => ({
    outcome,
    requestId,
    // Whoever is known by a provider alone is no principal that could be judged again.
    ...(caller.type === 'Federated' ? { subject: caller.accountId } : judgedCaller(caller)),
    ...assumptionQuestion(request, caller, context),
    code: E.isRight(assumed) ? '' : 'NoPermission',
    position,
  }))
}
