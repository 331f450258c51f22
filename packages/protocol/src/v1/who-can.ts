/**
 * `GET /v1/who-can`: who of the account may do something to a resource, then or now, through which
 * grants, and under which conditions.
 */
import { WhoCanAnswer } from '@grantlog/client/shapes'
import type { Assumers, WhoCanHit, WhoCanQuestion } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  flag,
  integer,
  matching,
  needed,
  oneOf,
  optional,
  text,
  withDefault,
} from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import { member, type RouteAbout } from './about.js'
import { askedMembers } from './answer.js'
import { CURSOR_CHARACTERS_MAX, presentOf } from './cursor.js'
import { grantMembers, type Members } from './marks.js'
import type { GivenMoment } from './moment.js'
import { PAGE_ANSWER, type Page, type PagedRead, pagedRun, pageQuery } from './paged.js'
import {
  ABOUT_GRANTS,
  ABOUT_JUDGED,
  judgedMembers,
  OPEN_QUERY,
  OPEN_QUERY_ABOUT,
  readMoment,
} from './partial-members.js'
import { readQuery } from './query.js'
import { ACTION_ABOUT, RESOURCE_RULE } from './question.js'
import { Action, Resource } from './question-members.js'
import type { Route } from './route.js'
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
    ...pageQuery('principals', null, PRINCIPALS_MAX, PRINCIPALS_DEFAULT),
    member.optional(
      'throughRoles',
      'true or false',
      'Whether each role also says who of the account could assume it, as far as is known. Then a ' +
        `page has never more than ${PRINCIPALS_THROUGH_ROLES_MAX} principals.`,
    ),
  ],
  body: null,
  shapes: { answer: WhoCanAnswer },
  answer: {
    asked:
      'The moment asked about as it was given: `{"now":true}`, `{"at":…}` or `{"position":…}`.',
    principals:
      'Everybody who is allowed, or would be under conditions, in the order of their ARNs: ' +
      `\`principal\`, \`principalType\`, \`principalId\`, \`name\`; ${ABOUT_JUDGED}; \`grants\`: ${ABOUT_GRANTS}; ` +
      'for a role, with `throughRoles`, `assumers` with their `certainty`, whatever the context. ' +
      'Whoever is not told may not, whatever the keys hold. A role stands for its sessions; a ' +
      'session policy narrows them further.',
    ...PAGE_ANSWER,
    position:
      'The last change up to that moment of what the answer rests on. Given as `position` it leads ' +
      'to the same answer again.',
  },
  example: { action: 'ots:GetRow', resource: 'acs:ots:*:<uid>:instance/orders', limit: '10' },
}

const QUERY = {
  action: needed('action', matching(Action, 'Value')),
  resource: needed('resource', matching(Resource, 'Value')),
  ...OPEN_QUERY,
  type: optional('type', oneOf(TYPES)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, PRINCIPALS_MAX)),
  throughRoles: withDefault(optional('throughRoles', flag), false),
}

const assumersMembers = ({ principals, hasMore }: Assumers): Members => ({
  principals: principals.map(({ type, id, arn, certainty }) => ({
    principal: arn,
    principalType: type,
    principalId: id,
    certainty,
  })),
  hasMore,
})

const hitMembers = (hit: WhoCanHit, reader: string): Members => ({
  principal: hit.arn,
  principalType: hit.type,
  principalId: hit.id,
  name: hit.name,
  ...judgedMembers(hit),
  grants: hit.grants.map((grant) => grantMembers(grant, reader)),
  ...(hit.assumers === undefined ? {} : { assumers: assumersMembers(hit.assumers) }),
})

type Asked = Omit<WhoCanQuestion, 'limit' | 'after' | 'asOf'>

/** Keys are ARNs. */
const whoCanPage =
  ({ engine }: Scene, question: Asked, given: GivenMoment): PagedRead['page'] =>
  (start, limit) => {
    const { after } = start
    const isLimited = question.throughRoles === true
    const asked = {
      ...question,
      limit: isLimited ? Math.min(limit, PRINCIPALS_THROUGH_ROLES_MAX) : limit,
      asOf: presentOf(start),
      // The grants of now may have changed since the first page was answered.
      ...(question.moment.type === 'Now'
        ? { moment: { type: 'AtPosition', position: start.pinned } as const }
        : {}),
      ...(typeof after === 'string' ? { after } : {}),
    }
    return pipe(
      engine.whoCan(asked),
      TE.map(({ hits, next, position }): Page => {
        const more = { asked: askedMembers(given) }
        return {
          items: hits.map((hit) => hitMembers(hit, question.accountId)),
          next,
          position,
          more,
        }
      }),
    )
  }

const WHO_CAN_ROUTE: Route = {
  method: 'GET',
  about: ABOUT,
  prepare: (call, _, scene) => {
    const { caller, engine } = scene
    const query = readQuery(call.query, ABOUT.query, QUERY)
    if (E.isLeft(query)) return query
    const { action, resource, context = new Map(), type, limit, throughRoles } = query.right
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
      throughRoles,
      ...(type === undefined ? {} : { types: [type] }),
    }
    const paging = { call, member: 'principals', limit, limitDefault: PRINCIPALS_DEFAULT }
    const page = whoCanPage(scene, question, given)
    const run = pagedRun(scene, { ...paging, areNumbers: false, page })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:FindPrincipals',
      resource: `acs:grantlog:*:${accountId}:principal/*`,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const PARTIAL_ROUTES: ReadonlyArray<Route> = [WHO_CAN_ROUTE, WHAT_CAN_ROUTE]
