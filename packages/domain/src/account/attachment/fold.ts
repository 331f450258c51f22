/**
 * What the account remembers of attachments: each stands with its target, and a custom policy
 * counts its own.
 */
import { nameKey } from '../../names.js'
import type { Attachments, OpenAccountState } from '../state.js'
import { countAttachment } from '../state.js'
import type { AttachmentTarget, PolicyAttached, PolicyDetached, PolicyRef } from './events.js'

export const foldAttachment = (
  account: OpenAccountState,
  event: PolicyAttached | PolicyDetached,
): OpenAccountState => {
  switch (event.type) {
    case 'PolicyAttached':
      return isThere(account, event.policy) ? changed(account, event, 1, added) : account
    case 'PolicyDetached':
      return changed(account, event, -1, removed)
  }
}

type Change = (attachments: Attachments, policy: PolicyRef) => Attachments

const isThere = (account: OpenAccountState, policy: PolicyRef): boolean =>
  policy.type === 'System' || account.policies.has(policy.policyId)

const added: Change = (attachments, policy) => {
  switch (policy.type) {
    case 'Custom':
      return { ...attachments, custom: attachments.custom.add(policy.policyId) }
    case 'System':
      return { ...attachments, system: attachments.system.add(nameKey(policy.policyName)) }
  }
}

const removed: Change = (attachments, policy) => {
  switch (policy.type) {
    case 'Custom':
      return { ...attachments, custom: attachments.custom.delete(policy.policyId) }
    case 'System':
      return { ...attachments, system: attachments.system.delete(nameKey(policy.policyName)) }
  }
}

/** Counts only what changes something, so that a count never drifts from the sets. */
const changed = (
  account: OpenAccountState,
  { policy, target }: PolicyAttached | PolicyDetached,
  count: 1 | -1,
  change: Change,
): OpenAccountState => {
  const before = attachmentsOf(account, target)
  if (before === undefined) return account
  const after = change(before, policy)
  if (after.custom === before.custom && after.system === before.system) return account
  const policies =
    policy.type === 'Custom'
      ? countAttachment(account.policies, policy.policyId, target.type, count)
      : account.policies
  return { ...withAttachments(account, target, after), policies }
}

const attachmentsOf = (
  account: OpenAccountState,
  target: AttachmentTarget,
): Attachments | undefined => {
  switch (target.type) {
    case 'User':
      return account.users.get(target.userId)?.attachments
    case 'Group':
      return account.groups.get(target.groupId)?.attachments
    case 'Role':
      return account.roles.get(target.roleId)?.attachments
  }
}

const withAttachments = (
  account: OpenAccountState,
  target: AttachmentTarget,
  attachments: Attachments,
): OpenAccountState => {
  switch (target.type) {
    case 'User': {
      const user = account.users.get(target.userId)
      if (user === undefined) return account
      return { ...account, users: account.users.set(user.userId, { ...user, attachments }) }
    }
    case 'Group': {
      const group = account.groups.get(target.groupId)
      if (group === undefined) return account
      return { ...account, groups: account.groups.set(group.groupId, { ...group, attachments }) }
    }
    case 'Role': {
      const role = account.roles.get(target.roleId)
      if (role === undefined) return account
      return { ...account, roles: account.roles.set(role.roleId, { ...role, attachments }) }
    }
  }
}
