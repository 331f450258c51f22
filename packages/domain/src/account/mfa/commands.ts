/**
 * What may be asked about virtual MFA devices and their codes. The seed stays in the vault: whoever
 * gives a command has compared the code already, and says which step of time it stands for.
 */
import * as t from 'io-ts'
import { MFADeviceId, SecretRef, UserId, UserName, VirtualMFADeviceName } from '../../names.js'

/** The step that a code stands for; null when it stands for none that is accepted at that time. */
const CodeStep = t.union([t.number, t.null])

/** Makes a device, bound to nobody. */
export const CreateVirtualMFADevice = t.intersection(
  [
    t.strict({
      type: t.literal('CreateVirtualMFADevice'),
      deviceId: MFADeviceId,
      deviceName: VirtualMFADeviceName,
      secretRef: SecretRef,
    }),
    /** The user that makes it for itself without a permission to make devices. */
    t.exact(t.partial({ ownerId: UserId })),
  ],
  'CreateVirtualMFADevice',
)
export type CreateVirtualMFADevice = t.TypeOf<typeof CreateVirtualMFADevice>

/** Deletes a device that is bound to nobody. */
export const DeleteVirtualMFADevice = t.intersection(
  [
    t.strict({ type: t.literal('DeleteVirtualMFADevice'), deviceName: VirtualMFADeviceName }),
    /** The user that may delete what it made itself; any other device is not found. */
    t.exact(t.partial({ ownerId: UserId })),
  ],
  'DeleteVirtualMFADevice',
)
export type DeleteVirtualMFADevice = t.TypeOf<typeof DeleteVirtualMFADevice>

/** Binds a device to a user who has shown two codes in a row. Wrong codes are counted. */
export const BindMFADevice = t.intersection(
  [
    t.strict({
      type: t.literal('BindMFADevice'),
      userName: UserName,
      deviceName: VirtualMFADeviceName,
      /** The step of the second code, when the first one stands for the step before. */
      step: CodeStep,
      /** When the codes were shown. Milliseconds, UTC. */
      at: t.number,
    }),
    /** Whose seed the codes were compared with; another holder of the name is not found. */
    t.exact(t.partial({ deviceId: MFADeviceId })),
  ],
  'BindMFADevice',
)
export type BindMFADevice = t.TypeOf<typeof BindMFADevice>

/**
 * Makes a device and binds it to a user who signs in and has shown two codes in a row of its seed:
 * both or neither. Wrong codes are counted.
 */
export const EnrolMFADevice = t.strict(
  {
    type: t.literal('EnrolMFADevice'),
    userName: UserName,
    userId: UserId,
    /** The password that was shown; once it is another one, nothing is bound for it. */
    passwordRef: SecretRef,
    deviceId: MFADeviceId,
    deviceName: VirtualMFADeviceName,
    secretRef: SecretRef,
    /** The step of the second code, when the first one stands for the step before. */
    step: CodeStep,
    /** When the codes were shown. Milliseconds, UTC. */
    at: t.number,
  },
  'EnrolMFADevice',
)
export type EnrolMFADevice = t.TypeOf<typeof EnrolMFADevice>

/** When a user asks it for its own device: not while its codes are locked. Milliseconds, UTC. */
const OWN_AT = t.exact(t.partial({ ownAt: t.number }))

/**
 * Takes a user's device away from it, and deletes it where it was made by an enrolment. What was
 * counted against the user is forgotten.
 */
export const UnbindMFADevice = t.intersection(
  [t.strict({ type: t.literal('UnbindMFADevice'), userName: UserName }), OWN_AT],
  'UnbindMFADevice',
)
export type UnbindMFADevice = t.TypeOf<typeof UnbindMFADevice>

/** Takes a user's device away from it and deletes it, both or neither. */
export const DisableVirtualMFA = t.intersection(
  [t.strict({ type: t.literal('DisableVirtualMFA'), userName: UserName }), OWN_AT],
  'DisableVirtualMFA',
)
export type DisableVirtualMFA = t.TypeOf<typeof DisableVirtualMFA>

/** A user shows a code of its device: it is used up, or counted as wrong. */
export const UseAuthenticationCode = t.strict(
  {
    type: t.literal('UseAuthenticationCode'),
    userId: UserId,
    /** Whose seed the code was compared with. */
    deviceId: MFADeviceId,
    step: CodeStep,
    /** When the code was shown. Milliseconds, UTC. */
    at: t.number,
  },
  'UseAuthenticationCode',
)
export type UseAuthenticationCode = t.TypeOf<typeof UseAuthenticationCode>
