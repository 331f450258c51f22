/** Random commands about MFA devices, their codes and tags; ids are numbered by whoever draws. */
import * as fc from 'fast-check'
import type { AccountCommand } from '../account/command.js'
import type { TaggableName } from '../account/tag/commands.js'
import { type MFADeviceId, nameKey, type UserId } from '../names.js'
import { command, commandWith, often } from './drafts.js'
import * as pool from './pools.js'
import { mfaDeviceIdOf, secretRefOf, userIdOf } from './samples.js'

/** Few steps and times, so that codes are used again and locks are met and outlived. */
const step = fc.option(fc.integer({ min: 10, max: 99 }), { freq: 3 })
const at = fc.integer({ min: 0, max: 100 }).map((quarters) => quarters * 15 * 60_000)

export const DEVICE_COMMANDS = [
  often(
    5,
    commandWith(
      'CreateVirtualMFADevice',
      {
        deviceId: fc.constant(mfaDeviceIdOf(0)),
        deviceName: pool.deviceName,
        secretRef: fc.constant(secretRefOf(0)),
      },
      { ownerId: fc.constant(userIdOf(0)) },
    ),
  ),
  often(1, command('DeleteVirtualMFADevice', { deviceName: pool.deviceName })),
  often(
    5,
    command('BindMFADevice', { userName: pool.userName, deviceName: pool.deviceName, step, at }),
  ),
  often(
    1,
    command('EnrolMFADevice', {
      userName: pool.userName,
      userId: fc.constant(userIdOf(0)),
      passwordRef: fc.constant(secretRefOf(0)),
      deviceId: fc.constant(mfaDeviceIdOf(0)),
      deviceName: pool.deviceName,
      secretRef: fc.constant(secretRefOf(0)),
      step,
      at,
    }),
  ),
  often(1, command('UnbindMFADevice', { userName: pool.userName })),
  often(1, command('DisableVirtualMFA', { userName: pool.userName })),
  often(
    3,
    command('UseAuthenticationCode', {
      userId: fc.nat(9).map(userIdOf),
      deviceId: fc.nat(9).map(mfaDeviceIdOf),
      step,
      at,
    }),
  ),
]

const taggable: fc.Arbitrary<TaggableName> = fc.oneof(
  fc.record({ type: fc.constant('Role' as const), roleName: pool.roleName }),
  fc.record({ type: fc.constant('Policy' as const), policyName: pool.policyName }),
)
const resources = fc.array(taggable, { minLength: 1, maxLength: 2 })
const tagKeys = fc.subarray(['team', 'stage', 'cost'])

export const TAG_COMMANDS = [
  often(2, command('TagResources', { resources, tags: pool.tags })),
  often(4, commandWith('UntagResources', { resources }, { tagKeys })),
]

/** What was asked for before, by name and in order; some of it was refused. */
export type Devices = {
  readonly byName: Map<string, MFADeviceId>
  readonly userIds: Map<string, UserId>
  readonly bindings: Array<{ readonly userId: UserId; readonly deviceId: MFADeviceId }>
}

type Numbered = Extract<
  AccountCommand,
  {
    readonly type:
      | 'CreateVirtualMFADevice'
      | 'DeleteVirtualMFADevice'
      | 'BindMFADevice'
      | 'EnrolMFADevice'
      | 'UseAuthenticationCode'
  }
>

/** The command with ids of its own, or with those that were asked for before. */
export const numberedDevice = (
  command: Numbered,
  position: number,
  { byName, userIds, bindings }: Devices,
): AccountCommand => {
  switch (command.type) {
    case 'CreateVirtualMFADevice': {
      const [deviceId, name] = [mfaDeviceIdOf(position), nameKey(command.deviceName)]
      byName.set(name, byName.get(name) ?? deviceId)
      return { ...command, deviceId, secretRef: secretRefOf(position) }
    }
    case 'DeleteVirtualMFADevice':
      byName.delete(nameKey(command.deviceName))
      return command
    case 'BindMFADevice': {
      const deviceId = byName.get(nameKey(command.deviceName))
      if (deviceId === undefined) return command
      const userId = userIds.get(nameKey(command.userName))
      if (userId !== undefined) bindings.push({ userId, deviceId })
      return { ...command, deviceId }
    }
    case 'EnrolMFADevice': {
      const [deviceId, name] = [mfaDeviceIdOf(position), nameKey(command.deviceName)]
      byName.set(name, byName.get(name) ?? deviceId)
      bindings.push({ userId: command.userId, deviceId })
      return { ...command, deviceId, secretRef: secretRefOf(position) }
    }
    case 'UseAuthenticationCode': {
      const pick = Number(command.userId.slice(-2)) % Math.max(1, bindings.length)
      return { ...command, ...bindings.at(-1 - pick) }
    }
  }
}
