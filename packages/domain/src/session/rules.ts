/**
 * Whether a role may be assumed, and that a session may always be ended.
 *
 * The checks run in the order that RAM's clients know: root, existence, duration, chain, source
 * identity, and last the policies of both sides. To callers of other accounts a role that denies
 * them and a role that does not exist look the same: for them the policies are asked first, and the
 * answer is the one that they would get if the role were not there.
 */
import type { Decision as PolicyDecision } from '@grantlog/policy'
import type { Decision } from '../decider.js'
import { accept, refuse } from '../decider.js'
import { nameKey } from '../names.js'
import type { AssumeRoleBasis, RoleBasis } from './basis.js'
import type { AssumeRole, RevokeSession } from './commands.js'
import type { RoleAssumed, SessionRevoked } from './events.js'
import { judgeAssumeRole } from './judge.js'
import type { SessionRefusal } from './refusals.js'

/** Shortest session. Unit: seconds. Source: STS's published limits. */
export const SESSION_SECONDS_MIN = 900

/** Length of a session that did not ask for one. Unit: seconds. Source: STS's published default. */
export const SESSION_SECONDS_DEFAULT = 3600

/** The session that begins, or the first reason in order why it does not. */
export const decideAssumeRole = (
  command: AssumeRole,
  basis: AssumeRoleBasis,
): Decision<RoleAssumed, SessionRefusal> => {
  const { principal, chain } = basis.caller
  if (principal.type === 'Root') return refuse({ type: 'RootCannotAssumeRole' })
  const role = roleMeant(command, basis)
  const decision = judgeAssumeRole(command, basis, role)
  if (isFromElsewhere(command, basis) && decision.outcome !== 'Allow')
    return denied(judgeAssumeRole(command, basis, undefined))
  if (role === undefined) return refuse({ type: 'AssumedRoleNotFound', roleName: command.roleName })
  const max = secondsMax(role, basis)
  const seconds = command.durationSeconds ?? Math.min(SESSION_SECONDS_DEFAULT, max)
  if (!Number.isInteger(seconds) || seconds < SESSION_SECONDS_MIN || seconds > max)
    return refuse({ type: 'DurationOutOfRange', min: SESSION_SECONDS_MIN, max })
  if (command.endsBefore !== undefined && !(command.endsBefore > command.at))
    return refuse({ type: 'ProofOver' })
  if (chain.length > basis.limits.chainDepthMax)
    return refuse({ type: 'ChainTooDeep', limit: basis.limits.chainDepthMax })
  if (changesSourceIdentity(command, basis)) return refuse({ type: 'SourceIdentityChanged' })
  if (decision.outcome !== 'Allow') return denied(decision)

  return accept(roleAssumed(command, basis, role, seconds))
}

/** A session is ended whoever it belongs to and as often as is asked: once is enough. */
export const decideRevokeSession = (command: RevokeSession): Decision<SessionRevoked, never> => {
  const { accountId, sessionId } = command
  return accept({ type: 'SessionRevoked', accountId, sessionId })
}

const denied = (decision: PolicyDecision): Decision<never, SessionRefusal> =>
  refuse({ type: 'AssumeRoleDenied', decision })

/** A basis that speaks of another role than the command is no basis at all. */
const roleMeant = (command: AssumeRole, { role }: AssumeRoleBasis): RoleBasis | undefined =>
  role !== undefined &&
  role.accountId === command.roleAccountId &&
  nameKey(role.roleName) === nameKey(command.roleName)
    ? role
    : undefined

/**
 * A service belongs to no account, so it comes from elsewhere. So does whoever bears a token, for
 * an issuer vouches for anybody; an assertion of the account's own provider names the role itself.
 */
const isFromElsewhere = (command: AssumeRole, { caller }: AssumeRoleBasis): boolean => {
  switch (caller.principal.type) {
    case 'Root':
    case 'User':
    case 'Session':
      return caller.principal.accountId !== command.roleAccountId
    case 'Federated':
      return !caller.principal.providerArn.startsWith(
        `acs:ram::${command.roleAccountId}:saml-provider/`,
      )
    case 'Service':
      return true
  }
}

/**
 * A session that begins from a session is shorter, so that a chain cannot outlive its start for
 * long.
 */
const secondsMax = (role: RoleBasis, { caller, limits }: AssumeRoleBasis): number =>
  caller.principal.type === 'Session'
    ? Math.min(role.maxSessionDuration, limits.chainedSecondsMax)
    : role.maxSessionDuration

const changesSourceIdentity = (command: AssumeRole, { caller }: AssumeRoleBasis): boolean =>
  command.sourceIdentity !== undefined &&
  caller.sourceIdentity !== undefined &&
  command.sourceIdentity !== caller.sourceIdentity

const roleAssumed = (
  command: AssumeRole,
  { caller, accountRevision }: AssumeRoleBasis,
  role: RoleBasis,
  seconds: number,
): RoleAssumed => {
  const sourceIdentity = caller.sourceIdentity ?? command.sourceIdentity
  const { sessionPolicy } = command
  return {
    type: 'RoleAssumed',
    sessionId: command.sessionId,
    accountId: role.accountId,
    roleId: role.roleId,
    roleName: role.roleName,
    sessionName: command.sessionName,
    chain: caller.chain,
    assumedAt: command.at,
    expiresAt: Math.min(command.at + seconds * 1000, command.endsBefore ?? Infinity),
    basis: { accountRevision, trustPolicyDigest: role.trustPolicyDigest },
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(sessionPolicy !== undefined && { sessionPolicy }),
  }
}
