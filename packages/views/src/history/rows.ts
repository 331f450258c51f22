/**
 * What history stores of each relation: the values of its intervals.
 */
import type {
  AccessKeyId,
  AccessKeyOwner,
  AccessKeyStatus,
  AttachmentTarget,
  GroupId,
  GroupName,
  MFADeviceId,
  PolicyId,
  PolicyName,
  PolicyRef,
  RoleId,
  RoleName,
  Trustee,
  UserId,
  UserName,
  VersionId,
  VirtualMFADeviceName,
} from '@grantlog/domain'
import { policyKey, targetKey } from '../keys.js'

type InAccount = { readonly accountId: string }

export type PastUser = InAccount & { readonly userId: UserId; readonly userName: UserName }
/** How a user signed in. Another password has another number, from 1. */
export type PastLoginProfile = {
  readonly password: number
  readonly passwordResetRequired: boolean
  readonly mfaBindRequired: boolean
}
export type PastGroup = InAccount & { readonly groupId: GroupId; readonly groupName: GroupName }
export type PastRole = InAccount & { readonly roleId: RoleId; readonly roleName: RoleName }
/** Seconds. */
export type PastRoleSettings = { readonly maxSessionDuration: number }
/** `version` counts the trust policies that the role has had, from 1. */
export type PastTrust = {
  readonly trustPolicy: string
  readonly version: number
  readonly trustees: ReadonlyArray<Trustee>
}
export type PastMembership = InAccount & { readonly userId: UserId; readonly groupId: GroupId }
export type PastAttachment = InAccount & {
  readonly policy: PolicyRef
  readonly target: AttachmentTarget
}
export type PastPolicy = InAccount & {
  readonly policyId: PolicyId
  readonly policyName: PolicyName
}
export type PastPolicyVersion = { readonly document: string }
/** The version that is in force, with all that a decision needs of it. */
export type PastDefault = {
  readonly policyId: PolicyId
  readonly policyName: PolicyName
  readonly versionId: VersionId
  readonly document: string
}
export type PastAccessKey = InAccount & {
  readonly accessKeyId: AccessKeyId
  readonly owner: AccessKeyOwner
  readonly status: AccessKeyStatus
}

/** The MFA device that a user has. */
export type PastMFADevice = {
  readonly deviceId: MFADeviceId
  readonly deviceName: VirtualMFADeviceName
}

export const membershipSubject = (row: {
  readonly accountId: string
  readonly userId: string
  readonly groupId: string
}): string => `${row.accountId}/${row.userId}/${row.groupId}`

/** `target` is the key of whom the policy is attached to. */
export const attachmentSubject = (target: string, policy: PolicyRef): string =>
  `${target}/${policyKey(policy)}`

export const versionSubject = (accountId: string, policyId: string, versionId: string): string =>
  `${accountId}/${policyId}/${versionId}`

/** The subject of the policy whose version has this subject. */
export const policyOfVersion = (_: PastPolicyVersion, subject: string): string =>
  subject.slice(0, subject.lastIndexOf('/'))

export const targetOf = ({ accountId, target }: PastAttachment): string =>
  targetKey(accountId, target)

/** An identity provider; its name has its kind before it, as in `oidc-provider/ci`. */
export type PastProvider = { readonly name: string }
