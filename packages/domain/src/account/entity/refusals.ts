/** Why a command about entities may be refused, in checking order; links are looked up first. */
import * as t from 'io-ts'
import { EntityKind, EntityName, EntityType } from './limits.js'

const named = { kind: EntityKind, entityType: EntityType, name: EntityName }

/** No entity of this kind and type is registered under this name. */
export const EntityNotFound = t.strict(
  { type: t.literal('EntityNotFound'), ...named },
  'EntityNotFound',
)
export type EntityNotFound = t.TypeOf<typeof EntityNotFound>

/** The entity was registered or replaced by another while the command was prepared. */
export const EntityConflict = t.strict(
  { type: t.literal('EntityConflict'), ...named },
  'EntityConflict',
)
export type EntityConflict = t.TypeOf<typeof EntityConflict>

/** The account holds as many entities as it may. */
export const EntityLimitExceeded = t.strict(
  { type: t.literal('EntityLimitExceeded'), limit: t.number },
  'EntityLimitExceeded',
)
export type EntityLimitExceeded = t.TypeOf<typeof EntityLimitExceeded>
