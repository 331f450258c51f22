/** What may be asked about a policy and whom it is attached to. */
import * as t from 'io-ts'
import { GroupName, PolicyName, RoleName, UserName } from '../../names.js'

/** Whether a policy is one of the catalogue or one of the account's own: two spaces of names. */
export const PolicyType = t.union([t.literal('System'), t.literal('Custom')], 'PolicyType')
export type PolicyType = t.TypeOf<typeof PolicyType>

/** Names whom a policy is to be attached to or detached from. */
export const AttachmentTargetName = t.union(
  [
    t.strict({ type: t.literal('User'), userName: UserName }),
    t.strict({ type: t.literal('Group'), groupName: GroupName }),
    t.strict({ type: t.literal('Role'), roleName: RoleName }),
  ],
  'AttachmentTargetName',
)
export type AttachmentTargetName = t.TypeOf<typeof AttachmentTargetName>

/** Attaches a policy: its default version binds the target from then on. */
export const AttachPolicy = t.strict(
  {
    type: t.literal('AttachPolicy'),
    policyType: PolicyType,
    policyName: PolicyName,
    target: AttachmentTargetName,
  },
  'AttachPolicy',
)
export type AttachPolicy = t.TypeOf<typeof AttachPolicy>

/** Detaches a policy, which then no longer binds the target. */
export const DetachPolicy = t.strict(
  {
    type: t.literal('DetachPolicy'),
    policyType: PolicyType,
    policyName: PolicyName,
    target: AttachmentTargetName,
  },
  'DetachPolicy',
)
export type DetachPolicy = t.TypeOf<typeof DetachPolicy>
