/**
 * `/v1/entities`: the subjects, resources and actions of applications that AuthZEN asks about,
 * registered with their properties and removed.
 */
import { PutEntitiesAnswer, RemoveEntitiesAnswer } from '@grantlog/client/shapes'
import type { EntityGiven, EntityId, PrincipalName } from '@grantlog/domain'
import type { Engine, EngineError, Executed } from '@grantlog/engine'
import { entityAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type KnownEntities, knownEntities, sealProperties } from '../authzen/known-entities.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import type { RouteAbout } from './about.js'
import {
  ENTITIES_BODY_BYTES_MAX,
  ENTITY_RESOURCE,
  type EntityToPut,
  entitiesToPut,
  entitiesToRemove,
  entityResource,
  PUT_ENTITIES_BODY,
  PutEntitiesBody,
  REMOVE_ENTITIES_BODY,
  RemoveEntitiesBody,
} from './entities-body.js'
import { LIST_ENTITIES_ROUTE } from './entity-list.js'
import type { ReadFault } from './problem.js'
import type { ReadAnswer, Route } from './route.js'

/** The moment at which the command that is prepared rests on what it knows. */
const present = ({ status }: Engine): number => status().applied

const newEntityId = ({ ids }: Engine): EntityId => `e-${ids.uuid().replaceAll('-', '')}` as EntityId

/**
 * The entity with its properties sealed. One that is known keeps its id, and the sealed text when
 * that says the same: so what is loaded again changes nothing.
 */
const sealed =
  ({ engine, caller }: Scene, entities: KnownEntities) =>
  async (entity: EntityToPut): Promise<E.Either<EngineError, EntityGiven>> => {
    const { properties, pointer: _, ...rest } = entity
    const { accountId } = caller
    const known = entityAt(engine.views.entities, { accountId, ...rest }, present(engine))
    const entityId = known?.entityId ?? newEntityId(engine)
    if (properties === undefined) return E.right({ entityId, ...rest })
    if (known?.properties !== undefined) {
      const clear = await entities.clearText(known)
      if (E.isLeft(clear)) return clear
      if (clear.right === properties)
        return E.right({ entityId, ...rest, properties: known.properties })
    }
    const text = await sealProperties(engine, accountId, entityId, properties)()
    return E.isLeft(text) ? text : E.right({ entityId, ...rest, properties: text.right })
  }

const countOf = ({ events }: Executed, type: Executed['events'][number]['type']): number =>
  events.filter((event) => event.type === type).length

/** Of whom nobody is called so, where the body names them; any other fault as it is. */
const named = (fault: Fault, toPut: ReadonlyArray<EntityToPut>): Fault | ReadFault => {
  if (fault.type !== 'UserNotFound' && fault.type !== 'RoleNotFound') return fault
  const isMissing = (principal: PrincipalName): boolean =>
    fault.type === 'UserNotFound'
      ? principal.type === 'User' && principal.userName === fault.userName
      : principal.type === 'Role' && principal.roleName === fault.roleName
  for (const { actsAs, pointer } of toPut)
    for (const [index, principal] of actsAs.entries())
      if (isMissing(principal))
        return { type: 'ActingNotFound', principal, pointer: `${pointer}/actsAs/${index}` }
  return fault
}

const put = (
  scene: Scene,
  toPut: ReadonlyArray<EntityToPut>,
): TE.TaskEither<Fault | ReadFault, ReadAnswer> => {
  const { engine, caller, circumstances } = scene
  const seal = sealed(scene, knownEntities(engine))
  return async () => {
    const entities: Array<EntityGiven> = []
    for (const entity of toPut) {
      const given = await seal(entity)
      if (E.isLeft(given)) return given
      entities.push(given.right)
    }
    const command = { type: 'PutEntities', entities } as const
    const executed = await engine.execute(caller.accountId, command, circumstances)()
    if (E.isLeft(executed)) return E.left(named(executed.left, toPut))
    const registered = countOf(executed.right, 'EntityRegistered')
    const updated = countOf(executed.right, 'EntityUpdated')
    const unchanged = entities.length - registered - updated
    const { position } = executed.right
    const body = { registered, updated, unchanged, position, applied: engine.status().applied }
    return E.right({ body, position })
  }
}

const PUT_ABOUT: RouteAbout = {
  path: '/v1/entities',
  does: 'Registers subjects, resources and actions, or replaces what is known of them: all, or none.',
  permission: { action: 'grantlog:PutEntities', resource: ENTITY_RESOURCE },
  query: [],
  body: PUT_ENTITIES_BODY,
  shapes: { answer: PutEntitiesAnswer, body: PutEntitiesBody },
  answer: {
    registered: 'How many are new.',
    updated: 'How many were known, and are replaced.',
    unchanged: 'How many were known just so.',
    position: 'The position of the last event.',
    applied: 'The last position of the whole log that this node had applied when it answered.',
  },
  example: {},
}

const putRoute: Route = {
  method: 'POST',
  isCommand: true,
  bodyBytesMax: ENTITIES_BODY_BYTES_MAX,
  about: PUT_ABOUT,
  prepare: (call, _, { caller }) => {
    const sent = entitiesToPut(call, caller.accountId)
    if (E.isLeft(sent)) return sent
    const { entities, notes } = sent.right
    return E.right({
      action: 'grantlog:PutEntities',
      resource: entityResource(caller.accountId),
      onRecord: 'Refusals',
      notes,
      run: (scene) => put(scene, entities),
    })
  },
}

const REMOVE_ABOUT: RouteAbout = {
  path: '/v1/entities/remove',
  does: 'Removes subjects, resources and actions: all that are named, or none.',
  permission: { action: 'grantlog:RemoveEntities', resource: ENTITY_RESOURCE },
  query: [],
  body: REMOVE_ENTITIES_BODY,
  shapes: { answer: RemoveEntitiesAnswer, body: RemoveEntitiesBody },
  answer: {
    removed: 'How many were removed.',
    position: 'The position of the last event.',
    applied: 'The last position of the whole log that this node had applied when it answered.',
  },
  example: {},
}

const removeRoute: Route = {
  method: 'POST',
  isCommand: true,
  bodyBytesMax: ENTITIES_BODY_BYTES_MAX,
  about: REMOVE_ABOUT,
  prepare: (call, _, { caller }) => {
    const sent = entitiesToRemove(call)
    if (E.isLeft(sent)) return sent
    const { entities, notes } = sent.right
    const command = { type: 'RemoveEntities', entities } as const
    return E.right({
      action: 'grantlog:RemoveEntities',
      resource: entityResource(caller.accountId),
      onRecord: 'Refusals',
      notes,
      run: ({ engine, circumstances }) =>
        pipe(
          engine.execute(caller.accountId, command, circumstances),
          TE.map(({ events, position }): ReadAnswer => {
            const applied = engine.status().applied
            return { position, body: { removed: events.length, position, applied } }
          }),
        ),
    })
  },
}

export const ENTITY_ROUTES: ReadonlyArray<Route> = [putRoute, LIST_ENTITIES_ROUTE, removeRoute]
