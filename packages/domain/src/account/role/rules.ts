/** Whether a role may be created, changed and deleted. */
import * as E from 'fp-ts/lib/Either.js'
import { accept, refuse, unchanged } from '../../decider.js'
import type { AccountEvent } from '../../event.js'
import { nameKey } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision, AccountRefusal } from '../refusal.js'
import type { OpenAccountState, RoleRecord } from '../state.js'
import { holdsPolicies, isServiceLinked, roleNamed } from '../state.js'
import type { CreateRole, DeleteRole, UpdateRole } from './commands.js'
import { resolveTrustees, sameTrustees } from './trustees.js'

export const createRole = (
  command: CreateRole,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { type: _, trusteesElsewhere, ...role } = command
  const { roleId, roleName } = role
  const holder = account.roles.get(roleId)
  if (holder !== undefined && holder.roleName === roleName) return unchanged
  if (isServiceLinked(roleName)) return refuse({ type: 'ServiceLinkedRoleProtected', roleName })
  const trustees = resolveTrustees(account, role.trustPolicy, trusteesElsewhere)
  if (E.isLeft(trustees)) return trustees
  if (holder !== undefined || account.roleIds.has(nameKey(roleName)))
    return refuse({ type: 'RoleAlreadyExists', roleName })
  if (account.roles.size >= quotas.rolesPerAccount)
    return refuse({ type: 'RoleLimitExceeded', limit: quotas.rolesPerAccount })

  return accept({ type: 'RoleCreated', ...role, trustees: trustees.right })
}

export const updateRole = (command: UpdateRole, account: OpenAccountState): AccountDecision => {
  const { roleName } = command
  const role = roleNamed(account, roleName)
  if (role === undefined) return refuse({ type: 'RoleNotFound', roleName })
  if (isServiceLinked(roleName)) return refuse({ type: 'ServiceLinkedRoleProtected', roleName })
  const trust = trustChange(command, role, account)
  if (E.isLeft(trust)) return trust

  return accept(...trust.right, ...settingsChange(command, role))
}

export const deleteRole = (command: DeleteRole, account: OpenAccountState): AccountDecision => {
  const { roleName } = command
  const role = roleNamed(account, roleName)
  if (role === undefined) return refuse({ type: 'RoleNotFound', roleName })
  if (isServiceLinked(roleName)) return refuse({ type: 'ServiceLinkedRoleProtected', roleName })
  if (holdsPolicies(role.attachments)) return refuse({ type: 'RoleHasPolicies', roleName })

  return accept({ type: 'RoleDeleted', roleId: role.roleId, roleName: role.roleName })
}

/** The same text is a change when its names mean other principals than they did. */
const trustChange = (
  { newTrustPolicy, trusteesElsewhere }: UpdateRole,
  role: RoleRecord,
  account: OpenAccountState,
): E.Either<AccountRefusal, ReadonlyArray<AccountEvent>> => {
  if (newTrustPolicy === undefined) return unchanged
  const trustees = resolveTrustees(account, newTrustPolicy, trusteesElsewhere)
  if (E.isLeft(trustees)) return trustees
  if (newTrustPolicy === role.trustPolicy && sameTrustees(trustees.right, role.trustees))
    return unchanged
  return accept({
    type: 'RoleTrustChanged',
    roleId: role.roleId,
    trustPolicy: newTrustPolicy,
    trustees: trustees.right,
  })
}

const settingsChange = (
  { newDescription, newMaxSessionDuration }: UpdateRole,
  role: RoleRecord,
): ReadonlyArray<AccountEvent> => {
  const isReworded = newDescription !== undefined && newDescription !== role.description
  const isRetimed =
    newMaxSessionDuration !== undefined && newMaxSessionDuration !== role.maxSessionDuration
  if (!isReworded && !isRetimed) return []
  return [
    {
      type: 'RoleUpdated',
      roleId: role.roleId,
      ...(isReworded && { description: newDescription }),
      ...(isRetimed && { maxSessionDuration: newMaxSessionDuration }),
    },
  ]
}
