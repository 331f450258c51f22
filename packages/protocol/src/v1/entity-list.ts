/**
 * `GET /v1/entities`: the subjects, resources and actions that are registered, now or then.
 */
import { EntitiesAnswer } from '@grantlog/client/shapes'
import { type EntityKind, EntityName, EntityType } from '@grantlog/domain'
import { type Engine, type Moment, positionOf } from '@grantlog/engine'
import { type EntityRow, entitiesOfTypeAt, roleByIdAt, userByIdAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { knownEntities } from '../authzen/known-entities.js'
import type { Fault } from '../rpc/faults.js'
import { integer, named, needed, optional, text } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import { BESIDE_AT, MOMENT_QUERY, member, type RouteAbout } from './about.js'
import { CURSOR_CHARACTERS_MAX } from './cursor.js'
import { ENTITY_RESOURCE, entityResource } from './entities-body.js'
import { momentOf } from './moment.js'
import { PAGE_ANSWER, type Page, type PagedRead, pagedRun, pageQuery } from './paged.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { Route } from './route.js'

const ENTITIES_MAX = 1000
const ENTITIES_DEFAULT = 100

const KINDS = { subject: 'Subject', resource: 'Resource', action: 'Action' } as const

const LIST_ABOUT: RouteAbout = {
  path: '/v1/entities',
  does: 'Lists the registered entities of one kind and type, now or then, by name.',
  permission: { action: 'grantlog:ListEntities', resource: ENTITY_RESOURCE },
  query: [
    member.needed('kind', 'subject, resource or action', 'What they are.'),
    member.needed('type', 'a type', 'Their type; of actions, that of the resources.'),
    member.optional('id', 'a name of at most 256 characters', 'The one that is asked for alone.'),
    ...MOMENT_QUERY,
    ...pageQuery('entities', null, ENTITIES_MAX, ENTITIES_DEFAULT),
  ],
  body: null,
  shapes: { answer: EntitiesAnswer },
  answer: {
    entities:
      'The entities by name: `entityId`, `type` and `id`, or `resourceType` and `name`, `properties`, ' +
      'null when they were erased, and `actsAs` where there is one.',
    ...PAGE_ANSWER,
    position: 'The position that they were registered at, the same on all pages.',
  },
  example: { kind: 'subject', type: 'user', limit: '10' },
}

const LIST_QUERY = {
  kind: needed('kind', text(16)),
  type: needed('type', named(EntityType, 129)),
  id: optional('id', named(EntityName, 256)),
  at: optional('at', text(40)),
  token: optional('position', text(1024)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, ENTITIES_MAX)),
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
  readonly id: EntityName | undefined
  readonly moment: Moment
}

/** Keys are names. Of now are the entities that were registered at the pinned position. */
const entitiesPage =
  ({ engine, caller }: Scene, { kind, type: entityType, id, moment }: Listing): PagedRead['page'] =>
  ({ after, pinned }, limit) =>
  async (): Promise<E.Either<Fault | ReadFault, Page>> => {
    const { accountId } = caller
    const present = { applied: engine.status().applied, now: engine.clock.now() }
    const meant = positionOf(engine.views, accountId, moment, present)
    if (E.isLeft(meant)) return meant
    const position = moment.type === 'Now' ? pinned : meant.right
    const all = entitiesOfTypeAt(engine.views.entities, { accountId, kind, entityType }, position)
    const rest = all.filter(
      ({ name }) => (id === undefined || name === id) && (after === undefined || name > after),
    )
    const rows = rest.slice(0, limit)
    const opened = knownEntities(engine)
    const items: Array<Members> = []
    for (const row of rows) {
      const clear = await opened.clearText(row)
      if (E.isLeft(clear)) return clear
      items.push(entityMembers(engine, row, clear.right, position))
    }
    const next = rest.length > limit ? (rows.at(-1)?.name ?? null) : null
    return E.right({ items, next, position })
  }

export const LIST_ENTITIES_ROUTE: Route = {
  method: 'GET',
  about: LIST_ABOUT,
  prepare: (call, _, scene) => {
    const { caller, engine } = scene
    const malformed = (name: string) => E.left(malformedParameter(LIST_ABOUT.query, name))
    const query = readQuery(call.query, LIST_ABOUT.query, LIST_QUERY)
    if (E.isLeft(query)) return query
    const { kind: kindGiven, type, id, at, token, limit } = query.right
    const kind = Object.entries(KINDS).find(([given]) => given === kindGiven)?.[1]
    if (kind === undefined) return malformed('kind')
    if (at !== undefined && token !== undefined)
      return E.left({ type: 'QueryMalformed', parameter: 'position', fault: BESIDE_AT })
    const given = token === undefined ? at : { position: token }
    const moment = momentOf(engine, caller.accountId, given)
    if (moment === null) return malformed(token === undefined ? 'at' : 'position')
    const page = entitiesPage(scene, { kind, type, id, moment })
    const paging = { call, member: 'entities', limit, limitDefault: ENTITIES_DEFAULT }
    const run = pagedRun(scene, { ...paging, areNumbers: false, page })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ListEntities',
      resource: entityResource(caller.accountId),
      onRecord: 'Always',
      run: run.right,
    })
  },
}
