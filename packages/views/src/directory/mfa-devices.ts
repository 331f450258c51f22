/**
 * How the directory remembers virtual MFA devices and whose they are, and what can be asked of
 * them.
 */
import type { MFAEvent, Recorded } from '@grantlog/domain'
import { entityKey } from '../keys.js'
import type { MFADeviceRow } from './rows.js'
import type { DirectoryState } from './state.js'

export const applyToMFADevice = (
  state: DirectoryState,
  event: MFAEvent,
  { accountId, position, recordedAt }: Recorded,
): DirectoryState => {
  switch (event.type) {
    case 'VirtualMFADeviceCreated': {
      const { type: _, ...device } = event
      state.mfaDevices.put({ ...device, accountId, createdAt: recordedAt, position })
      return state
    }
    case 'VirtualMFADeviceDeleted':
      state.mfaDevices.drop(accountId, event.deviceId)
      return state
    case 'MFADeviceBound': {
      const { userId } = event
      const row = state.mfaDevices.byId(accountId, event.deviceId)
      if (row === undefined) return state
      state.mfaDevices.put({ ...row, boundTo: { userId, at: recordedAt, position } })
      state.deviceOfUser.set(entityKey(accountId, userId), row.deviceId)
      return state
    }
    case 'MFADeviceUnbound':
      unbindDeviceOf(state, accountId, event.userId)
      return state
    case 'AuthenticationCodeAccepted':
    case 'AuthenticationCodeRejected':
      return state
  }
}

/** Takes a user's device away from it. */
export const unbindDeviceOf = (state: DirectoryState, accountId: string, userId: string): void => {
  const row = mfaDeviceOf(state, accountId, userId)
  state.deviceOfUser.delete(entityKey(accountId, userId))
  if (row === undefined) return
  const { boundTo: _, ...free } = row
  state.mfaDevices.put(free)
}

/** The device that is bound to a user. */
export const mfaDeviceOf = (
  state: DirectoryState,
  accountId: string,
  userId: string,
): MFADeviceRow | undefined => {
  const deviceId = state.deviceOfUser.get(entityKey(accountId, userId))
  return deviceId === undefined ? undefined : state.mfaDevices.byId(accountId, deviceId)
}

/** The name is compared without case. */
export const findMFADevice = (
  state: DirectoryState,
  accountId: string,
  deviceName: string,
): MFADeviceRow | undefined => state.mfaDevices.byName(accountId, deviceName)

/** All devices of an account, in the order of creation. */
export const listMFADevices = (
  state: DirectoryState,
  accountId: string,
): ReadonlyArray<MFADeviceRow> =>
  state.mfaDevices.page(accountId, { limit: Number.MAX_SAFE_INTEGER }).items
