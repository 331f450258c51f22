/**
 * Why a command about an MFA device or its codes may be refused, in checking order; a user is
 * looked up first.
 */
import * as t from 'io-ts'
import { UserName, VirtualMFADeviceName } from '../../names.js'

/** No virtual MFA device of the account has this name. */
export const MFADeviceNotFound = t.strict(
  { type: t.literal('MFADeviceNotFound'), deviceName: VirtualMFADeviceName },
  'MFADeviceNotFound',
)
export type MFADeviceNotFound = t.TypeOf<typeof MFADeviceNotFound>

/** The user has no MFA device, or not the one that the code was compared with. */
export const MFADeviceNotBound = t.strict(
  { type: t.literal('MFADeviceNotBound') },
  'MFADeviceNotBound',
)
export type MFADeviceNotBound = t.TypeOf<typeof MFADeviceNotBound>

/** Another device of the account has this name, whatever the case of its letters. */
export const MFADeviceAlreadyExists = t.strict(
  { type: t.literal('MFADeviceAlreadyExists'), deviceName: VirtualMFADeviceName },
  'MFADeviceAlreadyExists',
)
export type MFADeviceAlreadyExists = t.TypeOf<typeof MFADeviceAlreadyExists>

/** The user has an MFA device already: there is one for each user. */
export const UserAlreadyHasMFADevice = t.strict(
  { type: t.literal('UserAlreadyHasMFADevice'), userName: UserName },
  'UserAlreadyHasMFADevice',
)
export type UserAlreadyHasMFADevice = t.TypeOf<typeof UserAlreadyHasMFADevice>

/** The device is bound to a user already. */
export const MFADeviceAlreadyBound = t.strict(
  { type: t.literal('MFADeviceAlreadyBound'), deviceName: VirtualMFADeviceName },
  'MFADeviceAlreadyBound',
)
export type MFADeviceAlreadyBound = t.TypeOf<typeof MFADeviceAlreadyBound>

/** After too many wrong codes in a row no code of the user is looked at for a while. */
export const AuthenticationLocked = t.strict(
  { type: t.literal('AuthenticationLocked'), lockedUntil: t.number },
  'AuthenticationLocked',
)
export type AuthenticationLocked = t.TypeOf<typeof AuthenticationLocked>

/** A code is wrong or was used before. That it was shown is recorded before this is answered. */
export const AuthenticationCodeWrong = t.strict(
  { type: t.literal('AuthenticationCodeWrong') },
  'AuthenticationCodeWrong',
)
export type AuthenticationCodeWrong = t.TypeOf<typeof AuthenticationCodeWrong>

/** A device that is bound to a user cannot be deleted. */
export const MFADeviceInUse = t.strict(
  { type: t.literal('MFADeviceInUse'), deviceName: VirtualMFADeviceName },
  'MFADeviceInUse',
)
export type MFADeviceInUse = t.TypeOf<typeof MFADeviceInUse>

/**
 * A user without a permission to make devices made as many for itself as may be bound to nobody.
 */
export const OwnMFADeviceLimitExceeded = t.strict(
  { type: t.literal('OwnMFADeviceLimitExceeded'), limit: t.number },
  'OwnMFADeviceLimitExceeded',
)
export type OwnMFADeviceLimitExceeded = t.TypeOf<typeof OwnMFADeviceLimitExceeded>

/** The account holds as many virtual MFA devices as it may. */
export const MFADeviceLimitExceeded = t.strict(
  { type: t.literal('MFADeviceLimitExceeded'), limit: t.number },
  'MFADeviceLimitExceeded',
)
export type MFADeviceLimitExceeded = t.TypeOf<typeof MFADeviceLimitExceeded>
