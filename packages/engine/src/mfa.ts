/**
 * MFA devices: the seed goes into the vault before the event that names it, and codes are compared
 * before the account decides about the steps that they stand for.
 *
 * What is decided holds on every node: the account's stream keeps the last step that was used, and
 * how often a user was wrong. A node that lags compares with the wrong device at worst, and is told
 * so by the decision.
 */
import {
  type AccountCommand,
  type AccountId,
  type AccountRefusal,
  AccountRefusalCodecs,
  type MFADeviceId,
  type SecretRef,
  type UserName,
  type VirtualMFADeviceName,
} from '@grantlog/domain'
import { findMFADevice, type MFADeviceRow, mfaDeviceOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Circumstances, EngineError, Executed, Views } from './engine.js'
import type { CodeVerdict, IssuedMFADevice, MFACalls, OwnedDevice } from './mfa-calls.js'
import type { Clock, Ids, Vault } from './ports.js'
import type { DeviceCodes } from './secrets.js'

/** How far a device's clock may be off, and how late a code may be shown. Unit: steps. */
const STEPS_AWAY_MAX = 1

/** Unit: milliseconds. */
const STEP_MS = 30_000

/** As `VirtualMFADeviceName` has it. */
const DEVICE_NAME_CHARACTERS_MAX = 64

type Needs = {
  readonly ids: Ids
  readonly vault: Vault
  readonly clock: Clock
  readonly views: Pick<Views, 'directory'>
  readonly execute: (
    accountId: AccountId,
    command: AccountCommand,
    circumstances: Circumstances,
  ) => Promise<E.Either<AccountRefusal | EngineError, Executed>>
}

const seedRefOf = (accountId: string, deviceId: string): SecretRef =>
  `mfa-seed/${accountId}/${deviceId}` as SecretRef

/** What is answered when the account has counted a code as wrong. */
const unlessRejected = (
  executed: E.Either<AccountRefusal | EngineError, Executed>,
): E.Either<AccountRefusal | EngineError, Executed> =>
  E.isRight(executed) &&
  executed.right.events.some(({ type }) => type === 'AuthenticationCodeRejected')
    ? E.left({ type: 'AuthenticationCodeWrong' })
    : executed

export const mfaCalls = (needs: Needs): MFACalls => {
  const { vault, clock, views, execute } = needs
  const codesOf = ({ accountId, deviceId, secretRef }: MFADeviceRow) =>
    vault.mfaCodes(secretRef, { accountId, deviceId })()

  return {
    createVirtualMFADevice: (accountId, device, circumstances) => () =>
      createDevice(needs, accountId, device, circumstances),
    deleteVirtualMFADevice: (accountId, device, circumstances) => () =>
      takeDevice(needs, accountId, { type: 'DeleteVirtualMFADevice', ...device }, circumstances),
    unbindMFADevice: (accountId, named, circumstances) => () =>
      takeDevice(needs, accountId, { type: 'UnbindMFADevice', ...named }, circumstances),
    disableVirtualMFA: (accountId, named, circumstances) => () =>
      takeDevice(needs, accountId, { type: 'DisableVirtualMFA', ...named }, circumstances),
    bindMFADevice:
      (accountId, { userName, deviceName, codes }, circumstances) =>
      async () => {
        const at = clock.now()
        const named = { type: 'BindMFADevice', userName, deviceName, at } as const
        const device = findMFADevice(views.directory, accountId, deviceName)
        // Which of the two is not there, or bound already, is for the account to say.
        if (device === undefined || device.boundTo !== undefined)
          return unlessRejected(
            await execute(
              accountId,
              { ...named, step: null, ...(device && { deviceId: device.deviceId }) },
              circumstances,
            ),
          )
        const shown = await codesOf(device)
        if (E.isLeft(shown)) return shown
        const step = stepOfTwo(shown.right, codes, at)
        const command = { ...named, deviceId: device.deviceId, step }
        return unlessRejected(await execute(accountId, command, circumstances))
      },
    mfaBindingOf: (accountId, userId) =>
      mfaDeviceOf(views.directory, accountId, userId)?.boundTo?.position,
    enrolMFADevice: (accountId, enrolment, circumstances) => () =>
      enrolDevice(needs, accountId, enrolment, circumstances),
    checkAuthenticationCode:
      ({ accountId, userId, code }, circumstances) =>
      async () => {
        const device = mfaDeviceOf(views.directory, accountId, userId)
        if (device === undefined) return E.right('Refused')
        const codes = await codesOf(device)
        if (E.isLeft(codes)) return codes
        const at = clock.now()
        const step = codes.right.stepOf(code, at, STEPS_AWAY_MAX)
        const { deviceId } = device
        const command = { type: 'UseAuthenticationCode', userId, deviceId, step, at } as const
        return verdictOf(await execute(accountId, command, circumstances))
      },
  }
}

