/**
 * Whether a virtual MFA device may be made, bound and deleted, and whether a code is accepted.
 *
 * Invariants: no step of a device is accepted twice, whoever it is bound to meanwhile. A code that
 * is not accepted is an event too, so that what is counted survives restarts and holds everywhere.
 */
import * as E from 'fp-ts/lib/Either.js'
import { accept, refuse, unchanged } from '../../decider.js'
import { nameKey, type UserId } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision, AccountRefusal } from '../refusal.js'
import type { MFADeviceRecord, OpenAccountState, UserRecord } from '../state.js'
import { mfaDeviceNamed, userNamed } from '../state.js'
import type {
  BindMFADevice,
  CreateVirtualMFADevice,
  DeleteVirtualMFADevice,
  DisableVirtualMFA,
  EnrolMFADevice,
  UnbindMFADevice,
  UseAuthenticationCode,
} from './commands.js'
import type {
  AuthenticationCodeRejected,
  MFADeviceBound,
  MFADeviceUnbound,
  VirtualMFADeviceCreated,
  VirtualMFADeviceDeleted,
} from './events.js'

/** How many wrong codes in a row lock a user. Unit: codes. Ours. */
export const WRONG_CODES_IN_ROW_MAX = 5

/** How long the first lock lasts; each wrong code after it doubles it. Unit: milliseconds. Ours. */
export const CODE_LOCK_MS_MIN = 15 * 60_000

/** How long a lock lasts at most. Unit: milliseconds. Ours. */
export const CODE_LOCK_MS_MAX = 24 * 3_600_000

/**
 * How many devices that are bound to nobody a user may have made for itself, where it has no
 * permission to make them: so that none of them uses up the account's. Unit: devices. Ours.
 */
export const OWN_UNBOUND_DEVICES_MAX = 2

export const createVirtualMFADevice = (
  command: CreateVirtualMFADevice,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { deviceId, deviceName, secretRef, ownerId } = command
  const holder = account.mfaDevices.get(deviceId)
  if (holder !== undefined && holder.deviceName === deviceName) return unchanged
  if (holder !== undefined || account.mfaDeviceIds.has(nameKey(deviceName)))
    return refuse({ type: 'MFADeviceAlreadyExists', deviceName })
  if (ownerId !== undefined && ownUnbound(account, ownerId) >= OWN_UNBOUND_DEVICES_MAX)
    return refuse({ type: 'OwnMFADeviceLimitExceeded', limit: OWN_UNBOUND_DEVICES_MAX })
  const limit = quotas.virtualMFADevicesPerAccount
  if (account.mfaDevices.size >= limit) return refuse({ type: 'MFADeviceLimitExceeded', limit })

  const device = { type: 'VirtualMFADeviceCreated', deviceId, deviceName, secretRef } as const
  if (ownerId === undefined) return accept(device)
  return accept({ ...device, madeBy: { type: 'SelfService', userId: ownerId } })
}

/** How many devices a user made for itself that are bound to nobody. */
const ownUnbound = ({ mfaDevices }: OpenAccountState, ownerId: UserId): number =>
  mfaDevices.count(({ madeBy, userId }) => madeBy?.userId === ownerId && userId === undefined)

export const enrolMFADevice = (
  command: EnrolMFADevice,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { userId, userName, deviceId, deviceName, secretRef, step, at } = command
  const user = account.users.get(userId)
  if (user === undefined) return refuse({ type: 'UserNotFound', userName })
  if (user.loginProfile?.passwordRef !== command.passwordRef)
    return refuse({ type: 'PasswordSuperseded', userName })
  if (user.mfaDeviceId !== undefined) return refuse({ type: 'UserAlreadyHasMFADevice', userName })
  if (account.mfaDevices.has(deviceId) || account.mfaDeviceIds.has(nameKey(deviceName)))
    return refuse({ type: 'MFADeviceAlreadyExists', deviceName })
  const limit = quotas.virtualMFADevicesPerAccount
  if (account.mfaDevices.size >= limit) return refuse({ type: 'MFADeviceLimitExceeded', limit })
  const lockedUntil = lockOf(user, at)
  if (lockedUntil !== undefined) return refuse({ type: 'AuthenticationLocked', lockedUntil })
  if (step === null) return accept(rejected(user, at))

  return accept<VirtualMFADeviceCreated | MFADeviceBound>(
    {
      type: 'VirtualMFADeviceCreated',
      deviceId,
      deviceName,
      secretRef,
      madeBy: { type: 'Enrolment', userId },
    },
    { type: 'MFADeviceBound', deviceId, deviceName, userId, step },
  )
}

export const deleteVirtualMFADevice = (
  command: DeleteVirtualMFADevice,
  account: OpenAccountState,
): AccountDecision => {
  const { ownerId } = command
  const device = mfaDeviceNamed(account, command.deviceName)
  if (device === undefined || (ownerId !== undefined && device.madeBy?.userId !== ownerId))
    return refuse({ type: 'MFADeviceNotFound', deviceName: command.deviceName })
  if (device.userId !== undefined)
    return refuse({ type: 'MFADeviceInUse', deviceName: device.deviceName })

  return accept(deletionOf(device))
}

