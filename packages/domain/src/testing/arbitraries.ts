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
import { anyCommand } from './any-command.js'
import { type Devices, numberedDevice } from './device-commands.js'
import { type EntityIds, numberedEntities } from './numbered-entities.js'
import { numberedProfile, type ProfileIds } from './numbered-profiles.js'
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
    case 'EnrolMFADevice': {
      const bearer = profiles.get(nameKey(command.userName))?.at(-1)
      return numberedDevice({ ...command, ...bearer }, position, devices)
    }
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
    case 'DisableVirtualMFA':
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
