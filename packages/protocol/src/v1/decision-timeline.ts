/**
 * `GET /v1/decision-timeline` and `GET /v1/since`: when somebody could do something and when not,
 * what turned it each time, and since when it is as it is.
 */
import { DecisionTimelineAnswer, SinceAnswer } from '@grantlog/client/shapes'
import {
  decisionTimeline,
  type PastQuestion,
  roleToAssume,
  type Since,
  type Stretch,
  sinceWhen,
} from '@grantlog/engine'
import type { HistoryPrincipal, HolderRef } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, optional, withDefault } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import type { Parameters } from '../signature/parameters.js'
import { member, type RouteAbout } from './about.js'
import { reasonMembers } from './answer.js'
import type { NamedInHistory } from './bearer.js'
import {
  decidingGrantMembers,
  type Members,
  markMembers,
  optionalChange,
  optionalMark,
  standingMembers,
} from './marks.js'
import { momentOf } from './moment.js'
import { findInPast, restsOn } from './past.js'
import { parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import { readQuery } from './query.js'
import { malformed, QUESTION_QUERY, type Question, questionOfQuery } from './question.js'
import type { PreparedRead, Route } from './route.js'

/** The longest page of stretches. Unit: stretches. */
const STRETCHES_MAX = 1000
const STRETCHES_DEFAULT = 100
const POSITION_MAX = 9_999_999_999

const PRINCIPAL_RULE = 'it must be the ARN of a user or a role'

const QUERY = QUESTION_QUERY.map((about) =>
  about.name === 'principal'
    ? member.needed(
        'principal',
        'the ARN of a user or a role',
        'Whom the question is about. Where nobody bears the name now, the one who bore it in the past is meant.',
      )
    : about,
)

const PERMISSION = {
  action: 'grantlog:GetDecisionTimeline',
  resource: 'acs:grantlog:*:<uid>:principal/<user or role>',
} as const

/** The one who is meant, and what is asked about; up to a position. */
type Asked = {
  readonly question: PastQuestion
  readonly upTo: number
  readonly reader: string
}

const isHolder = (bearer: HistoryPrincipal): bearer is HolderRef => bearer.type !== 'Group'

const namedOf = ({
  principal,
  sessionPolicy,
}: Question): E.Either<ReadFault, Extract<NamedInHistory, { readonly type: 'User' | 'Role' }>> => {
  const named = parsePrincipal(principal)
  if (named === null || (named.type !== 'User' && named.type !== 'Role'))
    return malformed('Query', 'principal', PRINCIPAL_RULE)
  return named.type === 'User' && sessionPolicy !== undefined
    ? malformed('Query', 'sessionPolicy', 'it must stand beside the ARN of a role')
    : E.right(named)
}

/** What both routes prepare alike; `answer` makes the members that are each one's own. */
const prepare = (
  query: Parameters,
  { caller, engine }: Scene,
  answer: (asked: Asked, engine: Scene['engine']) => Members,
): E.Either<ReadFault, PreparedRead> => {
  const read = questionOfQuery(query, false)
  if (E.isLeft(read)) return read
  const { action, resources, context, sessionPolicy, at, momentMember } = read.right
  const named = namedOf(read.right)
  if (E.isLeft(named)) return named
  const { accountId } = caller
  if (named.right.accountId !== accountId) return E.left({ type: 'ForeignAccount' })
  const moment = momentOf(engine, accountId, at)
  if (moment === null) return malformed('Query', momentMember)
  return E.right({
    action: PERMISSION.action,
    resource: principalResource(named.right),
    onRecord: 'Always',
    run: () => {
      const found = findInPast(engine, named.right, moment)
      if (E.isLeft(found)) return TE.left(found.left)
      const { bearer, position: upTo } = found.right
      if (!isHolder(bearer)) return TE.left({ type: 'PrincipalNotFound' })
      const narrowed = sessionPolicy === undefined ? {} : { sessionPolicy }
      const question = { holder: bearer, action, resources, context, ...narrowed }
      const role = roleToAssume(question)
      const rests = restsOn(engine, [accountId, ...(role ? [role.accountId] : [])], upTo)
      const told = answer({ question, upTo, reader: accountId }, engine)
      const body = { principalId: bearer.id, ...told, ...rests }
      return TE.right({ body, position: rests.applied })
    },
  })
}

const stretchMembers = (stretch: Stretch, reader: string): Members => ({
  ...standingMembers(stretch.outcome),
  from: markMembers(stretch.from, reader),
  ...optionalChange(stretch.change),
  ...optionalMark('until', stretch.until, reader),
  deciding: stretch.deciding.map((each) => decidingGrantMembers(each, reader)),
  ...reasonMembers(stretch.reason),
})

const sinceMembers = (told: Since, reader: string): Members => ({
  ...standingMembers(told.outcome),
  since: told.since === undefined ? null : markMembers(told.since, reader),
  ...(told.notBefore === undefined ? {} : { notBefore: told.notBefore }),
  ...optionalChange(told.change),
  deciding: told.deciding.map((each) => decidingGrantMembers(each, reader)),
  ...reasonMembers(told.reason),
  before:
    told.before === undefined
      ? null
      : {
          ...standingMembers(told.before.outcome),
          deciding: told.before.deciding.map((each) => decidingGrantMembers(each, reader)),
        },
})

const OUTCOME =
  '`Allow`, `ImplicitDeny` or `ExplicitDeny` as GET /v1/can answers, or `Absent` where the principal is not there'
const DECIDING =
  '`deciding`, the statements that make it, each with the `grant` behind it: the events `since`, ' +
  '`attached`, `joined` and `versionSet`'
const RESTS: RouteAbout['answer'] = {
  position: 'The last change up to that moment of what the answer rests on.',
  applied: 'The last position of the whole log that this node had applied when it answered.',
}

const EXAMPLE: RouteAbout['example'] = {
  principal: 'acs:ram::<uid>:user/alice',
  action: 'ots:GetRow',
  resource: 'acs:ots:*:<uid>:instance/orders',
}

const PAGE_ABOUT = [
  member.optional(
    'after',
    'a whole number, at least 0',
    'The position to go on after, exclusive: the `next` of the page before.',
  ),
  member.optional(
    'limit',
    `a whole number from 1 to ${STRETCHES_MAX}`,
    `How many stretches at most; ${STRETCHES_DEFAULT} when absent.`,
  ),
]
const PAGE_QUERY = {
  after: withDefault(optional('after', integer(0, POSITION_MAX)), 0),
  limit: withDefault(optional('limit', integer(1, STRETCHES_MAX)), STRETCHES_DEFAULT),
}

const TIMELINE_ABOUT: RouteAbout = {
  path: '/v1/decision-timeline',
  does: 'Tells when a user or a role could do something and when not, and what turned it each time.',
  permission: PERMISSION,
  query: [...QUERY, ...PAGE_ABOUT],
  body: null,
  shapes: { answer: DecisionTimelineAnswer },
  answer: {
    principalId: 'The immutable id of the one who is meant.',
    stretches:
      `The stretches, oldest first. \`outcome\`: ${OUTCOME}; \`allowed\`; \`from\`, the event that ` +
      'turned it so, with who did it and why; `change`, what that event meant; `until`, the event that ' +
      `turned it again, absent while it lasts; ${DECIDING}, as it began.`,
    next: 'What to give as `after` for the next page; null on the last.',
    ...RESTS,
  },
  example: { ...EXAMPLE, limit: '10' },
}

const timelineRoute: Route = {
  method: 'GET',
  about: TIMELINE_ABOUT,
  prepare: (call, _, scene) => {
    const page = readQuery(call.query, TIMELINE_ABOUT.query, PAGE_QUERY)
    if (E.isLeft(page)) return page
    const own = new Map([...call.query].filter(([name]) => !(name in PAGE_QUERY)))
    return prepare(own, scene, ({ question, upTo, reader }, { views }) => {
      const told = decisionTimeline(views.history, question, { ...page.right, upTo })
      return {
        stretches: told.stretches.map((stretch) => stretchMembers(stretch, reader)),
        next: told.next ?? null,
      }
    })
  },
}

const SINCE_ABOUT: RouteAbout = {
  path: '/v1/since',
  does: 'Tells since when a user or a role can, or cannot, do something, and through which grants.',
  permission: PERMISSION,
  query: QUERY,
  body: null,
  shapes: { answer: SinceAnswer },
  answer: {
    principalId: 'The immutable id of the one who is meant.',
    outcome: `${OUTCOME}.`,
    allowed: 'Whether it may: true only for the outcome Allow.',
    since:
      'The event that turned it so, with who did it and why; null where it never was otherwise.',
    notBefore: 'At times: the position past which `since` was not looked for.',
    change: 'At times: what that event meant for the principal.',
    deciding: 'The statements that make it, each with the events of its `grant`.',
    reason: 'At times: why no allow could have changed it.',
    before: `How it was just before, or null: \`outcome\`, \`allowed\`, and ${DECIDING}.`,
    ...RESTS,
  },
  example: EXAMPLE,
}

const sinceRoute: Route = {
  method: 'GET',
  about: SINCE_ABOUT,
  prepare: (call, _, scene) =>
    prepare(call.query, scene, ({ question, upTo, reader }, { views }) =>
      sinceMembers(sinceWhen(views.history, question, upTo), reader),
    ),
}

export const DECISION_TIMELINE_ROUTES: ReadonlyArray<Route> = [timelineRoute, sinceRoute]
