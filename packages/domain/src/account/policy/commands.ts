/** What may be asked about a custom policy and its versions. System policies cannot be written. */
import * as t from 'io-ts'
import { PolicyId, PolicyName, VersionId } from '../../names.js'
import { Description, Tags } from '../limits.js'
import { IdentityPolicyText } from '../policy-text.js'

/** What to do with the oldest versions when a policy has as many versions as it may. */
export const RotateStrategy = t.union(
  [t.literal('None'), t.literal('DeleteOldestNonDefaultVersionWhenLimitExceeded')],
  'RotateStrategy',
)
export type RotateStrategy = t.TypeOf<typeof RotateStrategy>

/** Creates a custom policy whose first version is v1 and in force. */
export const CreatePolicy = t.intersection(
  [
    t.strict({
      type: t.literal('CreatePolicy'),
      policyId: PolicyId,
      policyName: PolicyName,
      document: IdentityPolicyText,
    }),
    t.exact(t.partial({ description: Description, tags: Tags })),
  ],
  'CreatePolicy',
)
export type CreatePolicy = t.TypeOf<typeof CreatePolicy>

/** Adds a version to a custom policy, and puts it in force when asked to. */
export const CreatePolicyVersion = t.strict(
  {
    type: t.literal('CreatePolicyVersion'),
    policyName: PolicyName,
    document: IdentityPolicyText,
    setAsDefault: t.boolean,
    rotateStrategy: RotateStrategy,
  },
  'CreatePolicyVersion',
)
export type CreatePolicyVersion = t.TypeOf<typeof CreatePolicyVersion>

/** Puts another version of a custom policy in force, wherever the policy is attached. */
export const SetDefaultPolicyVersion = t.strict(
  {
    type: t.literal('SetDefaultPolicyVersion'),
    policyName: PolicyName,
    versionId: VersionId,
  },
  'SetDefaultPolicyVersion',
)
export type SetDefaultPolicyVersion = t.TypeOf<typeof SetDefaultPolicyVersion>

/** Says anew what a custom policy is for. */
export const UpdatePolicyDescription = t.strict(
  {
    type: t.literal('UpdatePolicyDescription'),
    policyName: PolicyName,
    newDescription: Description,
  },
  'UpdatePolicyDescription',
)
export type UpdatePolicyDescription = t.TypeOf<typeof UpdatePolicyDescription>

/** Deletes a version that is not in force. */
export const DeletePolicyVersion = t.strict(
  { type: t.literal('DeletePolicyVersion'), policyName: PolicyName, versionId: VersionId },
  'DeletePolicyVersion',
)
export type DeletePolicyVersion = t.TypeOf<typeof DeletePolicyVersion>

/** Deletes a custom policy that is attached to nobody, with its other versions when cascading. */
export const DeletePolicy = t.strict(
  { type: t.literal('DeletePolicy'), policyName: PolicyName, cascadingDelete: t.boolean },
  'DeletePolicy',
)
export type DeletePolicy = t.TypeOf<typeof DeletePolicy>
