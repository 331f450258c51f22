/**
 * Why an attachment may be refused, in checking order; target, then policy, are looked up first.
 */
import * as t from 'io-ts'
import { PolicyName } from '../../names.js'
import { AttachmentTargetName, PolicyType } from './commands.js'

/** The policy is not attached to this target, whatever its groups may hold. */
export const PolicyNotAttached = t.strict(
  {
    type: t.literal('PolicyNotAttached'),
    policyType: PolicyType,
    policyName: PolicyName,
    target: AttachmentTargetName,
  },
  'PolicyNotAttached',
)
export type PolicyNotAttached = t.TypeOf<typeof PolicyNotAttached>

/** The policy is attached to this target already. */
export const PolicyAlreadyAttached = t.strict(
  {
    type: t.literal('PolicyAlreadyAttached'),
    policyType: PolicyType,
    policyName: PolicyName,
    target: AttachmentTargetName,
  },
  'PolicyAlreadyAttached',
)
export type PolicyAlreadyAttached = t.TypeOf<typeof PolicyAlreadyAttached>

/** The target holds as many policies of this type as it may. */
export const AttachmentLimitExceeded = t.strict(
  {
    type: t.literal('AttachmentLimitExceeded'),
    policyType: PolicyType,
    target: AttachmentTargetName,
    limit: t.number,
  },
  'AttachmentLimitExceeded',
)
export type AttachmentLimitExceeded = t.TypeOf<typeof AttachmentLimitExceeded>
