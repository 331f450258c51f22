/**
 * Entities of the outside at every position: which were registered, with which sealed properties,
 * and as whom a subject acts.
 *
 * Invariant: an answer at position p equals that of a fold over the events up to p, for every p.
 * Cost: O(1) per event, O(log of its own changes) per look-up of one entity.
 */
import {
  type EntityId,
  type EntityKind,
  type EntityName,
  type EntityRegistered,
  type EntityRemoved,
  type EntityType,
  type EntityUpdated,
  isSideEvent,
  type PrincipalRef,
  type Recorded,
  type Sealed,
} from '@grantlog/domain'
import { type Interval, type Intervals, intervals } from '../history/intervals.js'
import { type NameHistory, nameHistory } from '../history/names.js'
import { entityKey } from '../keys.js'
import type { Table } from '../table.js'
import type { View } from '../view.js'

export type EntityRow = {
  readonly accountId: string
  readonly entityId: EntityId
  readonly kind: EntityKind
  readonly entityType: EntityType
  readonly name: EntityName
  readonly actsAs: ReadonlyArray<PrincipalRef>
  readonly properties?: Sealed
}

export type EntitiesState = {
  readonly tables: { readonly entities: Table<Interval<EntityRow>> }
  readonly entities: Intervals<EntityRow, 'type'>
  readonly names: NameHistory<EntityRow>
}

type Typed = Pick<EntityRow, 'accountId' | 'kind'> & { readonly entityType: string }
type Named = Typed & { readonly name: string }

/** Types hold no '/', so no two types read alike; neither do two names of one type. */
const typeKey = ({ accountId, kind, entityType }: Typed): string =>
  `${accountId}/${kind}/${entityType}`
const nameKeyOf = (named: Named): string => `${typeKey(named)}/${named.name}`

const emptyEntities = (): EntitiesState => {
  const names = nameHistory<EntityRow>(nameKeyOf)
  const entities = intervals<EntityRow, 'type'>({ type: typeKey }, [names])
  return { tables: { entities: entities.rows }, entities, names }
}

const apply = (state: EntitiesState, recorded: Recorded): EntitiesState => {
  const { event } = recorded
  if (isSideEvent(event)) return state
  switch (event.type) {
    case 'EntityRegistered':
    case 'EntityUpdated':
    case 'EntityRemoved':
      return applyToEntity(state, event, recorded)
    case 'AccountCreated':
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeleted':
    case 'AccessKeyCreated':
    case 'AccessKeyStatusChanged':
    case 'AccessKeyDeleted':
    case 'GroupCreated':
    case 'GroupUpdated':
    case 'GroupDeleted':
    case 'UserAddedToGroup':
    case 'UserRemovedFromGroup':
    case 'RoleCreated':
    case 'RoleUpdated':
    case 'RoleTrustChanged':
    case 'RoleDeleted':
    case 'PolicyCreated':
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyDescriptionUpdated':
    case 'PolicyVersionDeleted':
    case 'PolicyDeleted':
    case 'PolicyAttached':
    case 'PolicyDetached':
    case 'AccessRecordingChanged':
    case 'RoleAssumed':
    case 'RoleAssumptionRefused':
    case 'SessionRevoked':
    case 'CredentialIssued':
    case 'CredentialExpired':
    case 'AccessRecorded':
    case 'AccessRecordsLost':
    case 'AccessKeyUsed':
      return state
  }
}

const applyToEntity = (
  state: EntitiesState,
  event: EntityRegistered | EntityUpdated | EntityRemoved,
  { accountId, position }: Recorded,
): EntitiesState => {
  const { entities } = state
  const subject = entityKey(accountId, event.entityId)
  switch (event.type) {
    case 'EntityRegistered': {
      const { type: _, ...entity } = event
      if (entities.of(subject).length === 0)
        entities.open(subject, { accountId, ...entity }, position)
      return state
    }
    case 'EntityUpdated': {
      const known = entities.current(subject)?.value
      if (known === undefined) return state
      const { kind, entityType, name } = known
      const { type: _, ...content } = event
      entities.open(subject, { accountId, kind, entityType, name, ...content }, position)
      return state
    }
    case 'EntityRemoved':
      entities.close(subject, position)
      return state
  }
}

export const entitiesView: View<EntitiesState> = {
  name: 'entities',
  version: 1,
  empty: emptyEntities,
  apply,
  reindex: (state) => {
    state.names.clear()
    state.entities.reindex()
    return state
  },
}

/** Who bore the name at a position; names see case. */
export const entityAt = (
  { entities, names }: EntitiesState,
  named: Named,
  position: number,
): EntityRow | undefined => {
  const subject = names.lastBearer(nameKeyOf(named), position)
  return subject === undefined ? undefined : entities.at(subject, position)?.value
}

/** The entity with an immutable id, as it was at a position. */
export const entityByIdAt = (
  { entities }: EntitiesState,
  accountId: string,
  entityId: string,
  position: number,
): EntityRow | undefined => entities.at(entityKey(accountId, entityId), position)?.value

/** All entities of one kind and type at a position, by name in code units. */
export const entitiesOfTypeAt = (
  { entities }: EntitiesState,
  typed: Typed,
  position: number,
): ReadonlyArray<EntityRow> => {
  const found: Array<EntityRow> = []
  for (const subject of entities.subjects('type', typeKey(typed))) {
    const entity = entities.at(subject, position)?.value
    if (entity !== undefined) found.push(entity)
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The types of a kind that entities of an account ever had, in order. */
export const entityTypes = (
  { tables }: EntitiesState,
  { accountId, kind }: Pick<EntityRow, 'accountId' | 'kind'>,
): ReadonlyArray<EntityType> => {
  const types = new Set<EntityType>()
  for (const [, { value }] of tables.entities.entries())
    if (value.accountId === accountId && value.kind === kind) types.add(value.entityType)
  return [...types].sort()
}
