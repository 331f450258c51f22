/**
 * The operations on roles.
 */
import type {
  CreateRole,
  MaxSessionDuration,
  RoleId,
  TrustPolicyText,
  UpdateRole,
} from '@grantlog/domain'
import { parsePolicy, trustedPrincipals } from '@grantlog/policy'
import { findRole, findRoleById, listRoles } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done, doneAndShown, found } from '../answers.js'
import {
  descriptionText,
  maxSessionDurationText,
  pageFields,
  roleName,
  trustPolicyText,
} from '../codecs.js'
import type { Fault } from '../faults.js'
import { changed, needed, optional } from '../fields.js'
import { pageMembers, pageRequest } from '../markers.js'
import { type Operation, operation, ramResource } from '../operation.js'
import { dateText, listedRoleMembers, roleArn, wholeRoleMembers } from '../records.js'
import { tagFilter, tags } from '../tags.js'

/** How long a role's sessions may be when nobody says. Unit: seconds. */
const MAX_SESSION_DURATION_DEFAULT = 3600 as MaxSessionDuration

/** Whom a new role would trust, as conditions on ram:CreateRole see it. */
const trustKeys = (
  trustPolicy: TrustPolicyText,
): Readonly<Record<string, ReadonlyArray<string>>> => {
  const document = parsePolicy('trust', trustPolicy)
  if (E.isLeft(document)) return {}
  const principals = trustedPrincipals(document.right)
  const services = principals.flatMap(({ type, value }) => (type === 'Service' ? [value] : []))
  return {
    'ram:TrustedPrincipalTypes': [...new Set(principals.map(({ type }) => type))],
    ...(services.length === 0 ? {} : { 'ram:ServiceNames': [...new Set(services)] }),
  }
}

const createRoleFields = {
  roleName,
  trustPolicy: needed('AssumeRolePolicyDocument', trustPolicyText),
  description: optional('Description', descriptionText),
  maxSessionDuration: optional('MaxSessionDuration', maxSessionDurationText),
  tags,
}

const createRole = operation({
  product: 'Ram',
  name: 'CreateRole',
  kind: 'command',
  parameters: createRoleFields,
  authorizes: ({ trustPolicy }, caller) => ({
    action: 'ram:CreateRole',
    resources: [ramResource(caller, 'role/*')],
    keys: trustKeys(trustPolicy),
  }),
  run: ({ maxSessionDuration = MAX_SESSION_DURATION_DEFAULT, ...parameters }, scene) => {
    const roleId = scene.engine.ids.roleId() as RoleId
    const { roleName } = parameters
    const command: CreateRole = { type: 'CreateRole', roleId, maxSessionDuration, ...parameters }
    return doneAndShown(scene, command, ({ recordedAt }) =>
      TE.right({
        Role: {
          RoleId: roleId,
          RoleName: roleName,
          Arn: roleArn(scene.caller.accountId, roleName),
          Description: parameters.description ?? '',
          AssumeRolePolicyDocument: parameters.trustPolicy,
          MaxSessionDuration: maxSessionDuration,
          CreateDate: dateText(recordedAt),
        },
      }),
    )
  },
})

const getRole = operation({
  product: 'Ram',
  name: 'GetRole',
  kind: 'question',
  parameters: { roleName },
  authorizes: ({ roleName }, caller) => ({
    action: 'ram:GetRole',
    resources: [ramResource(caller, `role/${roleName}`)],
  }),
  run: ({ roleName }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        found(findRole(directory, accountId, roleName), { type: 'RoleNotFound', roleName }),
        E.map((role) => ({ Role: wholeRoleMembers(role) })),
      ),
    ),
})

const updateRoleFields = {
  roleName,
  newTrustPolicy: optional('NewAssumeRolePolicyDocument', trustPolicyText),
  newDescription: changed('NewDescription', descriptionText),
  newMaxSessionDuration: optional('NewMaxSessionDuration', maxSessionDurationText),
}

const updateRole = operation({
  product: 'Ram',
  name: 'UpdateRole',
  kind: 'command',
  parameters: updateRoleFields,
  authorizes: ({ roleName }, caller) => ({
    action: 'ram:UpdateRole',
    resources: [ramResource(caller, `role/${roleName}`)],
  }),
  run: (parameters, scene) => {
    const { accountId } = scene.caller
    const { directory } = scene.engine.views
    const { roleName } = parameters
    const absent: Fault = { type: 'RoleNotFound', roleName }
    const role = findRole(directory, accountId, roleName)
    if (role === undefined) return TE.left(absent)
    const command: UpdateRole = { type: 'UpdateRole', ...parameters }
    return doneAndShown(scene, command, () =>
      pipe(
        found(findRoleById(directory, accountId, role.roleId), absent),
        E.map((updated) => ({ Role: wholeRoleMembers(updated) })),
        TE.fromEither,
      ),
    )
  },
})

const deleteRole = operation({
  product: 'Ram',
  name: 'DeleteRole',
  kind: 'command',
  parameters: { roleName },
  authorizes: ({ roleName }, caller) => ({
    action: 'ram:DeleteRole',
    resources: [ramResource(caller, `role/${roleName}`)],
  }),
  run: ({ roleName }, scene) => done(scene, { type: 'DeleteRole', roleName }),
})

const listRolesOperation = operation({
  product: 'Ram',
  name: 'ListRoles',
  kind: 'question',
  parameters: { ...pageFields(1000), tags: tagFilter },
  authorizes: (_, caller) => ({
    action: 'ram:ListRoles',
    resources: [ramResource(caller, 'role/*')],
  }),
  run: ({ tags, ...parameters }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        pageRequest(scene.engine, accountId, 'ListRoles', parameters),
        E.map((request) => {
          const narrowed = tags === undefined ? request : { ...request, tags }
          const page = listRoles(directory, accountId, narrowed)
          return {
            ...pageMembers(scene.engine, accountId, 'ListRoles', page),
            Roles: { Role: page.items.map(listedRoleMembers) },
          }
        }),
      ),
    ),
})

export const ROLE_OPERATIONS: ReadonlyArray<Operation> = [
  createRole,
  getRole,
  updateRole,
  deleteRole,
  listRolesOperation,
]
