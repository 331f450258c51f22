/**
 * How entities of the outside are named: subjects, resources and actions of applications, which
 * grantlog decides about and does not own.
 */
import * as t from 'io-ts'

export interface EntityIdBrand {
  readonly EntityId: unique symbol
}
/** Identifies a registered entity for ever. `e-` and 32 lower-case hex digits. */
export const EntityId = t.brand(
  t.string,
  (s): s is t.Branded<string, EntityIdBrand> => /^e-[0-9a-f]{32}$/.test(s),
  'EntityId',
)
export type EntityId = t.TypeOf<typeof EntityId>

/** What an entity is in a question: who, on what, or doing what. */
export const EntityKind = t.union(
  [t.literal('Subject'), t.literal('Resource'), t.literal('Action')],
  'EntityKind',
)
export type EntityKind = t.TypeOf<typeof EntityKind>

export interface EntityTypeBrand {
  readonly EntityType: unique symbol
}
/**
 * The type of a subject or a resource; of an action, that of the resources it is done to. 1 to 64
 * letters, digits, '.', '-', '_', and before them a service of the same spelling with a colon.
 */
export const EntityType = t.brand(
  t.string,
  (s): s is t.Branded<string, EntityTypeBrand> =>
    /^(?:[A-Za-z0-9._-]{1,64}:)?[A-Za-z0-9._-]{1,64}$/.test(s),
  'EntityType',
)
export type EntityType = t.TypeOf<typeof EntityType>

export interface EntityNameBrand {
  readonly EntityName: unique symbol
}
/** What an application calls an entity. 1 to 256 UTF-16 units without control characters. */
export const EntityName = t.brand(
  t.string,
  (s): s is t.Branded<string, EntityNameBrand> =>
    /^[^\p{Cc}\p{Cs}]{1,256}$/u.test(s) && s.length <= 256,
  'EntityName',
)
export type EntityName = t.TypeOf<typeof EntityName>

/** How many entities one command may register or remove. Unit: entities. Ours. */
export const ENTITIES_PER_COMMAND_MAX = 1000

/** How many principals one subject may act as. Unit: principals. Ours. */
export const ACTS_AS_MAX = 10
