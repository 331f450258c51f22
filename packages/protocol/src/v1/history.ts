/**
 * `GET /v1/accounts/<uid>/events` and `GET /v1/timeline`: what happened, in order.
 */
import { EventMetadata } from '@grantlog/domain'
import type { Moment, StoredEvent } from '@grantlog/engine'
import {
  findGroup,
  type HistoryPrincipal,
  positionAt,
  roleByNameAt,
  type TimelineEntry,
  timeline,
  userByNameAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault, ParameterFault } from '../rpc/faults.js'
import {
  type FieldsOf,
  fields,
  integer,
  needed,
  optional,
  text,
  withDefault,
} from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import type { Parameters } from '../signature/parameters.js'
import { momentOf } from './moment.js'
import { type NamedPrincipal, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import { isOfSignature } from './question.js'
import type { Route } from './route.js'

/** The longest page of events. Unit: events. */
const EVENTS_MAX = 1000
const EVENTS_DEFAULT = 100
const REVISION_MAX = 9_999_999_999

const isoText = (ms: number): string => new Date(ms).toISOString()

/** Reads a closed set of parameters: an unknown name is refused. */
const readQuery = <A>(query: Parameters, spec: FieldsOf<A>): E.Either<ParameterFault, A> => {
  const known = Object.keys(spec)
  for (const name of query.keys())
    if (!known.includes(name) && !isOfSignature(name))
      return E.left({ type: 'ParameterInvalid', name: name.slice(0, 64), rule: 'Value' })
  return fields(spec)(query)
}

const PATH = '/v1/accounts/'
const SUFFIX = '/events'

const EVENTS_QUERY = {
  after: optional('after', integer(0, REVISION_MAX)),
  limit: withDefault(optional('limit', integer(1, EVENTS_MAX)), EVENTS_DEFAULT),
}

/** An event as it is shown; what is sealed in it stays sealed. Null when it cannot be read. */
const eventMembers = (event: StoredEvent): Readonly<Record<string, unknown>> | null => {
  const parsed = E.tryCatch(
    () => ({ data: JSON.parse(event.data), metadata: JSON.parse(event.metadata) }),
    () => null,
  )
  if (E.isLeft(parsed)) return null
  const metadata = EventMetadata.decode(parsed.right.metadata)
  if (E.isLeft(metadata)) return null
  const { actor, reason, ticket, requestId } = metadata.right
  return {
    id: event.id,
    type: event.type,
    revision: event.revision,
    position: event.position,
    recordedAt: isoText(event.recordedAt),
    actor,
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    requestId,
    data: parsed.right.data,
  }
}

const eventsRoute: Route = {
  method: 'GET',
  match: (path) =>
    path.startsWith(PATH) && path.endsWith(SUFFIX)
      ? { accountId: path.slice(PATH.length, -SUFFIX.length) }
      : null,
  prepare: (call, { accountId }, caller) => {
    if (accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
    const query = readQuery(call.query, EVENTS_QUERY)
    if (E.isLeft(query)) return query
    const { after, limit } = query.right
    const options = after === undefined ? { limit } : { after, limit }
    return E.right({
      action: 'grantlog:ListEvents',
      resource: `acs:grantlog:*:${accountId}:events`,
      isRecorded: true,
      run: ({ engine }) =>
        pipe(
          engine.accountEvents(caller.accountId, options),
          TE.flatMap((events) => {
            const shown = events.map(eventMembers)
            const last = events.at(-1)
            const unreadable: Fault = { type: 'AccountQuarantined', accountId }
            if (shown.includes(null)) return TE.left<Fault | ReadFault>(unreadable)
            const next = last !== undefined && events.length === limit ? last.revision : null
            const position = last?.position ?? 0
            return TE.right({ body: { events: shown, next }, position })
          }),
        ),
    })
  },
}

const TIMELINE_QUERY = {
  principal: needed('principal', text(256)),
  at: optional('at', text(40)),
  position: optional('position', text(1024)),
  after: optional('after', integer(0, REVISION_MAX)),
  limit: withDefault(optional('limit', integer(1, EVENTS_MAX)), EVENTS_DEFAULT),
}

const positionOf = ({ engine, caller }: Scene, moment: Moment): number => {
  switch (moment.type) {
    case 'Now':
      return engine.status().applied
    case 'AtPosition':
      return moment.position
    case 'AtTime':
      return positionAt(engine.views.history, caller.accountId, moment.time)
  }
}

/** Who bore the name at a position. A group is looked up among those of now. */
const bearerAt = (
  { engine }: Scene,
  principal: NamedPrincipal,
  position: number,
): HistoryPrincipal | undefined => {
  const { history, directory } = engine.views
  const { accountId } = principal
  switch (principal.type) {
    case 'Root':
      return undefined
    case 'User': {
      const user = userByNameAt(history, accountId, principal.userName, position)
      return user && { type: 'User', accountId, id: user.userId }
    }
    case 'Role': {
      const role = roleByNameAt(history, accountId, principal.roleName, position)
      return role && { type: 'Role', accountId, id: role.roleId }
    }
    case 'Group': {
      const group = findGroup(directory, accountId, principal.groupName)
      return group && { type: 'Group', accountId, id: group.groupId }
    }
  }
}

const entryMembers = (entry: TimelineEntry): Readonly<Record<string, unknown>> => {
  const { accountId: _, recordedAt, ...shown } = entry
  return { ...shown, recordedAt: isoText(recordedAt) }
}

const timelineRoute: Route = {
  method: 'GET',
  match: (path) => (path === '/v1/timeline' ? {} : null),
  prepare: (call, _, caller) => {
    const query = readQuery(call.query, TIMELINE_QUERY)
    if (E.isLeft(query)) return query
    const { at, position: token, after = 0, limit } = query.right
    const principal = parsePrincipal(query.right.principal)
    if (principal === null || (at !== undefined && token !== undefined))
      return E.left({ type: 'ParameterInvalid', name: 'principal', rule: 'Format' })
    if (principal.accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
    return E.right({
      action: 'grantlog:GetTimeline',
      resource: principalResource(principal),
      isRecorded: true,
      run: (scene) => {
        const given = token === undefined ? at : { position: token }
        const moment = momentOf(scene.engine, caller.accountId, given)
        if (moment === null)
          return TE.left({ type: 'ParameterInvalid', name: 'at', rule: 'Format' })
        const bearer = bearerAt(scene, principal, positionOf(scene, moment))
        if (bearer === undefined) return TE.left({ type: 'PrincipalNotFound' })
        const applied = scene.engine.status().applied
        const all = timeline(scene.engine.views.history, bearer)
        const rest = all.filter((entry) => entry.position > after)
        const entries = rest.slice(0, limit)
        const next = rest.length > limit ? (entries.at(-1)?.position ?? null) : null
        const body = { principalId: bearer.id, entries: entries.map(entryMembers), next }
        return TE.right({ body, position: applied })
      },
    })
  },
}

export const HISTORY_ROUTES: ReadonlyArray<Route> = [eventsRoute, timelineRoute]
