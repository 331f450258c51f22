/**
 * What the account remembers of virtual MFA devices, whose they are, and how codes were used.
 */
import { nameKey } from '../../names.js'
import type { MFADeviceRecord, OpenAccountState, UserRecord } from '../state.js'
import { unnamed } from '../state.js'
import type {
  AuthenticationCodeAccepted,
  AuthenticationCodeRejected,
  MFADeviceBound,
  MFADeviceUnbound,
  VirtualMFADeviceCreated,
  VirtualMFADeviceDeleted,
} from './events.js'

export const foldMFADevice = (
  account: OpenAccountState,
  event:
    | VirtualMFADeviceCreated
    | VirtualMFADeviceDeleted
    | MFADeviceBound
    | MFADeviceUnbound
    | AuthenticationCodeAccepted
    | AuthenticationCodeRejected,
): OpenAccountState => {
  switch (event.type) {
    case 'VirtualMFADeviceCreated':
      return created(account, event)
    case 'VirtualMFADeviceDeleted':
      return deleted(account, event)
    case 'MFADeviceBound':
      return bound(account, event)
    case 'MFADeviceUnbound':
      return unbound(account, event)
    case 'AuthenticationCodeAccepted':
      return withUser(
        withDevice(account, event.deviceId, (device) => used(device, event.step)),
        event.userId,
        forgiven,
      )
    case 'AuthenticationCodeRejected': {
      const { wrongInRow: inRow, lockedUntil } = event
      const wrongCodes = { inRow, ...(lockedUntil !== undefined && { lockedUntil }) }
      return withUser(account, event.userId, (user) => ({ ...user, wrongCodes }))
    }
  }
}

const created = (account: OpenAccountState, event: VirtualMFADeviceCreated): OpenAccountState => {
  const { type: _, ...device } = event
  const { deviceId, deviceName } = device
  if (account.mfaDevices.has(deviceId)) return account
  return {
    ...account,
    mfaDevices: account.mfaDevices.set(deviceId, device),
    mfaDeviceIds: account.mfaDeviceIds.set(nameKey(deviceName), deviceId),
  }
}

/** A device is deleted when it is bound to nobody; whoever it should still be bound to loses it. */
const deleted = (account: OpenAccountState, event: VirtualMFADeviceDeleted): OpenAccountState => {
  const device = account.mfaDevices.get(event.deviceId)
  if (device === undefined) return account
  const { deviceId, deviceName, userId } = device
  const rest = userId === undefined ? account : withUser(account, userId, withoutDevice)
  return {
    ...rest,
    mfaDevices: rest.mfaDevices.delete(deviceId),
    mfaDeviceIds: unnamed(rest.mfaDeviceIds, deviceId, deviceName),
  }
}

/** A binding needs both of its ends free, or it is not kept: a device is of one user at most. */
const bound = (
  account: OpenAccountState,
  { deviceId, userId, step }: MFADeviceBound,
): OpenAccountState => {
  const device = account.mfaDevices.get(deviceId)
  const user = account.users.get(userId)
  if (device === undefined || device.userId !== undefined) return account
  if (user === undefined || user.mfaDeviceId !== undefined) return account
  return withUser(
    withDevice(account, deviceId, (free) => ({ ...used(free, step), userId })),
    userId,
    (holder) => ({ ...forgiven(holder), mfaDeviceId: deviceId }),
  )
}

const unbound = (
  account: OpenAccountState,
  { deviceId, userId }: MFADeviceUnbound,
): OpenAccountState => {
  if (account.users.get(userId)?.mfaDeviceId !== deviceId) return account
  return withUser(withDevice(account, deviceId, withoutUser), userId, (user) =>
    forgiven(withoutDevice(user)),
  )
}

const used = (device: MFADeviceRecord, step: number): MFADeviceRecord => ({
  ...device,
  lastStep: Math.max(device.lastStep ?? step, step),
})

const withoutUser = ({ userId: _, ...device }: MFADeviceRecord): MFADeviceRecord => device
const withoutDevice = ({ mfaDeviceId: _, ...user }: UserRecord): UserRecord => user
const forgiven = ({ wrongCodes: _, ...user }: UserRecord): UserRecord => user

const withDevice = (
  account: OpenAccountState,
  deviceId: MFADeviceRecord['deviceId'],
  change: (device: MFADeviceRecord) => MFADeviceRecord,
): OpenAccountState => {
  const device = account.mfaDevices.get(deviceId)
  if (device === undefined) return account
  return { ...account, mfaDevices: account.mfaDevices.set(deviceId, change(device)) }
}

const withUser = (
  account: OpenAccountState,
  userId: UserRecord['userId'],
  change: (user: UserRecord) => UserRecord,
): OpenAccountState => {
  const user = account.users.get(userId)
  if (user === undefined) return account
  return { ...account, users: account.users.set(userId, change(user)) }
}
