/** What the account remembers of its roles. */
import { nameKey } from '../../names.js'
import type { OpenAccountState } from '../state.js'
import { NO_ATTACHMENTS, unnamed, withoutAttachments } from '../state.js'
import type { RoleCreated, RoleDeleted, RoleTrustChanged, RoleUpdated } from './events.js'

export const foldRole = (
  account: OpenAccountState,
  event: RoleCreated | RoleUpdated | RoleTrustChanged | RoleDeleted,
): OpenAccountState => {
  switch (event.type) {
    case 'RoleCreated':
      return created(account, event)
    case 'RoleUpdated':
      return updated(account, event)
    case 'RoleTrustChanged':
      return trustChanged(account, event)
    case 'RoleDeleted':
      return deleted(account, event)
  }
}

const created = (account: OpenAccountState, event: RoleCreated): OpenAccountState => {
  const { roleId, roleName, trustPolicy, maxSessionDuration } = event
  const { trustees = [], description = '', tags = [] } = event
  if (account.roles.has(roleId)) return account
  const role = {
    roleId,
    roleName,
    trustPolicy,
    trustees,
    description,
    maxSessionDuration,
    tags,
    attachments: NO_ATTACHMENTS,
  }
  return {
    ...account,
    roles: account.roles.set(roleId, role),
    roleIds: account.roleIds.set(nameKey(roleName), roleId),
  }
}

const updated = (account: OpenAccountState, event: RoleUpdated): OpenAccountState => {
  const role = account.roles.get(event.roleId)
  if (role === undefined) return account
  const { description = role.description, maxSessionDuration = role.maxSessionDuration } = event
  const roles = account.roles.set(role.roleId, { ...role, description, maxSessionDuration })
  return { ...account, roles }
}

const trustChanged = (account: OpenAccountState, event: RoleTrustChanged): OpenAccountState => {
  const role = account.roles.get(event.roleId)
  if (role === undefined) return account
  const { trustPolicy, trustees = [] } = event
  return { ...account, roles: account.roles.set(role.roleId, { ...role, trustPolicy, trustees }) }
}

const deleted = (account: OpenAccountState, event: RoleDeleted): OpenAccountState => {
  const role = account.roles.get(event.roleId)
  if (role === undefined) return account
  return {
    ...account,
    roles: account.roles.delete(role.roleId),
    roleIds: unnamed(account.roleIds, role.roleId, role.roleName),
    policies: withoutAttachments(account.policies, 'Role', role.attachments),
  }
}
