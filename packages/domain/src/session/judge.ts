/**
 * What the policies of both sides say to an AssumeRole.
 *
 * A trust policy trusts principals, not names: where a name meant another user or role of the same
 * account when the policy was written, the caller must be allowed without that name as well.
 */
import type { AuthorizationRequest, Decision, Principal } from '@grantlog/policy'
import { authorize } from '@grantlog/policy'
import type { Trustee } from '../account/role/events.js'
import { nameKey } from '../names.js'
import type { AssumeRoleBasis, RoleBasis } from './basis.js'
import type { AssumeRole } from './commands.js'

/** The decision of the policy language; never Allow when there is no role to trust the caller. */
export const judgeAssumeRole = (
  command: AssumeRole,
  basis: AssumeRoleBasis,
  role: RoleBasis | undefined,
): Decision => {
  const { principal, policies } = basis.caller
  const resource = role === undefined ? [] : [role.trust]
  const request: AuthorizationRequest = {
    principal,
    action: 'sts:AssumeRole',
    resources: [`acs:ram:*:${command.roleAccountId}:role/${role?.roleName ?? command.roleName}`],
    context: contextOf(command, basis),
  }
  const decision = authorize(request, { ...policies, resource })
  if (decision.outcome !== 'Allow' || role === undefined) return decision

  const nameless = withoutForeignName(principal, role)
  return nameless === principal
    ? decision
    : authorize({ ...request, principal: nameless }, { ...policies, resource })
}

/**
 * The keys that the command itself sets are taken from the command, never from the circumstances.
 */
const contextOf = (command: AssumeRole, { caller, context }: AssumeRoleBasis) => {
  const sourceIdentity = caller.sourceIdentity ?? command.sourceIdentity
  const members = new Map(context)
  members.delete('sts:externalid')
  members.delete('sts:sourceidentity')
  if (command.externalId !== undefined) members.set('sts:externalid', [command.externalId])
  if (sourceIdentity !== undefined) members.set('sts:sourceidentity', [sourceIdentity])
  return members
}

/** The caller without its name, where the trust policy meant someone else by it. */
export const withoutForeignName = (
  principal: Principal,
  role: Pick<RoleBasis, 'accountId' | 'trustees'>,
): Principal => {
  switch (principal.type) {
    case 'User':
      return isForeign(principal.accountId, role, (trustee) =>
        trustee.type === 'User' && trustee.name === nameKey(principal.userName)
          ? trustee.userId !== principal.userId
          : false,
      )
        ? { ...principal, userName: '' }
        : principal
    case 'Session':
      return isForeign(principal.accountId, role, (trustee) =>
        trustee.type === 'Role' && trustee.name === nameKey(principal.roleName)
          ? trustee.roleId !== principal.roleId
          : false,
      )
        ? { ...principal, roleName: '' }
        : principal
    case 'Root':
    case 'Service':
    case 'Federated':
      return principal
  }
}

/** Names of other accounts were never looked up, so nothing is known about them. */
const isForeign = (
  accountId: string,
  role: Pick<RoleBasis, 'accountId' | 'trustees'>,
  isAnother: (trustee: Trustee) => boolean,
): boolean => accountId === role.accountId && (role.trustees ?? []).some(isAnother)
