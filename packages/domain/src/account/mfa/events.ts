/** What can have happened to virtual MFA devices and with their codes. Stored for ever. */
import * as t from 'io-ts'
import { MFADeviceId, SecretRef, UserId, VirtualMFADeviceName } from '../../names.js'

/** The user who made a device for itself: while it signed in, or as the account lets all users. */
export const DeviceMaker = t.strict(
  { type: t.union([t.literal('Enrolment'), t.literal('SelfService')]), userId: UserId },
  'DeviceMaker',
)
export type DeviceMaker = t.TypeOf<typeof DeviceMaker>

/** A virtual MFA device came into being, bound to nobody. Its seed is never recorded. */
export const VirtualMFADeviceCreated = t.intersection(
  [
    t.strict({
      type: t.literal('VirtualMFADeviceCreated'),
      deviceId: MFADeviceId,
      deviceName: VirtualMFADeviceName,
      secretRef: SecretRef,
    }),
    /** Absent where whoever made it was permitted to make devices. */
    t.exact(t.partial({ madeBy: DeviceMaker })),
  ],
  'VirtualMFADeviceCreated',
)
export type VirtualMFADeviceCreated = t.TypeOf<typeof VirtualMFADeviceCreated>

/** A virtual MFA device ceased to exist. A later device of the same name is another device. */
export const VirtualMFADeviceDeleted = t.strict(
  {
    type: t.literal('VirtualMFADeviceDeleted'),
    deviceId: MFADeviceId,
    deviceName: VirtualMFADeviceName,
    secretRef: SecretRef,
  },
  'VirtualMFADeviceDeleted',
)
export type VirtualMFADeviceDeleted = t.TypeOf<typeof VirtualMFADeviceDeleted>

/** A user's device it is from now on. The codes of `step` and of the step before are used up. */
export const MFADeviceBound = t.strict(
  {
    type: t.literal('MFADeviceBound'),
    deviceId: MFADeviceId,
    deviceName: VirtualMFADeviceName,
    userId: UserId,
    /** Which 30 seconds since the epoch the later code stands for. */
    step: t.number,
  },
  'MFADeviceBound',
)
export type MFADeviceBound = t.TypeOf<typeof MFADeviceBound>

/** A device is bound to nobody any more; its used codes stay used. */
export const MFADeviceUnbound = t.strict(
  {
    type: t.literal('MFADeviceUnbound'),
    deviceId: MFADeviceId,
    deviceName: VirtualMFADeviceName,
    userId: UserId,
  },
  'MFADeviceUnbound',
)
export type MFADeviceUnbound = t.TypeOf<typeof MFADeviceUnbound>

/** A user showed a right code of its device. It and all earlier ones are used up. */
export const AuthenticationCodeAccepted = t.strict(
  {
    type: t.literal('AuthenticationCodeAccepted'),
    deviceId: MFADeviceId,
    userId: UserId,
    /** Which 30 seconds since the epoch the code stands for. */
    step: t.number,
  },
  'AuthenticationCodeAccepted',
)
export type AuthenticationCodeAccepted = t.TypeOf<typeof AuthenticationCodeAccepted>

/** A code shown for a user was wrong or used up. After several in a row the user is locked. */
export const AuthenticationCodeRejected = t.intersection(
  [
    t.strict({
      type: t.literal('AuthenticationCodeRejected'),
      userId: UserId,
      /** How many there were since the last right one, with this one. */
      wrongInRow: t.number,
    }),
    /** Until when no code of the user is looked at. Milliseconds, UTC. */
    t.exact(t.partial({ lockedUntil: t.number })),
  ],
  'AuthenticationCodeRejected',
)
export type AuthenticationCodeRejected = t.TypeOf<typeof AuthenticationCodeRejected>
