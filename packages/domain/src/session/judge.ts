/**
 * What the policies of both sides say to an AssumeRole.
 *
 * A trust policy trusts principals, not names: where a name meant another user or role when the
 * policy was written, the caller must be allowed without that name as well. An
 * identity provider must be one that was meant: of a name that meant none, nothing is known.
 */
import type { AuthorizationRequest, Decision, PolicyInForce, Principal } from '@grantlog/policy'
import { authorize } from '@grantlog/policy'
import type { Trustee } from '../account/role/events.js'
import { nameKey } from '../names.js'
import type { AssumeRoleBasis, RoleBasis } from './basis.js'
import type { AssumeRole } from './commands.js'

/** What the judgement needs of a role: its trust policy, and whom the names in it meant. */
export type TrustingRole = Pick<RoleBasis, 'trust' | 'trustees'> & { readonly accountId: string }

type TrustPolicies = { readonly resource: ReadonlyArray<PolicyInForce> }

/**
 * Judges a request to assume a role with `authorize`, or in another way for those who want to know
 * more or less: it is one judgement. Never Allow when there is no role to trust the caller.
 */
export const judgeTrust = <Policies extends object, Judged extends Pick<Decision, 'outcome'>>(
  judge: (request: AuthorizationRequest, policies: Policies & TrustPolicies) => Judged,
  request: AuthorizationRequest,
  policies: Policies,
  role: TrustingRole | undefined,
): Judged => {
  const both = { ...policies, resource: role === undefined ? [] : [role.trust] }
  const judged = judge(request, both)
  if (judged.outcome !== 'Allow' || role === undefined) return judged
  const nameless = withoutForeignName(request.principal, role)
  return nameless === request.principal ? judged : judge({ ...request, principal: nameless }, both)
}

/** The decision on a command; never Allow when there is no role to trust the caller. */
export const judgeAssumeRole = (
  command: AssumeRole,
  basis: AssumeRoleBasis,
  role: RoleBasis | undefined,
): Decision => {
  const { principal, policies } = basis.caller
  const request: AuthorizationRequest = {
    principal,
    action: 'sts:AssumeRole',
    resources: [`acs:ram:*:${command.roleAccountId}:role/${role?.roleName ?? command.roleName}`],
    context: contextOf(command, basis),
  }
  return judgeTrust(authorize, request, policies, role)
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
const withoutForeignName = (principal: Principal, role: TrustingRole): Principal => {
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
    case 'Federated':
      return isMeant(principal, role) ? principal : { ...principal, providerArn: '' }
    case 'Root':
    case 'Service':
      return principal
  }
}

const isMeant = (
  { providerArn, providerId }: Extract<Principal, { readonly type: 'Federated' }>,
  { accountId, trustees = [] }: TrustingRole,
): boolean =>
  trustees.some(
    (trustee) =>
      trustee.type === 'Provider' &&
      trustee.providerId === providerId &&
      nameKey(providerArn) === `acs:ram::${accountId}:${trustee.name}`,
  )

const isForeign = (
  accountId: string,
  role: TrustingRole,
  isAnother: (trustee: Trustee) => boolean,
): boolean =>
  (role.trustees ?? []).some(
    (trustee) => (trustee.accountId ?? role.accountId) === accountId && isAnother(trustee),
  )
