/** What may be asked about entities of the outside. */
import * as t from 'io-ts'
import { RoleName, Sealed, UserName } from '../../names.js'
import {
  ACTS_AS_MAX,
  ENTITIES_PER_COMMAND_MAX,
  EntityId,
  EntityKind,
  EntityName,
  EntityType,
} from './limits.js'

/** A user or a role, by name. */
export const PrincipalName = t.union(
  [
    t.strict({ type: t.literal('User'), userName: UserName }),
    t.strict({ type: t.literal('Role'), roleName: RoleName }),
  ],
  'PrincipalName',
)
export type PrincipalName = t.TypeOf<typeof PrincipalName>

const named = { kind: EntityKind, entityType: EntityType, name: EntityName }

/** Names an entity as applications do. */
export const EntityRef = t.strict(named, 'EntityRef')
export type EntityRef = t.TypeOf<typeof EntityRef>

const hasAtMost =
  (max: number) =>
  (all: ReadonlyArray<unknown>): boolean =>
    all.length <= max

/** An entity as it is to be; its properties are sealed under its id. */
export const EntityGiven = t.intersection(
  [
    t.strict({
      entityId: EntityId,
      ...named,
      actsAs: t.refinement(t.readonlyArray(PrincipalName), hasAtMost(ACTS_AS_MAX), 'ActsAs'),
    }),
    t.exact(t.partial({ properties: Sealed })),
  ],
  'EntityGiven',
)
export type EntityGiven = t.TypeOf<typeof EntityGiven>

const listOf = <A>(codec: t.Type<A, unknown>, name: string) =>
  t.refinement(t.readonlyArray(codec), hasAtMost(ENTITIES_PER_COMMAND_MAX), name)

/** Entities as they are to be, at most 1,000 of them. */
export const EntitiesGiven = listOf(EntityGiven, 'EntitiesGiven')

/** Entities by name, at most 1,000 of them. */
export const EntityRefs = listOf(EntityRef, 'EntityRefs')

/** Registers entities, or replaces what is known of them: all of them, or none. */
export const PutEntities = t.strict(
  { type: t.literal('PutEntities'), entities: EntitiesGiven },
  'PutEntities',
)
export type PutEntities = t.TypeOf<typeof PutEntities>

/** Removes entities: all of them, or none. */
export const RemoveEntities = t.strict(
  { type: t.literal('RemoveEntities'), entities: EntityRefs },
  'RemoveEntities',
)
export type RemoveEntities = t.TypeOf<typeof RemoveEntities>
