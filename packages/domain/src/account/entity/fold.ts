/** What the account remembers of the entities that it was told of. */
import type { OpenAccountState } from '../state.js'
import { entityKeyOf } from '../state.js'
import type { EntityRegistered, EntityRemoved, EntityUpdated } from './events.js'

export const foldEntity = (
  account: OpenAccountState,
  event: EntityRegistered | EntityUpdated | EntityRemoved,
): OpenAccountState => {
  switch (event.type) {
    case 'EntityRegistered':
      return registered(account, event)
    case 'EntityUpdated':
      return updated(account, event)
    case 'EntityRemoved':
      return removed(account, event)
  }
}

const registered = (account: OpenAccountState, event: EntityRegistered): OpenAccountState => {
  const { type: _, ...entity } = event
  if (account.entities.has(entity.entityId)) return account
  return {
    ...account,
    entities: account.entities.set(entity.entityId, entity),
    entityIds: account.entityIds.set(entityKeyOf(entity), entity.entityId),
  }
}

const updated = (account: OpenAccountState, event: EntityUpdated): OpenAccountState => {
  const entity = account.entities.get(event.entityId)
  if (entity === undefined) return account
  const { entityId, kind, entityType, name } = entity
  const { type: _, ...content } = event
  return {
    ...account,
    entities: account.entities.set(entityId, { kind, entityType, name, ...content }),
  }
}

const removed = (account: OpenAccountState, { entityId }: EntityRemoved): OpenAccountState => {
  const entity = account.entities.get(entityId)
  if (entity === undefined) return account
  return {
    ...account,
    entities: account.entities.delete(entityId),
    entityIds: account.entityIds.delete(entityKeyOf(entity)),
  }
}
