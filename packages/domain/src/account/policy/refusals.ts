/** Why a command about a custom policy may be refused, in checking order. */
import * as t from 'io-ts'
import { PolicyName, VersionId } from '../../names.js'

/** No policy of this type has this name. */
export const PolicyNotFound = t.strict(
  {
    type: t.literal('PolicyNotFound'),
    policyType: t.union([t.literal('System'), t.literal('Custom')]),
    policyName: PolicyName,
  },
  'PolicyNotFound',
)
export type PolicyNotFound = t.TypeOf<typeof PolicyNotFound>

/** The policy has no such version, or has it no longer. */
export const PolicyVersionNotFound = t.strict(
  { type: t.literal('PolicyVersionNotFound'), policyName: PolicyName, versionId: VersionId },
  'PolicyVersionNotFound',
)
export type PolicyVersionNotFound = t.TypeOf<typeof PolicyVersionNotFound>

/** Another custom policy of the account has this name, whatever the case of its letters. */
export const PolicyAlreadyExists = t.strict(
  { type: t.literal('PolicyAlreadyExists'), policyName: PolicyName },
  'PolicyAlreadyExists',
)
export type PolicyAlreadyExists = t.TypeOf<typeof PolicyAlreadyExists>

/** The account holds as many custom policies as it may. */
export const PolicyLimitExceeded = t.strict(
  { type: t.literal('PolicyLimitExceeded'), limit: t.number },
  'PolicyLimitExceeded',
)
export type PolicyLimitExceeded = t.TypeOf<typeof PolicyLimitExceeded>

/** The policy has as many versions as it may, and none was to make room or could. */
export const PolicyVersionLimitExceeded = t.strict(
  { type: t.literal('PolicyVersionLimitExceeded'), policyName: PolicyName, limit: t.number },
  'PolicyVersionLimitExceeded',
)
export type PolicyVersionLimitExceeded = t.TypeOf<typeof PolicyVersionLimitExceeded>

/** The version that is in force cannot be deleted by itself. */
export const DefaultPolicyVersionInUse = t.strict(
  { type: t.literal('DefaultPolicyVersionInUse'), policyName: PolicyName, versionId: VersionId },
  'DefaultPolicyVersionInUse',
)
export type DefaultPolicyVersionInUse = t.TypeOf<typeof DefaultPolicyVersionInUse>

/** A policy that is attached to a user cannot be deleted. */
export const PolicyAttachedToUser = t.strict(
  { type: t.literal('PolicyAttachedToUser'), policyName: PolicyName },
  'PolicyAttachedToUser',
)
export type PolicyAttachedToUser = t.TypeOf<typeof PolicyAttachedToUser>

/** A policy that is attached to a group cannot be deleted. */
export const PolicyAttachedToGroup = t.strict(
  { type: t.literal('PolicyAttachedToGroup'), policyName: PolicyName },
  'PolicyAttachedToGroup',
)
export type PolicyAttachedToGroup = t.TypeOf<typeof PolicyAttachedToGroup>

/** A policy that is attached to a role cannot be deleted. */
export const PolicyAttachedToRole = t.strict(
  { type: t.literal('PolicyAttachedToRole'), policyName: PolicyName },
  'PolicyAttachedToRole',
)
export type PolicyAttachedToRole = t.TypeOf<typeof PolicyAttachedToRole>

/** A policy with versions beside the default one is deleted only when cascading. */
export const PolicyHasVersions = t.strict(
  { type: t.literal('PolicyHasVersions'), policyName: PolicyName },
  'PolicyHasVersions',
)
export type PolicyHasVersions = t.TypeOf<typeof PolicyHasVersions>
