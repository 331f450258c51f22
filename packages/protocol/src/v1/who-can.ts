/**
 * `GET /v1/who-can`: who of the account may do something to a resource, then or now, through which
 * grants, and under which conditions.
 */
import { WhoCanAnswer } from '@grantlog/client/shapes'
import type { Assumers, WhoCanHit } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  flag,
  integer,
  invalid,
  matching,
  needed,
  oneOf,
  optional,
  type Reader,
  withDefault,
} from '../rpc/fields.js'
import { member, type RouteAbout } from './about.js'
import { askedMembers } from './answer.js'
import {
  ABOUT_GRANTS,
  ABOUT_JUDGED,
  grantMembers,
  judgedMembers,
  OPEN_QUERY,
  OPEN_QUERY_ABOUT,
  readMoment,
} from './partial-members.js'
import { parsePrincipal } from './principal.js'
import { readQuery } from './query.js'
import { ACTION_ABOUT, RESOURCE_RULE } from './question.js'
import { Action, Resource } from './question-members.js'
import type { ReadAnswer, Route } from './route.js'
import { WHAT_CAN_ROUTE } from './what-can.js'

/** The longest page. Unit: principals. */
const PRINCIPALS_MAX = 1000
const PRINCIPALS_DEFAULT = 100

/** The longest page where each role says who could assume it. Unit: principals. */
const PRINCIPALS_THROUGH_ROLES_MAX = 20

const TYPES = ['Root', 'User', 'Role'] as const

const ABOUT: RouteAbout = {
  path: '/v1/who-can',
  does: 'Says who of the account may do something to a resource, now or then, and through what.',
  permission: {
    action: 'grantlog:FindPrincipals',
    resource: 'acs:grantlog:*:<uid>:principal/*',
  },
  query: [
    ACTION_ABOUT,
    member.needed('resource', RESOURCE_RULE, 'What it is to be done to.'),
    ...OPEN_QUERY_ABOUT,
    member.optional('type', `one of ${TYPES.join(', ')}`, 'Only principals of this type.'),
    member.optional(
      'after',
      'the ARN of a principal',
      'The principal to go on after, exclusive: the `next` of the page before.',
    ),
    member.optional(
      'limit',
      `a whole number from 1 to ${PRINCIPALS_MAX}`,
      `How many principals at most; ${PRINCIPALS_DEFAULT} when absent, and with \`throughRoles\` ` +
        `never more than ${PRINCIPALS_THROUGH_ROLES_MAX}.`,
    ),
    member.optional(
      'throughRoles',
      'true or false',
      'Whether each role also says who of the account could assume it, as far as is known.',
    ),
  ],
  body: null,
  shapes: { answer: WhoCanAnswer },
  answer: {
    asked:
      'The moment asked about as it was given: `{"now":true}`, `{"at":…}` or `{"position":…}`.',
    position:
      'The last change up to that moment of what the answer rests on. Given as `position` it leads ' +
      'to the same answer again, page by page.',
    applied: 'The last position of the whole log that this node had applied when it answered.',
    principals:
      'Everybody who is allowed, or would be under conditions, in the order of their ARNs: ' +
      `\`principal\`, \`principalType\`, \`principalId\`, \`name\`; ${ABOUT_JUDGED}; \`grants\`: ${ABOUT_GRANTS}; ` +
      'for a role, with `throughRoles`, `assumers` with their `certainty`, whatever the context. ' +
      'Whoever is not told may not, whatever the keys hold. A role stands for its sessions; a ' +
      'session policy narrows them further.',
    next: 'What to give as `after` for the next page; null on the last.',
  },
  example: { action: 'ots:GetRow', resource: 'acs:ots:*:<uid>:instance/orders', limit: '10' },
}

const principalArn: Reader<string> = (value, name) =>
  parsePrincipal(value) === null ? invalid(name, 'Value') : E.right(value)

const QUERY = {
  action: needed('action', matching(Action, 'Value')),
  resource: needed('resource', matching(Resource, 'Value')),
  ...OPEN_QUERY,
  type: optional('type', oneOf(TYPES)),
  after: optional('after', principalArn),
  limit: withDefault(optional('limit', integer(1, PRINCIPALS_MAX)), PRINCIPALS_DEFAULT),
  throughRoles: withDefault(optional('throughRoles', flag), false),
}

const assumersMembers = ({ principals, hasMore }: Assumers): Readonly<Record<string, unknown>> => ({
  principals: principals.map(({ type, id, arn, certainty }) => ({
    principal: arn,
    principalType: type,
    principalId: id,
    certainty,
  })),
  hasMore,
})

const hitMembers = (hit: WhoCanHit): Readonly<Record<string, unknown>> => ({
  principal: hit.arn,
  principalType: hit.type,
  principalId: hit.id,
  name: hit.name,
  ...judgedMembers(hit),
  grants: hit.grants.map(grantMembers),
  ...(hit.assumers === undefined ? {} : { assumers: assumersMembers(hit.assumers) }),
})

const pageOf = ({ limit, throughRoles }: { limit: number; throughRoles: boolean }): number =>
  throughRoles ? Math.min(limit, PRINCIPALS_THROUGH_ROLES_MAX) : limit

const WHO_CAN_ROUTE: Route = {
  method: 'GET',
  about: ABOUT,
  prepare: (call, _, { caller, engine }) => {
    const query = readQuery(call.query, ABOUT.query, QUERY)
    if (E.isLeft(query)) return query
    const { action, resource, context = new Map(), type, after, throughRoles } = query.right
    const { accountId } = caller
    const asked = readMoment(engine, accountId, query.right)
    if (E.isLeft(asked)) return asked
    const { given, moment } = asked.right
    const question = {
      accountId,
      action,
      resources: [resource] as const,
      context,
      moment,
      limit: pageOf(query.right),
      throughRoles,
      ...(type === undefined ? {} : { types: [type] }),
      ...(after === undefined ? {} : { after }),
    }
    return E.right({
      action: 'grantlog:FindPrincipals',
      resource: `acs:grantlog:*:${accountId}:principal/*`,
      onRecord: 'Always',
      run: () =>
        pipe(
          engine.whoCan(question),
          TE.map(({ hits, next, position, applied }): ReadAnswer => {
            const principals = hits.map(hitMembers)
            const body = { asked: askedMembers(given), position, applied, principals, next }
            return { position: applied, body }
          }),
        ),
    })
  },
}

export const PARTIAL_ROUTES: ReadonlyArray<Route> = [WHO_CAN_ROUTE, WHAT_CAN_ROUTE]
