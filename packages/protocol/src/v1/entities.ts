/**
 * `/v1/entities`: the subjects, resources and actions of applications that AuthZEN asks about,
 * registered with their properties, shown and removed.
 */
import { EntitiesAnswer, PutEntitiesAnswer, RemoveEntitiesAnswer } from '@grantlog/client/shapes'
import {
  type EntityGiven,
  type EntityId,
  type EntityKind,
  EntityName,
  EntityType,
} from '@grantlog/domain'
import { type Engine, type EngineError, type Executed, positionOf } from '@grantlog/engine'
import { type EntityRow, entitiesOfTypeAt, entityAt, roleByIdAt, userByIdAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type KnownEntities, knownEntities, sealProperties } from '../authzen/known-entities.js'
import type { Fault } from '../rpc/faults.js'
import { integer, named, needed, optional, text, withDefault } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import { BESIDE_AT, MOMENT_QUERY, member, type RouteAbout } from './about.js'
import {
  ENTITIES_BODY_BYTES_MAX,
  type EntityToPut,
  entitiesToPut,
  entitiesToRemove,
  PUT_ENTITIES_BODY,
  PutEntitiesBody,
  REMOVE_ENTITIES_BODY,
  RemoveEntitiesBody,
} from './entities-body.js'
import { momentOf } from './moment.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { ReadAnswer, Route } from './route.js'

const ENTITIES_MAX = 1000
const ENTITIES_DEFAULT = 100
const EXAMPLE_RESOURCE = 'acs:grantlog:*:<uid>:entity/*'

const entityResource = (accountId: string): string => `acs:grantlog:*:${accountId}:entity/*`

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
    const { properties, ...rest } = entity
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

const put = (scene: Scene, toPut: ReadonlyArray<EntityToPut>): TE.TaskEither<Fault, ReadAnswer> => {
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
    if (E.isLeft(executed)) return executed
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
  permission: { action: 'grantlog:PutEntities', resource: EXAMPLE_RESOURCE },
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
    const entities = entitiesToPut(call, caller.accountId)
    if (E.isLeft(entities)) return entities
    return E.right({
      action: 'grantlog:PutEntities',
      resource: entityResource(caller.accountId),
      onRecord: 'Refusals',
      run: (scene) => put(scene, entities.right),
    })
  },
}

