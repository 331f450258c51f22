/** How many of each kind an account has. */
import { listMFADevices } from './mfa-devices.js'
import type { DirectoryState } from './state.js'

export type EntityCounts = {
  readonly users: number
  readonly groups: number
  readonly roles: number
  /** Custom ones. */
  readonly policies: number
  readonly mfaDevices: number
  /** Those that are bound to a user. */
  readonly mfaDevicesInUse: number
}

/** Cost: O(MFA devices of the account). */
export const entityCounts = (state: DirectoryState, accountId: string): EntityCounts => ({
  users: state.users.count(accountId),
  groups: state.groups.count(accountId),
  roles: state.roles.count(accountId),
  policies: state.policies.count(accountId),
  mfaDevices: state.mfaDevices.count(accountId),
  mfaDevicesInUse: listMFADevices(state, accountId).filter(({ boundTo }) => boundTo !== undefined)
    .length,
})