export const bindMFADevice = (
  command: BindMFADevice,
  account: OpenAccountState,
): AccountDecision => {
  const { userName, deviceName, step, at } = command
  const user = userNamed(account, userName)
  if (user === undefined) return refuse({ type: 'UserNotFound', userName })
  const device = mfaDeviceNamed(account, deviceName)
  if (device === undefined || device.deviceId !== command.deviceId)
    return refuse({ type: 'MFADeviceNotFound', deviceName })
  if (user.mfaDeviceId !== undefined) return refuse({ type: 'UserAlreadyHasMFADevice', userName })
  if (device.userId !== undefined) return refuse({ type: 'MFADeviceAlreadyBound', deviceName })
  const lockedUntil = lockOf(user, at)
  if (lockedUntil !== undefined) return refuse({ type: 'AuthenticationLocked', lockedUntil })
  if (step === null || isUsed(device, step - 1)) return accept(rejected(user, at))

  const { deviceId } = device
  return accept({
    type: 'MFADeviceBound',
    deviceId,
    deviceName: device.deviceName,
    userId: user.userId,
    step,
  })
}

const deletionOf = ({
  deviceId,
  deviceName,
  secretRef,
}: MFADeviceRecord): VirtualMFADeviceDeleted => ({
  type: 'VirtualMFADeviceDeleted',
  deviceId,
  deviceName,
  secretRef,
})

type Unbinding = { readonly device: MFADeviceRecord; readonly unbound: MFADeviceUnbound }

/** The device that is bound to a user, and the event that takes it away. */
const unbindingOf = (
  account: OpenAccountState,
  { userName, ownAt }: UnbindMFADevice | DisableVirtualMFA,
): E.Either<AccountRefusal, Unbinding> => {
  const user = userNamed(account, userName)
  if (user === undefined) return E.left({ type: 'UserNotFound', userName })
  const { userId, mfaDeviceId } = user
  const device = mfaDeviceId === undefined ? undefined : account.mfaDevices.get(mfaDeviceId)
  if (device === undefined) return E.left({ type: 'MFADeviceNotBound' })
  // Else who guesses at a user's codes with its key would have the guesses forgotten.
  const lockedUntil = ownAt === undefined ? undefined : lockOf(user, ownAt)
  if (lockedUntil !== undefined) return E.left({ type: 'AuthenticationLocked', lockedUntil })
  const { deviceId, deviceName } = device
  return E.right({ device, unbound: { type: 'MFADeviceUnbound', deviceId, deviceName, userId } })
}

export const unbindMFADevice = (
  command: UnbindMFADevice,
  account: OpenAccountState,
): AccountDecision => {
  const found = unbindingOf(account, command)
  if (E.isLeft(found)) return found
  const { device, unbound } = found.right
  if (device.madeBy?.type !== 'Enrolment') return accept(unbound)

  // Nobody but its user has its seed, and who must have a device enrols another one.
  return accept<MFADeviceUnbound | VirtualMFADeviceDeleted>(unbound, deletionOf(device))
}

export const disableVirtualMFA = (
  command: DisableVirtualMFA,
  account: OpenAccountState,
): AccountDecision => {
  const found = unbindingOf(account, command)
  if (E.isLeft(found)) return found

  const { device, unbound } = found.right
  return accept<MFADeviceUnbound | VirtualMFADeviceDeleted>(unbound, deletionOf(device))
}

/** Answers with an event whether the code is right or not: the caller reads which one it is. */
export const useAuthenticationCode = (
  { userId, deviceId, step, at }: UseAuthenticationCode,
  account: OpenAccountState,
): AccountDecision => {
  const user = account.users.get(userId)
  const device = account.mfaDevices.get(deviceId)
  if (user === undefined || device === undefined || user.mfaDeviceId !== deviceId)
    return refuse({ type: 'MFADeviceNotBound' })
  const lockedUntil = lockOf(user, at)
  if (lockedUntil !== undefined) return refuse({ type: 'AuthenticationLocked', lockedUntil })
  if (step === null || isUsed(device, step)) return accept(rejected(user, at))

  return accept({ type: 'AuthenticationCodeAccepted', deviceId, userId, step })
}

const isUsed = ({ lastStep }: MFADeviceRecord, step: number): boolean =>
  lastStep !== undefined && step <= lastStep

/** Until when the user is locked; undefined when it is not. */
const lockOf = ({ wrongCodes }: UserRecord, at: number): number | undefined =>
  wrongCodes?.lockedUntil !== undefined && at < wrongCodes.lockedUntil
    ? wrongCodes.lockedUntil
    : undefined

const rejected = ({ userId, wrongCodes }: UserRecord, at: number): AuthenticationCodeRejected => {
  const wrongInRow = (wrongCodes?.inRow ?? 0) + 1
  const tooMany = wrongInRow - WRONG_CODES_IN_ROW_MAX
  if (tooMany < 0) return { type: 'AuthenticationCodeRejected', userId, wrongInRow }
  const lockedUntil = at + Math.min(CODE_LOCK_MS_MIN * 2 ** tooMany, CODE_LOCK_MS_MAX)
  return { type: 'AuthenticationCodeRejected', userId, wrongInRow, lockedUntil }
}
