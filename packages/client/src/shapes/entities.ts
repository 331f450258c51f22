/** The answers about registered subjects, resources and actions of applications. */
import * as t from 'io-ts'
import { Next, Position } from './parts.js'

/** Null when they were erased. */
const Properties = t.union([t.record(t.string, t.unknown), t.null])

const known = { entityId: t.string, properties: Properties }

/** `actsAs` has the ARNs of that moment; null for a principal that was gone. */
const NamedEntity = t.intersection(
  [
    t.type({ ...known, type: t.string, id: t.string }),
    t.partial({ actsAs: t.readonlyArray(t.union([t.string, t.null])) }),
  ],
  'NamedEntity',
)
const ActionEntity = t.type({ ...known, resourceType: t.string, name: t.string }, 'ActionEntity')

/** A subject or a resource, or else an action. */
export const ShownEntity = t.union([NamedEntity, ActionEntity], 'ShownEntity')
export type ShownEntity = t.TypeOf<typeof ShownEntity>

export const EntitiesAnswer = t.type(
  {
    entities: t.readonlyArray(ShownEntity),
    next: Next,
    position: Position,
    applied: Position,
  },
  'EntitiesAnswer',
)
export type EntitiesAnswer = t.TypeOf<typeof EntitiesAnswer>

export const PutEntitiesAnswer = t.type(
  {
    registered: t.number,
    updated: t.number,
    unchanged: t.number,
    position: Position,
    applied: Position,
  },
  'PutEntitiesAnswer',
)
export type PutEntitiesAnswer = t.TypeOf<typeof PutEntitiesAnswer>

export const RemoveEntitiesAnswer = t.type(
  { removed: t.number, position: Position, applied: Position },
  'RemoveEntitiesAnswer',
)
export type RemoveEntitiesAnswer = t.TypeOf<typeof RemoveEntitiesAnswer>