/** The step of the second of two codes, when the first stands for the step before it. */
const stepOfTwo = (
  codes: DeviceCodes,
  [first, second]: readonly [string, string],
  at: number,
): number | null => {
  const later = codes.stepOf(second, at, STEPS_AWAY_MAX)
  if (later === null) return null
  return codes.stepOf(first, (later - 1) * STEP_MS, 0) === later - 1 ? later : null
}

/** What a device is called that a user enrols: after the user, and like no other. */
const enrolledName = (userName: UserName, deviceId: MFADeviceId): VirtualMFADeviceName => {
  const end = `-${deviceId.slice(-8)}`
  const start = userName.replaceAll('_', '-').slice(0, DEVICE_NAME_CHARACTERS_MAX - end.length)
  return `${start}${end}` as VirtualMFADeviceName
}

/** The seed is kept once its codes are right, and before the events that name it. */
const enrolDevice = async (
  { ids, vault, clock, execute }: Needs,
  accountId: AccountId,
  { seed, codes, ...user }: Parameters<MFACalls['enrolMFADevice']>[1],
  circumstances: Circumstances,
): Promise<E.Either<AccountRefusal | EngineError, Executed>> => {
  const at = clock.now()
  const step = stepOfTwo(vault.codesOfSeed(seed), codes, at)
  const deviceId = ids.mfaDeviceId() as MFADeviceId
  const secretRef = seedRefOf(accountId, deviceId)
  if (step !== null) {
    const kept = await vault.putMFASeed(secretRef, { accountId, deviceId }, seed)()
    if (E.isLeft(kept)) return kept
  }
  const device = { deviceId, deviceName: enrolledName(user.userName, deviceId), secretRef }
  const command = { type: 'EnrolMFADevice', ...user, ...device, step, at } as const
  const executed = unlessRejected(await execute(accountId, command, circumstances))
  // Only a refusal is certain: after any other error the events may be there, and need the seed.
  if (E.isLeft(executed) && Object.hasOwn(AccountRefusalCodecs, executed.left.type))
    await vault.destroySecret(secretRef)()
  return executed
}

/** The event alone ends the device; a seed that stays behind opens nothing. */
const takeDevice = async (
  { vault, execute }: Needs,
  accountId: AccountId,
  command: Extract<
    AccountCommand,
    { type: 'DeleteVirtualMFADevice' | 'UnbindMFADevice' | 'DisableVirtualMFA' }
  >,
  circumstances: Circumstances,
): Promise<E.Either<AccountRefusal | EngineError, Executed>> => {
  const executed = await execute(accountId, command, circumstances)
  if (E.isLeft(executed)) return executed
  for (const event of executed.right.events)
    if (event.type === 'VirtualMFADeviceDeleted') await vault.destroySecret(event.secretRef)()
  return executed
}

const createDevice = async (
  { ids, vault, execute }: Needs,
  accountId: AccountId,
  device: OwnedDevice,
  circumstances: Circumstances,
): Promise<E.Either<AccountRefusal | EngineError, IssuedMFADevice>> => {
  const deviceId = ids.mfaDeviceId() as MFADeviceId
  const seed = ids.mfaSeed()
  const secretRef = seedRefOf(accountId, deviceId)
  const kept = await vault.putMFASeed(secretRef, { accountId, deviceId }, seed)()
  if (E.isLeft(kept)) return kept
  const command = { type: 'CreateVirtualMFADevice', ...device, deviceId, secretRef } as const
  const executed = await execute(accountId, command, circumstances)
  if (E.isRight(executed))
    return E.right({ deviceName: device.deviceName, seed, executed: executed.right })
  // Only a refusal is certain: after any other error the event may be there, and need its seed.
  if (Object.hasOwn(AccountRefusalCodecs, executed.left.type))
    await vault.destroySecret(secretRef)()
  return executed
}

/** Deny on doubt: only the event of an accepted code accepts one. */
const verdictOf = (
  executed: E.Either<AccountRefusal | EngineError, Executed>,
): E.Either<EngineError, CodeVerdict> => {
  if (E.isRight(executed))
    return E.right(
      executed.right.events.some(({ type }) => type === 'AuthenticationCodeAccepted')
        ? 'Accepted'
        : 'Refused',
    )
  switch (executed.left.type) {
    case 'AuthenticationLocked':
      return E.right('Locked')
    case 'MFADeviceNotBound':
    case 'AccountNotFound':
      return E.right('Refused')
  }
  return E.left(executed.left as EngineError)
}
