/** The first shape of the event of a device, which did not tell who made it. Kept for ever. */
import type * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { MFADeviceId, SecretRef, VirtualMFADeviceName } from '../../names.js'
import type { VirtualMFADeviceCreated } from './events.js'

/** Version 1 of VirtualMFADeviceCreated. */
export const VirtualMFADeviceCreatedV1 = t.strict(
  {
    type: t.literal('VirtualMFADeviceCreated'),
    deviceId: MFADeviceId,
    deviceName: VirtualMFADeviceName,
    secretRef: SecretRef,
  },
  'VirtualMFADeviceCreatedV1',
)

/** A device of version 1 counts as made by somebody who was permitted to make it. */
export const readVirtualMFADeviceCreatedV1 = (
  data: unknown,
): E.Either<t.Errors, VirtualMFADeviceCreated> => VirtualMFADeviceCreatedV1.decode(data)
