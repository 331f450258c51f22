/**
 * In which version each event is written, and how those of older versions are read: the one list of
 * changed shapes.
 */
import type * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import {
  readAccessRecordedV1,
  readAccessRecordedV2,
  readAccessRecordedV3,
} from './access/legacy.js'
import { readVirtualMFADeviceCreatedV1 } from './account/mfa/legacy.js'
import { readRoleCreatedV1, readRoleTrustChangedV1 } from './account/role/legacy.js'
import { type DomainEvent, type DomainEventType, EventCodecs } from './event.js'
import { readRoleAssumedV1 } from './session/legacy.js'
import { readSignedInV1 } from './sign-in/legacy.js'

type Read = (data: unknown) => E.Either<t.Errors, DomainEvent>

/** For each type that has changed, how its old versions are read, from version 1 on. */
const OLD_SHAPES: { readonly [Type in DomainEventType]?: ReadonlyArray<Read> } = {
  AccessRecorded: [readAccessRecordedV1, readAccessRecordedV2, readAccessRecordedV3],
  RoleCreated: [readRoleCreatedV1],
  RoleTrustChanged: [readRoleTrustChangedV1],
  RoleAssumed: [readRoleAssumedV1],
  SignedIn: [readSignedInV1],
  VirtualMFADeviceCreated: [readVirtualMFADeviceCreatedV1],
}

/** The version in which events of a type are written. */
export const schemaVersionOf = (type: DomainEventType): number =>
  1 + (OLD_SHAPES[type]?.length ?? 0)

/** How data of a version, with the type in it, become an event; undefined for one not known. */
export const readerOf = (type: DomainEventType, schemaVersion: number): Read | undefined =>
  schemaVersion === schemaVersionOf(type)
    ? (data) => EventCodecs[type].decode(data)
    : OLD_SHAPES[type]?.[schemaVersion - 1]
