/**
 * Assumptions of roles on record as accesses too: beside the event that a session began or was
 * refused, a call of `sts:AssumeRole` that names the role, so that it can be judged again and
 * counts as a use of the grant.
 */
import { type SessionRefusal, SessionRefusalCodecs } from '@grantlog/domain'
import type { RequestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type { Assumer } from '../caller.js'
import type { AssumeRoleRequest, EngineError, IssuedCredential } from '../engine.js'
import type { Position } from '../ports.js'
import { type JudgedAccess, judgedCaller, type NoteAccess } from './judged-access.js'

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

type Became = Pick<JudgedAccess, 'outcome' | 'code'>

const NO_PERMISSION = 'NoPermission'

/** The error codes that refusals are answered with. */
const CODES: Readonly<Record<SessionRefusal['type'], string>> = {
  RootCannotAssumeRole: NO_PERMISSION,
  AssumedRoleNotFound: 'EntityNotExist.Role',
  DurationOutOfRange: 'InvalidParameter.DurationSeconds',
  ProofOver: 'AuthenticationFail.SAMLAssertion.Expired',
  ChainTooDeep: NO_PERMISSION,
  SourceIdentityChanged: NO_PERMISSION,
  AssumeRoleDenied: NO_PERMISSION,
}

/** Where whoever is known by a provider alone is answered otherwise. */
const FEDERATED_CODES: Partial<typeof CODES> = {
  AssumedRoleNotFound: 'EntityNotExist.RoleArn',
  AssumeRoleDenied: `AuthenticationFail.${NO_PERMISSION}`,
}

/** The error code of a refusal, as it is answered to such a caller. */
export const assumptionCode = (type: SessionRefusal['type'], callerType: Assumer['type']): string =>
  (callerType === 'Federated' && FEDERATED_CODES[type]) || CODES[type]

const isSessionRefusal = (left: SessionRefusal | EngineError): left is SessionRefusal =>
  left.type in SessionRefusalCodecs

/** Only `AssumeRoleDenied` is a decision by policies; null where nothing was decided at all. */
const becameOf = (
  assumed: E.Either<SessionRefusal | EngineError, IssuedCredential>,
  caller: Assumer,
): Became | null => {
  if (E.isRight(assumed)) return { outcome: 'Allowed', code: '' }
  const { left } = assumed
  if (!isSessionRefusal(left)) return null
  const outcome = left.type === 'AssumeRoleDenied' ? 'Denied' : 'Refused'
  return { outcome, code: assumptionCode(left.type, caller.type) }
}

/**
 * What came of it, refusals of every kind too: whoever tries the names of roles with a key is seen
 * by which ones were asked for.
 */
export const noteAssumption = (
  note: NoteAccess,
  assumption: Assumption,
  assumed: E.Either<SessionRefusal | EngineError, IssuedCredential>,
): void => {
  const { request, caller, context, position, requestId } = assumption
  const became = becameOf(assumed, caller)
  if (became === null) return
  note(caller.accountId, { outcome: became.outcome, requestId }, () => ({
    ...became,
    requestId,
    // Whoever is known by a provider alone is no principal that could be judged again.
    ...(caller.type === 'Federated' ? { subject: caller.accountId } : judgedCaller(caller)),
    ...assumptionQuestion(request, caller, context),
    position,
  }))
}