const REMOVE_ABOUT: RouteAbout = {
  path: '/v1/entities/remove',
  does: 'Removes subjects, resources and actions: all that are named, or none.',
  permission: { action: 'grantlog:RemoveEntities', resource: EXAMPLE_RESOURCE },
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
  prepare: (call, _, { caller, engine, circumstances }) => {
    const entities = entitiesToRemove(call)
    if (E.isLeft(entities)) return entities
    const command = { type: 'RemoveEntities', entities: entities.right } as const
    return E.right({
      action: 'grantlog:RemoveEntities',
      resource: entityResource(caller.accountId),
      onRecord: 'Refusals',
      run: () =>
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

const KINDS = { subject: 'Subject', resource: 'Resource', action: 'Action' } as const

const LIST_ABOUT: RouteAbout = {
  path: '/v1/entities',
  does: 'Lists the registered entities of one kind and type, now or then, by name.',
  permission: { action: 'grantlog:ListEntities', resource: EXAMPLE_RESOURCE },
  query: [
    member.needed('kind', 'subject, resource or action', 'What they are.'),
    member.needed('type', 'a type', 'Their type; of actions, that of the resources.'),
    member.optional('id', 'a name of at most 256 characters', 'The one that is asked for alone.'),
    ...MOMENT_QUERY,
    member.optional(
      'after',
      'a name of at most 256 characters',
      'The name to go on after, exclusive: the `next` of the page before.',
    ),
    member.optional(
      'limit',
      `a whole number from 1 to ${ENTITIES_MAX}`,
      `How many entities at most; ${ENTITIES_DEFAULT} when absent.`,
    ),
  ],
  body: null,
  shapes: { answer: EntitiesAnswer },
  answer: {
    entities:
      'The entities by name: `entityId`, `type` and `id`, or `resourceType` and `name`, `properties`, ' +
      'null when they were erased, and `actsAs` where there is one.',
    next: 'What to give as `after` for the next page; null on the last.',
    position: 'The position that they were registered at.',
    applied: 'The last position of the whole log that this node had applied when it answered.',
  },
  example: { kind: 'subject', type: 'user', limit: '10' },
}

const LIST_QUERY = {
  kind: needed('kind', text(16)),
  type: needed('type', named(EntityType, 129)),
  id: optional('id', named(EntityName, 256)),
  at: optional('at', text(40)),
  token: optional('position', text(1024)),
  after: optional('after', named(EntityName, 256)),
  limit: withDefault(optional('limit', integer(1, ENTITIES_MAX)), ENTITIES_DEFAULT),
}

type Members = Readonly<Record<string, unknown>>

/** The ARN of a link under the name of that moment; undefined when the principal was gone. */
const arnOf = (
  { views }: Engine,
  { accountId }: EntityRow,
  ref: EntityRow['actsAs'][number],
  position: number,
): string | undefined => {
  switch (ref.type) {
    case 'User': {
      const user = userByIdAt(views.history, accountId, ref.userId, position)
      return user && `acs:ram::${accountId}:user/${user.userName}`
    }
    case 'Role': {
      const role = roleByIdAt(views.history, accountId, ref.roleId, position)
      return role && `acs:ram::${accountId}:role/${role.roleName}`
    }
  }
}

const entityMembers = (engine: Engine, row: EntityRow, clear: string | null, position: number) => {
  const { entityId, kind, entityType, name, actsAs } = row
  const shown =
    kind === 'Action' ? { resourceType: entityType, name } : { type: entityType, id: name }
  const arns = actsAs.map((ref) => arnOf(engine, row, ref, position) ?? null)
  const properties = clear === null ? null : (JSON.parse(clear) as unknown)
  const members: Members = { entityId, ...shown, properties }
  return arns.length === 0 ? members : { ...members, actsAs: arns }
}

type Listing = {
  readonly kind: EntityKind
  readonly type: EntityType
  readonly id?: EntityName | undefined
  readonly after?: EntityName | undefined
  readonly limit: number
}

const list = async (
  { engine, caller }: Scene,
  { kind, type: entityType, id, after, limit }: Listing,
  position: number,
): Promise<E.Either<EngineError, ReadAnswer>> => {
  const { accountId } = caller
  const all = entitiesOfTypeAt(engine.views.entities, { accountId, kind, entityType }, position)
  const rest = all.filter(
    ({ name }) => (id === undefined || name === id) && (after === undefined || name > after),
  )
  const page = rest.slice(0, limit)
  const opened = knownEntities(engine)
  const entities: Array<Members> = []
  for (const row of page) {
    const clear = await opened.clearText(row)
    if (E.isLeft(clear)) return clear
    entities.push(entityMembers(engine, row, clear.right, position))
  }
  const next = rest.length > limit ? (page.at(-1)?.name ?? null) : null
  const { applied } = engine.status()
  return E.right({ body: { entities, next, position, applied }, position: applied })
}

const listRoute: Route = {
  method: 'GET',
  about: LIST_ABOUT,
  prepare: (call, _, scene) => {
    const { caller, engine } = scene
    const malformed = (name: string) => E.left(malformedParameter(LIST_ABOUT.query, name))
    const query = readQuery(call.query, LIST_ABOUT.query, LIST_QUERY)
    if (E.isLeft(query)) return query
    const { kind: kindGiven, at, token, ...rest } = query.right
    const kind = Object.entries(KINDS).find(([given]) => given === kindGiven)?.[1]
    if (kind === undefined) return malformed('kind')
    if (at !== undefined && token !== undefined)
      return E.left({ type: 'QueryMalformed', parameter: 'position', fault: BESIDE_AT })
    const given = token === undefined ? at : { position: token }
    const moment = momentOf(engine, caller.accountId, given)
    if (moment === null) return malformed(token === undefined ? 'at' : 'position')
    return E.right({
      action: 'grantlog:ListEntities',
      resource: entityResource(caller.accountId),
      onRecord: 'Always',
      run: () => async (): Promise<E.Either<Fault | ReadFault, ReadAnswer>> => {
        const now = { applied: engine.status().applied, now: engine.clock.now() }
        const position = positionOf(engine.views, caller.accountId, moment, now)
        return E.isLeft(position) ? position : list(scene, { kind, ...rest }, position.right)
      },
    })
  },
}

export const ENTITY_ROUTES: ReadonlyArray<Route> = [putRoute, listRoute, removeRoute]
