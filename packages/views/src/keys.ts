/**
 * The text keys under which views keep their rows and indexes.
 *
 * Invariant: every key of an entity starts with its account, so that no id can reach across
 * accounts. No part of a key but the last one of a name key is chosen by a user, and ids hold no
 * '/'.
 */
import { nameKey } from '@grantlog/domain'

/** Names a policy. The domain's `PolicyRef` fits. */
export type PolicyLike =
  | { readonly type: 'Custom'; readonly policyId: string }
  | { readonly type: 'System'; readonly policyName: string }

/** Whom a policy is attached to. The domain's `AttachmentTarget` fits. */
export type TargetLike =
  | { readonly type: 'User'; readonly userId: string }
  | { readonly type: 'Group'; readonly groupId: string }
  | { readonly type: 'Role'; readonly roleId: string }

/** Who owns an access key. The domain's `AccessKeyOwner` fits. */
export type OwnerLike =
  | { readonly type: 'Account' }
  | { readonly type: 'User'; readonly userId: string }

export const entityKey = (accountId: string, id: string): string => `${accountId}/${id}`

/** Names are compared without case. */
export const nameIndexKey = (accountId: string, name: string): string =>
  `${accountId}/${nameKey(name)}`

export const policyKey = (policy: PolicyLike): string =>
  policy.type === 'Custom' ? `Custom/${policy.policyId}` : `System/${nameKey(policy.policyName)}`

export const targetId = (target: TargetLike): string => {
  switch (target.type) {
    case 'User':
      return target.userId
    case 'Group':
      return target.groupId
    case 'Role':
      return target.roleId
  }
}

/** A user, group or role, told apart even where their ids look alike. */
export const principalKey = (
  accountId: string,
  principal: { readonly type: TargetLike['type']; readonly id: string },
): string => `${accountId}/${principal.type}/${principal.id}`

export const targetKey = (accountId: string, target: TargetLike): string =>
  principalKey(accountId, { type: target.type, id: targetId(target) })

export const ownerKey = (accountId: string, owner: OwnerLike): string =>
  owner.type === 'Account' ? `${accountId}/Account` : `${accountId}/User/${owner.userId}`

/** A position as text that sorts as the number does. */
export const positionKey = (position: number): string => String(position).padStart(16, '0')
