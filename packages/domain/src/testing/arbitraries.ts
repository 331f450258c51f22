/**
 * Random lives of one account.
 *
 * Ids follow the position in the sequence, so that, as in the product, none is given twice. A
 * command may be said twice in a row, with the same ids, which happens in the product too.
 */

import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { AccountCommand } from '../account/command.js'
import type { AccountRefusal } from '../account/refusal.js'
import { type AccountState, entityKeyOf } from '../account/state.js'
import type { Decider } from '../decider.js'
import type { AccountEvent } from '../event.js'
import { nameKey } from '../names.js'
import { DEVICE_COMMANDS, type Devices, numberedDevice, TAG_COMMANDS } from './device-commands.js'
import { command, commandWith, often } from './drafts.js'
import { type EntityIds, numberedEntities } from './numbered-entities.js'
import { numberedProfile, type ProfileIds, profileCommand } from './numbered-profiles.js'
import * as pool from './pools.js'
import { PROVIDER_COMMANDS } from './provider-commands.js'
import {
  accessKeyIdOf,
  groupIdOf,
  policyIdOf,
  providerIdOf,
  roleIdOf,
  sampleAccountId,
  secretRefOf,
  userIdOf,
} from './samples.js'

/** Commands whose ids are still to be numbered. */
const anyCommand: fc.Arbitrary<AccountCommand> = fc.oneof(
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

type KeyCommand = Extract<AccountCommand, { readonly type: 'CreateAccessKey' }>

/** The command with ids of its own; one that names a key names one that was asked for before. */
const numbered = (
  command: AccountCommand,
  position: number,
  keys: ReadonlyArray<KeyCommand>,
  entityIds: EntityIds,
  devices: Devices,
  profiles: ProfileIds,
): AccountCommand => {
  switch (command.type) {
    case 'CreateUser':
      devices.userIds.set(nameKey(command.userName), userIdOf(position))
      return numberedProfile(command, position, profiles)
    case 'CreateLoginProfile':
    case 'UpdateLoginProfile':
    case 'DeleteLoginProfile':
    case 'ChangePassword':
      return numberedProfile(command, position, profiles)
    case 'CreateGroup':
      return { ...command, groupId: groupIdOf(position) }
    case 'CreateRole':
      return { ...command, roleId: roleIdOf(position) }
    case 'CreateOIDCProvider':
    case 'CreateSAMLProvider':
      return { ...command, providerId: providerIdOf(position) }
    case 'CreatePolicy':
      return { ...command, policyId: policyIdOf(position) }
    case 'CreateAccessKey':
      return {
        ...command,
        accessKeyId: accessKeyIdOf(position),
        secretRef: secretRefOf(position),
      }
    case 'UpdateAccessKey':
    case 'DeleteAccessKey': {
      const pick = Number(command.accessKeyId.slice('LTAI5t'.length))
      const key = keys[pick % Math.max(1, keys.length)]
      // An odd pick keeps its own owner, who may be the wrong one.
      const owner = key === undefined || pick % 2 === 1 ? command.owner : key.owner
      return { ...command, owner, accessKeyId: key?.accessKeyId ?? command.accessKeyId }
    }
    case 'CreateVirtualMFADevice':
    case 'DeleteVirtualMFADevice':
    case 'BindMFADevice':
    case 'UseAuthenticationCode':
      return numberedDevice(command, position, devices)
    case 'PutEntities':
      return numberedEntities(command, position, entityIds)
    case 'RemoveEntities':
      for (const entity of command.entities) entityIds.delete(entityKeyOf(entity))
      return command
    case 'OpenAccount':
    case 'UpdateUser':
    case 'DeleteUser':
    case 'UpdateGroup':
    case 'DeleteGroup':
    case 'AddUserToGroup':
    case 'RemoveUserFromGroup':
    case 'UpdateRole':
    case 'DeleteRole':
    case 'CreatePolicyVersion':
    case 'SetDefaultPolicyVersion':
    case 'UpdatePolicyDescription':
    case 'DeletePolicyVersion':
    case 'DeletePolicy':
    case 'AttachPolicy':
    case 'DetachPolicy':
    case 'UnbindMFADevice':
    case 'TagResources':
    case 'UntagResources':
    case 'UpdateOIDCProvider':
    case 'DeleteOIDCProvider':
    case 'AddClientIdToOIDCProvider':
    case 'RemoveClientIdFromOIDCProvider':
    case 'AddFingerprintToOIDCProvider':
    case 'RemoveFingerprintFromOIDCProvider':
    case 'UpdateSAMLProvider':
    case 'DeleteSAMLProvider':
    case 'SetAccessRecording':
    case 'SetPasswordPolicy':
    case 'SetSecurityPreference':
      return command
  }
}

const opening: AccountCommand = {
  type: 'OpenAccount',
  accountId: sampleAccountId,
  rootAccessKey: { accessKeyId: accessKeyIdOf(0), secretRef: secretRefOf(0) },
}

/** Up to so many commands after the opening of the account `sampleAccountId`. */
export const commandSequenceOf = (lengthMax: number): fc.Arbitrary<ReadonlyArray<AccountCommand>> =>
  fc
    .array(fc.tuple(anyCommand, fc.integer({ min: 1, max: 12 })), {
      maxLength: lengthMax,
      size: 'max',
    })
    .map((drafts) => {
      const commands: AccountCommand[] = [opening]
      const keys: KeyCommand[] = []
      const entityIds: EntityIds = new Map()
      const devices: Devices = { byName: new Map(), userIds: new Map(), bindings: [] }
      const profiles: ProfileIds = new Map()
      for (const [draft, chance] of drafts) {
        const next = numbered(draft, commands.length, keys, entityIds, devices, profiles)
        if (next.type === 'CreateAccessKey') keys.push(next)
        commands.push(next)
        if (chance === 1) commands.push(next)
      }
      return commands
    })

/** Up to 80 commands after the opening: enough for every quota of a small pool to be met. */
export const commandSequence: fc.Arbitrary<ReadonlyArray<AccountCommand>> = commandSequenceOf(80)

type AccountDecider = Decider<AccountCommand, AccountState, AccountEvent, AccountRefusal>

/** What happens when the commands are given one after the other; a refused one records nothing. */
export const runCommands = (
  commands: ReadonlyArray<AccountCommand>,
  decider: AccountDecider,
): ReadonlyArray<AccountEvent> => {
  const events: AccountEvent[] = []
  let state = decider.initialState
  for (const command of commands) {
    const decided = decider.decide(command, state)
    if (E.isLeft(decided)) continue
    events.push(...decided.right)
    state = decided.right.reduce(decider.evolve, state)
  }
  return events
}
