/** Entities in random lives of an account: each with an id of its own, as in the product. */
import type { AccountCommand } from '../account/command.js'
import type { EntityId } from '../account/entity/limits.js'
import { entityKeyOf } from '../account/state.js'
import { entityIdOf } from './samples.js'

/** By name, the ids under which entities were put; one that is removed comes back as another. */
export type EntityIds = Map<string, EntityId>

/** The command with the ids that its entities have, or with new ones. */
export const numberedEntities = (
  command: Extract<AccountCommand, { readonly type: 'PutEntities' }>,
  position: number,
  ids: EntityIds,
): AccountCommand => {
  const entities = command.entities.map((entity, index) => {
    const key = entityKeyOf(entity)
    const entityId = ids.get(key) ?? entityIdOf(2 * position + index)
    ids.set(key, entityId)
    return { ...entity, entityId }
  })
  return { ...command, entities }
}
