/**
 * `GET /v1/decision-timeline` and `GET /v1/since`: when somebody could do something and when not,
 * what turned it each time, and since when it is as it is.
 */
import { DecisionTimelineAnswer, SinceAnswer } from '@grantlog/client/shapes'
import {
  decisionTimeline,
  type Engine,
  type Moment,
  type PastQuestion,
  type Present,
  roleToAssume,
  type Since,
  type Stretch,
  sinceWhen,
} from '@grantlog/engine'
import type { HistoryPrincipal, HolderRef } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, optional, text } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import type { Parameters } from '../signature/parameters.js'
import { member, type RouteAbout } from './about.js'
import { reasonMembers } from './answer.js'
import { CURSOR_CHARACTERS_MAX, presentOf } from './cursor.js'
import {
  type Members,
  markMembers,
  optionalChange,
  optionalMark,
  SILENT_TRUST,
  standMembers,
} from './marks.js'
import { momentOf } from './moment.js'
import { PAGE_ANSWER, type Page, type PagedRead, pagedRun, pageQuery } from './paged.js'
import { findInPast, positionOfMoment, restsOn } from './past.js'
import { type NamedPrincipal, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import { readQuery } from './query.js'
import { malformed, QUESTION_QUERY, type Question, questionOfQuery } from './question.js'
import type { Route } from './route.js'

/** The longest page of stretches. Unit: stretches. */
const STRETCHES_MAX = 1000
const STRETCHES_DEFAULT = 100

const PRINCIPAL_RULE =
  'it must be the ARN of a root, a user or a role; a session may do what its role may, narrowed by its `sessionPolicy`'

const WHO = 'the ARN of a root, a user or a role'

const QUERY = QUESTION_QUERY.map((about) =>
  about.name === 'principal'
    ? member.needed(
        'principal',
        WHO,
        'Whom the question is about. Where nobody bears the name now, the one who bore it in the past is meant. For a session ask about its role, with the `sessionPolicy` it had.',
      )
    : about,
)

const PERMISSION = {
  action: 'grantlog:GetDecisionTimeline',
  resource: 'acs:grantlog:*:<uid>:principal/<user, role or root>',
} as const

/** The one who is meant, and what is asked about; up to a position. */
type Asked = {
  readonly question: PastQuestion
  readonly upTo: number
  readonly reader: string
}

const isHolder = (bearer: HistoryPrincipal): bearer is HolderRef => bearer.type !== 'Group'

type Named = Extract<NamedPrincipal, { readonly type: 'Root' | 'User' | 'Role' }>

const namedOf = ({ principal, sessionPolicy }: Question): E.Either<ReadFault, Named> => {
  const named = parsePrincipal(principal)
  if (named === null || named.type === 'Group' || named.type === 'Session')
    return malformed('Query', 'principal', PRINCIPAL_RULE)
  return named.type !== 'Role' && sessionPolicy !== undefined
    ? malformed('Query', 'sessionPolicy', 'it must stand beside the ARN of a role')
    : E.right(named)
}

/** What is asked, once it is read and before anybody is looked up. */
type Read = {
  readonly named: Named
  readonly about: Omit<PastQuestion, 'who'>
  readonly moment: Moment
}

const readAsked = (query: Parameters, { caller, engine }: Scene): E.Either<ReadFault, Read> => {
  const read = questionOfQuery(query, false)
  if (E.isLeft(read)) return read
  const { action, resources, context, sessionPolicy, at, momentMember } = read.right
  const named = namedOf(read.right)
  if (E.isLeft(named)) return named
  const { accountId } = caller
  if (named.right.accountId !== accountId) return E.left({ type: 'ForeignAccount' })
  const moment = momentOf(engine, accountId, at)
  if (moment === null) return malformed('Query', momentMember)
  const narrowed = sessionPolicy === undefined ? {} : { sessionPolicy }
  return E.right({ named: named.right, about: { action, resources, context, ...narrowed }, moment })
}

/** The one who is meant, and up to which position. */
const whoIn = (
  engine: Engine,
  named: Named,
  moment: Moment,
  present?: Present,
): E.Either<ReadFault, { readonly who: PastQuestion['who']; readonly upTo: number }> => {
  if (named.type === 'Root')
    return E.map((upTo: number) => ({ who: named, upTo }))(
      positionOfMoment(engine, named.accountId, moment, present),
    )
  const found = findInPast(engine, named, moment, present)
  if (E.isLeft(found)) return found
  const { bearer, position: upTo } = found.right
  return isHolder(bearer) ? E.right({ who: bearer, upTo }) : E.left({ type: 'PrincipalNotFound' })
}

/** Immutable; of a root that of its account. */
const idOf = (who: PastQuestion['who']): string => (who.type === 'Root' ? who.accountId : who.id)

/** Looks up who is meant. `rests` is what the answer says of itself. */
const askedOf = (
  { engine, caller: { accountId } }: Scene,
  { named, about, moment }: Read,
  present?: Present,
): E.Either<ReadFault, Asked & { readonly rests: ReturnType<typeof restsOn> }> => {
  const found = whoIn(engine, named, moment, present)
  if (E.isLeft(found)) return found
  const { who, upTo } = found.right
  const question = { who, ...about }
  const role = roleToAssume(question)
  const rests = restsOn(engine, [accountId, ...(role ? [role.accountId] : [])], upTo)
  return E.right({ question, upTo, reader: accountId, rests })
}

const stretchMembers = (stretch: Stretch, reader: string): Members => ({
  ...standMembers(stretch, reader),
  from: markMembers(stretch.from, reader),
  ...optionalChange(stretch.change),
  ...optionalMark('until', stretch.until, reader),
  ...reasonMembers(stretch.reason),
})

const sinceMembers = (told: Since, reader: string): Members => ({
  ...standMembers(told, reader),
  since: told.since === undefined ? null : markMembers(told.since, reader),
  ...(told.notBefore === undefined ? {} : { notBefore: told.notBefore }),
  ...optionalChange(told.change),
  ...reasonMembers(told.reason),
  before: told.before === undefined ? null : standMembers(told.before, reader),
})

const OUTCOME =
  '`Allow`, `ImplicitDeny` or `ExplicitDeny` as GET /v1/can answers, or `Absent` where the principal is not there'
const DECIDING =
  '`deciding`, the statements that make it, each with the `grant` behind it: the events `since`, ' +
  '`attached`, `joined` and `versionSet`, or for a trust policy `trustSet`; `trustSet` beside them, where no statement of ' +
  'the trust policy allows it'
const RESTS: RouteAbout['answer'] = {
  position: 'The last change up to that moment of what the answer rests on.',
  applied: 'The last position of the whole log that this node had applied when it answered.',
}

const EXAMPLE: RouteAbout['example'] = {
  principal: 'acs:ram::<uid>:user/alice',
  action: 'ots:GetRow',
  resource: 'acs:ots:*:<uid>:instance/orders',
}

const PAGE_QUERY = {
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, STRETCHES_MAX)),
}

