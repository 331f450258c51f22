/** A random command whose ids are still to be numbered. */
import * as fc from 'fast-check'
import type { AccountCommand } from '../account/command.js'
import { DEVICE_COMMANDS, TAG_COMMANDS } from './device-commands.js'
import { command, commandWith, often } from './drafts.js'
import { profileCommand } from './numbered-profiles.js'
import * as pool from './pools.js'
import { PROVIDER_COMMANDS } from './provider-commands.js'
import { accessKeyIdOf, groupIdOf, policyIdOf, roleIdOf, secretRefOf, userIdOf } from './samples.js'

/** Commands whose ids are still to be numbered. */
export const anyCommand: fc.Arbitrary<AccountCommand> = fc.oneof(
  often(
    6,
    commandWith(
      'CreateUser',
      { userId: fc.constant(userIdOf(0)), userName: pool.userName },
      { displayName: pool.sealed, comments: pool.sealed },
    ),
  ),
  often(
    2,
    commandWith(
      'UpdateUser',
      { userName: pool.userName },
      { newUserName: pool.userName, newEmail: pool.sealed, newComments: pool.sealed },
    ),
  ),
  often(3, command('DeleteUser', { userName: pool.userName })),
  often(
    3,
    command('CreateAccessKey', {
      owner: pool.owner,
      accessKeyId: fc.constant(accessKeyIdOf(0)),
      secretRef: fc.constant(secretRefOf(0)),
    }),
  ),
  often(
    2,
    command('UpdateAccessKey', {
      owner: pool.owner,
      accessKeyId: fc.nat(9).map(accessKeyIdOf),
      status: pool.status,
    }),
  ),
  often(
    4,
    command('DeleteAccessKey', {
      owner: pool.owner,
      accessKeyId: fc.nat(9).map(accessKeyIdOf),
    }),
  ),
  often(
    4,
    commandWith(
      'CreateGroup',
      { groupId: fc.constant(groupIdOf(0)), groupName: pool.groupName },
      { comments: pool.comments },
    ),
  ),
  often(
    1,
    commandWith(
      'UpdateGroup',
      { groupName: pool.groupName },
      { newGroupName: pool.groupName, newComments: pool.comments },
    ),
  ),
  often(2, command('DeleteGroup', { groupName: pool.groupName })),
  often(4, command('AddUserToGroup', { userName: pool.userName, groupName: pool.groupName })),
  often(3, command('RemoveUserFromGroup', { userName: pool.userName, groupName: pool.groupName })),
  often(
    4,
    commandWith(
      'CreateRole',
      {
        roleId: fc.constant(roleIdOf(0)),
        roleName: pool.roleName,
        trustPolicy: pool.trustPolicy,
        maxSessionDuration: pool.maxSessionDuration,
      },
      { description: pool.description },
    ),
  ),
  often(
    2,
    commandWith(
      'UpdateRole',
      { roleName: pool.roleName },
      {
        newTrustPolicy: pool.trustPolicy,
        newDescription: pool.description,
        newMaxSessionDuration: pool.maxSessionDuration,
      },
    ),
  ),
  often(2, command('DeleteRole', { roleName: pool.roleName })),
  often(
    4,
    commandWith(
      'CreatePolicy',
      {
        policyId: fc.constant(policyIdOf(0)),
        policyName: pool.policyName,
        document: pool.document,
      },
      { description: pool.description },
    ),
  ),
  often(
    5,
    command('CreatePolicyVersion', {
      policyName: pool.policyName,
      document: pool.document,
      setAsDefault: fc.boolean(),
      rotateStrategy: pool.rotateStrategy,
    }),
  ),
  often(
    2,
    command('SetDefaultPolicyVersion', {
      policyName: pool.policyName,
      versionId: pool.versionId,
    }),
  ),
  often(
    1,
    command('UpdatePolicyDescription', {
      policyName: pool.policyName,
      newDescription: pool.description,
    }),
  ),
  often(
    2,
    command('DeletePolicyVersion', { policyName: pool.policyName, versionId: pool.versionId }),
  ),
  often(2, command('DeletePolicy', { policyName: pool.policyName, cascadingDelete: fc.boolean() })),
  often(7, attachment('AttachPolicy')),
  often(5, attachment('DetachPolicy')),
  ...DEVICE_COMMANDS,
  ...TAG_COMMANDS,
  ...PROVIDER_COMMANDS,
  often(3, command('PutEntities', { entities: pool.entitiesGiven })),
  often(2, command('RemoveEntities', { entities: pool.entityRefs })),
  often(1, command('SetAccessRecording', { recording: pool.recording })),
  often(1, command('SetPasswordPolicy', { policy: pool.passwordPolicy })),
  often(1, command('SetSecurityPreference', { changes: pool.securityChanges })),
  often(9, profileCommand),
)

function attachment<Type extends 'AttachPolicy' | 'DetachPolicy'>(type: Type) {
  return fc.tuple(pool.policy, pool.target).map(([policy, target]) => ({ type, ...policy, target }))
}
