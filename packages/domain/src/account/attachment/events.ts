/** What can have happened between a policy and whom it is attached to. Stored for ever. */
import * as t from 'io-ts'
import { GroupId, PolicyId, PolicyName, RoleId, UserId } from '../../names.js'

/** Names a policy: a custom one by its id, a system one by its catalogue name. */
export const PolicyRef = t.union(
  [
    t.strict({ type: t.literal('Custom'), policyId: PolicyId }),
    t.strict({ type: t.literal('System'), policyName: PolicyName }),
  ],
  'PolicyRef',
)
export type PolicyRef = t.TypeOf<typeof PolicyRef>

/** Whom a policy is attached to. */
export const AttachmentTarget = t.union(
  [
    t.strict({ type: t.literal('User'), userId: UserId }),
    t.strict({ type: t.literal('Group'), groupId: GroupId }),
    t.strict({ type: t.literal('Role'), roleId: RoleId }),
  ],
  'AttachmentTarget',
)
export type AttachmentTarget = t.TypeOf<typeof AttachmentTarget>

/** A policy was attached: its default version binds the target from now on. */
export const PolicyAttached = t.strict(
  { type: t.literal('PolicyAttached'), policy: PolicyRef, target: AttachmentTarget },
  'PolicyAttached',
)
export type PolicyAttached = t.TypeOf<typeof PolicyAttached>

/** A policy was detached: it no longer binds the target. */
export const PolicyDetached = t.strict(
  { type: t.literal('PolicyDetached'), policy: PolicyRef, target: AttachmentTarget },
  'PolicyDetached',
)
export type PolicyDetached = t.TypeOf<typeof PolicyDetached>