const TIMELINE_ABOUT: RouteAbout = {
  path: '/v1/decision-timeline',
  does: 'Tells when a root, a user or a role could do something and when not, and what turned it each time.',
  permission: PERMISSION,
  query: [...QUERY, ...pageQuery('stretches', 'position', STRETCHES_MAX, STRETCHES_DEFAULT)],
  body: null,
  shapes: { answer: DecisionTimelineAnswer },
  answer: {
    principalId: 'The immutable id of the one who is meant.',
    stretches:
      `The stretches, oldest first. \`outcome\`: ${OUTCOME}; \`allowed\`; \`from\`, the event that ` +
      'turned it so, with who did it and why; `change`, what that event meant; `until`, the event that ' +
      `turned it again, absent while it lasts; ${DECIDING}: all of it as it began.`,
    ...PAGE_ANSWER,
    ...RESTS,
  },
  example: { ...EXAMPLE, limit: '10' },
}

/** Keys are positions. */
const stretchesPage =
  (scene: Scene, read: Read): PagedRead['page'] =>
  (start, limit) => {
    const asked = askedOf(scene, read, presentOf(start))
    if (E.isLeft(asked)) return TE.left(asked.left)
    const { question, upTo, reader, rests } = asked.right
    const span = { after: Number(start.after ?? 0), upTo, limit }
    const told = decisionTimeline(scene.engine.views.history, question, span)
    const page: Page = {
      items: told.stretches.map((stretch) => stretchMembers(stretch, reader)),
      next: told.next ?? null,
      position: rests.position,
      more: { principalId: idOf(question.who) },
    }
    return TE.right(page)
  }

const timelineRoute: Route = {
  method: 'GET',
  about: TIMELINE_ABOUT,
  prepare: (call, _, scene) => {
    const paged = readQuery(call.query, TIMELINE_ABOUT.query, PAGE_QUERY)
    if (E.isLeft(paged)) return paged
    const own = new Map([...call.query].filter(([name]) => !(name in PAGE_QUERY)))
    const read = readAsked(own, scene)
    if (E.isLeft(read)) return read
    const { limit } = paged.right
    const paging = { call, member: 'stretches', limit, limitDefault: STRETCHES_DEFAULT }
    const page = stretchesPage(scene, read.right)
    const run = pagedRun(scene, { ...paging, areNumbers: true, page })
    if (E.isLeft(run)) return run
    return E.right({
      action: PERMISSION.action,
      resource: principalResource(read.right.named),
      onRecord: 'Always',
      run: run.right,
    })
  },
}

const SINCE_ABOUT: RouteAbout = {
  path: '/v1/since',
  does: 'Tells since when a root, a user or a role can, or cannot, do something, and through which grants.',
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
    deciding:
      'The statements that make it, each with the events of its `grant`, or for a trust policy `trustSet`.',
    trustSet: SILENT_TRUST,
    reason: 'At times: why no allow could have changed it.',
    before: `How it was just before, or null: \`outcome\`, \`allowed\`, and ${DECIDING}.`,
    ...RESTS,
  },
  example: EXAMPLE,
}

const sinceRoute: Route = {
  method: 'GET',
  about: SINCE_ABOUT,
  prepare: (call, _, scene) => {
    const read = readAsked(call.query, scene)
    if (E.isLeft(read)) return read
    return E.right({
      action: PERMISSION.action,
      resource: principalResource(read.right.named),
      onRecord: 'Always',
      run: () => {
        const asked = askedOf(scene, read.right)
        if (E.isLeft(asked)) return TE.left(asked.left)
        const { question, upTo, reader, rests } = asked.right
        const told = sinceMembers(sinceWhen(scene.engine.views.history, question, upTo), reader)
        const body = { principalId: idOf(question.who), ...told, ...rests }
        return TE.right({ body, position: rests.applied })
      },
    })
  },
}

export const DECISION_TIMELINE_ROUTES: ReadonlyArray<Route> = [timelineRoute, sinceRoute]
