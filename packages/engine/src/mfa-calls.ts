/** What can be asked of the engine about MFA devices and their codes. Types alone. */
import type {
  AccountId,
  AccountRefusal,
  SecretRef,
  UserId,
  UserName,
  VirtualMFADeviceName,
} from '@grantlog/domain'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Circumstances, EngineError, Executed } from './engine-error.js'
import type { Position } from './ports.js'

type Answered<A> = TE.TaskEither<AccountRefusal | EngineError, A>

/** A new device. The seed is in the answer and nowhere else in clear. */
export type IssuedMFADevice = {
  readonly deviceName: VirtualMFADeviceName
  /** Base32. */
  readonly seed: string
  readonly executed: Executed
}

/** Whether a code was accepted. A locked user's code is not looked at. */
export type CodeVerdict = 'Accepted' | 'Refused' | 'Locked'

/** A device, and the user for whom it is its own that needs no permission, if that is so. */
export type OwnedDevice = {
  readonly deviceName: VirtualMFADeviceName
  readonly ownerId?: UserId
}

export type MFACalls = {
  readonly createVirtualMFADevice: (
    accountId: AccountId,
    device: OwnedDevice,
    circumstances: Circumstances,
  ) => Answered<IssuedMFADevice>
  readonly deleteVirtualMFADevice: (
    accountId: AccountId,
    device: OwnedDevice,
    circumstances: Circumstances,
  ) => Answered<Executed>
  /** Takes a user's device away from it; one that an enrolment made is deleted with its seed. */
  readonly unbindMFADevice: (
    accountId: AccountId,
    named: { readonly userName: UserName; readonly ownAt?: number },
    circumstances: Circumstances,
  ) => Answered<Executed>
  /**
   * Takes a user's device away from it, and deletes it with its seed. `ownAt`: when the user asks
   * for it itself.
   */
  readonly disableVirtualMFA: (
    accountId: AccountId,
    named: { readonly userName: UserName; readonly ownAt?: number },
    circumstances: Circumstances,
  ) => Answered<Executed>
  /** Binds a device to a user who shows two codes in a row, and uses both up. */
  readonly bindMFADevice: (
    accountId: AccountId,
    binding: {
      readonly userName: UserName
      readonly deviceName: VirtualMFADeviceName
      readonly codes: readonly [string, string]
    },
    circumstances: Circumstances,
  ) => Answered<Executed>
  /**
   * Where in the log the device of a user was bound to it, which tells a binding from every other;
   * undefined for a user without one, who need show no codes.
   */
  readonly mfaBindingOf: (accountId: AccountId, userId: UserId) => Position | undefined
  /**
   * Makes a device of a seed and binds it to a user who shows two codes of it in a row; nothing is
   * made for others.
   */
  readonly enrolMFADevice: (
    accountId: AccountId,
    enrolment: {
      readonly userId: UserId
      readonly userName: UserName
      /** The password that the user showed. */
      readonly passwordRef: SecretRef
      /** Base32. */
      readonly seed: string
      readonly codes: readonly [string, string]
    },
    circumstances: Circumstances,
  ) => Answered<Executed>
  /**
   * One code of a user's device: used up when it is right, counted when it is not. A user without a
   * device has no right code.
   */
  readonly checkAuthenticationCode: (
    shown: { readonly accountId: AccountId; readonly userId: UserId; readonly code: string },
    circumstances: Circumstances,
  ) => TE.TaskEither<EngineError, CodeVerdict>
}
