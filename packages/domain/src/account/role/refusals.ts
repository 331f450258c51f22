/** Why a command about a role may be refused, in checking order. */
import * as t from 'io-ts'
import { RoleName } from '../../names.js'

/** No role of the account has this name. */
export const RoleNotFound = t.strict(
  { type: t.literal('RoleNotFound'), roleName: RoleName },
  'RoleNotFound',
)
export type RoleNotFound = t.TypeOf<typeof RoleNotFound>

/** The name belongs to a role that a cloud service manages for itself. */
export const ServiceLinkedRoleProtected = t.strict(
  { type: t.literal('ServiceLinkedRoleProtected'), roleName: RoleName },
  'ServiceLinkedRoleProtected',
)
export type ServiceLinkedRoleProtected = t.TypeOf<typeof ServiceLinkedRoleProtected>

/** The trust policy names a principal of this account that does not exist. */
export const TrustedPrincipalNotFound = t.strict(
  { type: t.literal('TrustedPrincipalNotFound'), principal: t.string },
  'TrustedPrincipalNotFound',
)
export type TrustedPrincipalNotFound = t.TypeOf<typeof TrustedPrincipalNotFound>

/** Another role of the account has this name, whatever the case of its letters. */
export const RoleAlreadyExists = t.strict(
  { type: t.literal('RoleAlreadyExists'), roleName: RoleName },
  'RoleAlreadyExists',
)
export type RoleAlreadyExists = t.TypeOf<typeof RoleAlreadyExists>

/** The account holds as many roles as it may. */
export const RoleLimitExceeded = t.strict(
  { type: t.literal('RoleLimitExceeded'), limit: t.number },
  'RoleLimitExceeded',
)
export type RoleLimitExceeded = t.TypeOf<typeof RoleLimitExceeded>

/** A role with a policy attached to it cannot be deleted. */
export const RoleHasPolicies = t.strict(
  { type: t.literal('RoleHasPolicies'), roleName: RoleName },
  'RoleHasPolicies',
)
export type RoleHasPolicies = t.TypeOf<typeof RoleHasPolicies>
