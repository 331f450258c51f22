/** Which entities may be registered, replaced and removed. */
import * as E from 'fp-ts/lib/Either.js'
import type { Decision } from '../../decider.js'
import { accept, refuse } from '../../decider.js'
import type { AccountEvent } from '../../event.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision, AccountRefusal } from '../refusal.js'
import type { EntityRecord, OpenAccountState } from '../state.js'
import { entityKeyOf, roleNamed, userNamed } from '../state.js'
import type { EntityGiven, PrincipalName, PutEntities, RemoveEntities } from './commands.js'
import type { PrincipalRef } from './events.js'

/**
 * An entity that is known keeps its id: under that its properties were to be sealed. Of two that
 * name the same entity the second finds it taken.
 */
export const putEntities = (
  { entities }: PutEntities,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const events: Array<AccountEvent> = []
  const registered = new Set<string>()
  for (const given of entities) {
    const decision = putEntity(given, account, registered)
    if (E.isLeft(decision)) return decision
    events.push(...decision.right)
    registered.add(entityKeyOf(given)).add(given.entityId)
  }
  const added = events.filter(({ type }) => type === 'EntityRegistered').length
  return added > 0 && account.entities.size + added > quotas.entitiesPerAccount
    ? refuse({ type: 'EntityLimitExceeded', limit: quotas.entitiesPerAccount })
    : accept(...events)
}

const putEntity = (
  given: EntityGiven,
  account: OpenAccountState,
  taken: ReadonlySet<string>,
): Decision<AccountEvent, AccountRefusal> => {
  const { entityId, kind, entityType, name, properties } = given
  const linked = principalsNamed(given.actsAs, account)
  if (E.isLeft(linked)) return linked
  const actsAs = linked.right
  const sealed = properties === undefined ? {} : { properties }
  const key = entityKeyOf(given)
  const knownId = account.entityIds.get(key)
  const isTaken = taken.has(key) || taken.has(entityId)
  if (isTaken || (knownId ?? entityId) !== entityId)
    return refuse({ type: 'EntityConflict', kind, entityType, name })
  const known = account.entities.get(entityId)
  if (known === undefined)
    return accept({ type: 'EntityRegistered', entityId, kind, entityType, name, actsAs, ...sealed })
  if (entityKeyOf(known) !== key) return refuse({ type: 'EntityConflict', kind, entityType, name })
  return isSame(known, { actsAs, ...sealed })
    ? accept()
    : accept({ type: 'EntityUpdated', entityId, actsAs, ...sealed })
}

type Content = Pick<EntityRecord, 'actsAs' | 'properties'>

const isSame = (known: Content, given: Content): boolean =>
  known.properties === given.properties &&
  JSON.stringify(known.actsAs) === JSON.stringify(given.actsAs)

/** Those whom the names mean now, in one order; a name given twice counts once. */
const principalsNamed = (
  names: ReadonlyArray<PrincipalName>,
  account: OpenAccountState,
): E.Either<AccountRefusal, ReadonlyArray<PrincipalRef>> => {
  const found = new Map<string, PrincipalRef>()
  for (const named of names) {
    const principal = principalNamed(named, account)
    if (E.isLeft(principal)) return principal
    found.set(JSON.stringify(principal.right), principal.right)
  }
  return E.right([...found.keys()].sort().flatMap((key) => found.get(key) ?? []))
}

const principalNamed = (
  named: PrincipalName,
  account: OpenAccountState,
): E.Either<AccountRefusal, PrincipalRef> => {
  switch (named.type) {
    case 'User': {
      const user = userNamed(account, named.userName)
      return user === undefined
        ? E.left({ type: 'UserNotFound', userName: named.userName })
        : E.right({ type: 'User', userId: user.userId })
    }
    case 'Role': {
      const role = roleNamed(account, named.roleName)
      return role === undefined
        ? E.left({ type: 'RoleNotFound', roleName: named.roleName })
        : E.right({ type: 'Role', roleId: role.roleId })
    }
  }
}

/** One that is named twice is removed once. */
export const removeEntities = (
  { entities }: RemoveEntities,
  account: OpenAccountState,
): AccountDecision => {
  const removed = new Set<EntityRecord['entityId']>()
  for (const { kind, entityType, name } of entities) {
    const entityId = account.entityIds.get(entityKeyOf({ kind, entityType, name }))
    if (entityId === undefined) return refuse({ type: 'EntityNotFound', kind, entityType, name })
    removed.add(entityId)
  }
  return accept(...[...removed].map((entityId) => ({ type: 'EntityRemoved', entityId }) as const))
}
