/**
 * What the grants of now and the grants of a past position answer alike: policies in force and
 * trust.
 */
import {
  findSystemPolicy,
  type RoleId,
  type RoleName,
  SYSTEM_POLICIES,
  type Trustee,
  type UserId,
  type UserName,
} from '@grantlog/domain'
import type { PolicyDocument, PolicyInForce, PolicySource } from '@grantlog/policy'

/** A user or a role, by immutable ids: whoever can hold policies and act. */
export type HolderRef = {
  readonly type: 'User' | 'Role'
  readonly accountId: string
  readonly id: string
}

/**
 * What a principal holds: directly attached policies first, then those of its groups, in order of
 * attachment.
 */
export type Holder = {
  /** The name of that moment. */
  readonly label: string
  readonly policies: ReadonlyArray<PolicyInForce>
}

export type HeldUser = {
  readonly accountId: string
  readonly userId: UserId
  readonly userName: UserName
}

/** A role and who may assume it. */
export type RoleTrust = {
  readonly accountId: string
  readonly roleId: RoleId
  readonly roleName: RoleName
  /** Seconds. */
  readonly maxSessionDuration: number
  /** The trust policy as submitted. */
  readonly trustText: string
  /** `versionId` counts the trust policies that the role has had, from `v1`. */
  readonly trust: PolicyInForce
  /** Whom the names of its own account meant when the trust policy was written. */
  readonly trustees: ReadonlyArray<Trustee>
}

/** The trust policy in force, as the policy package wants it. */
export const trustInForce = (
  role: { readonly roleId: RoleId; readonly roleName: RoleName },
  version: number,
  document: PolicyInForce['document'],
): PolicyInForce => ({
  source: {
    policyType: 'Trust',
    policyName: role.roleName,
    versionId: `v${version}`,
    via: { type: 'Role', id: role.roleId, name: role.roleName },
  },
  document,
})

/** The policy that a session was created with. */
export const sessionInForce = (document: PolicyDocument): PolicyInForce => ({
  source: { policyType: 'Session', policyName: 'session policy', versionId: 'v1' },
  document,
})

/** A policy and the version of it that is in force, before its document is parsed. */
export type VersionInForce = {
  readonly source: Omit<PolicySource, 'via'>
  readonly text: string
}

/** Undefined for a name that the catalogue does not know. */
export const systemVersionInForce = (policyName: string): VersionInForce | undefined => {
  const policy = findSystemPolicy(policyName)
  const version = policy?.versions.find((v) => v.versionId === policy.defaultVersion)
  if (policy === undefined || version === undefined) return undefined
  const { versionId, document } = version
  return {
    source: { policyType: 'System', policyName: policy.policyName, versionId },
    text: document,
  }
}

/** The documents of all system policies that are in force. */
export const SYSTEM_TEXTS: ReadonlyArray<string> = [...SYSTEM_POLICIES.values()].flatMap(
  (policy) => systemVersionInForce(policy.policyName)?.text ?? [],
)

/** Whom a policy is attached to, as the decision will name it. */
export type Via = NonNullable<PolicySource['via']>

/** Undefined when the document does not parse. Written out, since every decision makes some. */
export const inForce = (
  source: VersionInForce['source'],
  via: Via,
  document: PolicyInForce['document'] | undefined,
): PolicyInForce | undefined => {
  if (document === undefined) return undefined
  const { policyType, policyName, policyId, versionId } = source
  return policyId === undefined
    ? { source: { policyType, policyName, versionId, via }, document }
    : { source: { policyType, policyName, policyId, versionId, via }, document }
}
