/** What can have happened to an entity of the outside. Stored for ever. */
import * as t from 'io-ts'
import { RoleId, Sealed, UserId } from '../../names.js'
import { EntityId, EntityKind, EntityName, EntityType } from './limits.js'

/** A user or a role, by its immutable id. */
export const PrincipalRef = t.union(
  [
    t.strict({ type: t.literal('User'), userId: UserId }),
    t.strict({ type: t.literal('Role'), roleId: RoleId }),
  ],
  'PrincipalRef',
)
export type PrincipalRef = t.TypeOf<typeof PrincipalRef>

/** What may change of an entity: its sealed properties, and whose permissions a subject has. */
const content = [
  t.strict({ actsAs: t.readonlyArray(PrincipalRef) }),
  t.exact(t.partial({ properties: Sealed })),
] as const

/** An entity is known from now on, and can be found by searches. */
export const EntityRegistered = t.intersection(
  [
    t.strict({
      type: t.literal('EntityRegistered'),
      entityId: EntityId,
      kind: EntityKind,
      entityType: EntityType,
      name: EntityName,
    }),
    ...content,
  ],
  'EntityRegistered',
)
export type EntityRegistered = t.TypeOf<typeof EntityRegistered>

/** All that is known of an entity was replaced; absent properties are none. */
export const EntityUpdated = t.intersection(
  [t.strict({ type: t.literal('EntityUpdated'), entityId: EntityId }), ...content],
  'EntityUpdated',
)
export type EntityUpdated = t.TypeOf<typeof EntityUpdated>

/** An entity is no longer known. A later one of that name is another. */
export const EntityRemoved = t.strict(
  { type: t.literal('EntityRemoved'), entityId: EntityId },
  'EntityRemoved',
)
export type EntityRemoved = t.TypeOf<typeof EntityRemoved>
