/** Whether a policy may be attached to a user, group or role, and detached from it. */
import * as E from 'fp-ts/lib/Either.js'
import { accept, refuse } from '../../decider.js'
import { nameKey } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision, AccountRefusal } from '../refusal.js'
import type { Attachments, OpenAccountState } from '../state.js'
import { groupNamed, isServiceLinked, policyNamed, roleNamed, userNamed } from '../state.js'
import { findSystemPolicy } from '../system-policies.js'
import type { AttachmentTargetName, AttachPolicy, DetachPolicy } from './commands.js'
import type { AttachmentTarget, PolicyRef } from './events.js'

type Holder = { readonly target: AttachmentTarget; readonly attachments: Attachments }

export const attachPolicy = (
  command: AttachPolicy,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { policyType, policyName } = command
  const found = findBoth(command, account)
  if (E.isLeft(found)) return found
  const { holder, policy } = found.right
  if (isAttached(holder.attachments, policy))
    return refuse({
      type: 'PolicyAlreadyAttached',
      policyType,
      policyName,
      target: command.target,
    })
  const { held, limit } = usage(holder.attachments, policy, quotas)
  if (held >= limit)
    return refuse({ type: 'AttachmentLimitExceeded', policyType, target: command.target, limit })

  return accept({ type: 'PolicyAttached', policy, target: holder.target })
}

export const detachPolicy = (command: DetachPolicy, account: OpenAccountState): AccountDecision => {
  const { policyType, policyName } = command
  const found = findBoth(command, account)
  if (E.isLeft(found)) return found
  const { holder, policy } = found.right
  if (!isAttached(holder.attachments, policy))
    return refuse({ type: 'PolicyNotAttached', policyType, policyName, target: command.target })

  return accept({ type: 'PolicyDetached', policy, target: holder.target })
}

const findBoth = (
  command: AttachPolicy | DetachPolicy,
  account: OpenAccountState,
): E.Either<AccountRefusal, { readonly holder: Holder; readonly policy: PolicyRef }> => {
  const holder = findTarget(account, command.target)
  if (E.isLeft(holder)) return holder
  const policy = findPolicy(account, command)
  if (E.isLeft(policy)) return policy
  return E.right({ holder: holder.right, policy: policy.right })
}

const findTarget = (
  account: OpenAccountState,
  name: AttachmentTargetName,
): E.Either<AccountRefusal, Holder> => {
  switch (name.type) {
    case 'User': {
      const user = userNamed(account, name.userName)
      if (user === undefined) return E.left({ type: 'UserNotFound', userName: name.userName })
      const { userId, attachments } = user
      return E.right({ target: { type: 'User', userId }, attachments })
    }
    case 'Group': {
      const group = groupNamed(account, name.groupName)
      if (group === undefined) return E.left({ type: 'GroupNotFound', groupName: name.groupName })
      const { groupId, attachments } = group
      return E.right({ target: { type: 'Group', groupId }, attachments })
    }
    case 'Role': {
      const { roleName } = name
      const role = roleNamed(account, roleName)
      if (role === undefined) return E.left({ type: 'RoleNotFound', roleName })
      if (isServiceLinked(roleName)) return E.left({ type: 'ServiceLinkedRoleProtected', roleName })
      const { roleId, attachments } = role
      return E.right({ target: { type: 'Role', roleId }, attachments })
    }
  }
}

const findPolicy = (
  account: OpenAccountState,
  { policyType, policyName }: AttachPolicy | DetachPolicy,
): E.Either<AccountRefusal, PolicyRef> => {
  switch (policyType) {
    case 'Custom': {
      const policy = policyNamed(account, policyName)
      return policy === undefined
        ? E.left({ type: 'PolicyNotFound', policyType, policyName })
        : E.right({ type: 'Custom', policyId: policy.policyId })
    }
    case 'System': {
      const policy = findSystemPolicy(policyName)
      return policy === undefined
        ? E.left({ type: 'PolicyNotFound', policyType, policyName })
        : E.right({ type: 'System', policyName: policy.policyName })
    }
  }
}

const isAttached = ({ custom, system }: Attachments, policy: PolicyRef): boolean => {
  switch (policy.type) {
    case 'Custom':
      return custom.has(policy.policyId)
    case 'System':
      return system.has(nameKey(policy.policyName))
  }
}

/** How many policies of this type the target holds, and how many it may hold. */
const usage = (
  { custom, system }: Attachments,
  policy: PolicyRef,
  quotas: Quotas,
): { readonly held: number; readonly limit: number } => {
  switch (policy.type) {
    case 'Custom':
      return { held: custom.size, limit: quotas.customPoliciesPerTarget }
    case 'System':
      return { held: system.size, limit: quotas.systemPoliciesPerTarget }
  }
}
