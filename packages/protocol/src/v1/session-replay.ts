/**
 * `GET /v1/sessions/{sessionId}`: a session from its beginning to its end, also one that is over.
 */
import { SessionReplayAnswer } from '@grantlog/client/shapes'
import { SessionId } from '@grantlog/domain'
import type { Moment, SessionLink, SessionReplay } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, optional, text } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import { BESIDE_AT, MOMENT_QUERY, type RouteAbout } from './about.js'
import { endMembers } from './answer.js'
import { type ShownLink, shownChain } from './chain-links.js'
import { CURSOR_CHARACTERS_MAX, presentOf } from './cursor.js'
import { type Members, markMembers } from './marks.js'
import { isoText, momentOf } from './moment.js'
import { PAGE_ANSWER, type Page, type PagedRead, pagedRun, pageQuery } from './paged.js'
import { positionOfMoment } from './past.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { Route } from './route.js'
import { type ShownDeed, shownDeeds } from './shown-deed.js'

/** The longest page of deeds. Unit: events. */
const EVENTS_MAX = 1000
const EVENTS_DEFAULT = 100

const ABOUT: RouteAbout = {
  path: '/v1/sessions/{sessionId}',
  does: 'Tells of a session, also of one that is over: who began it, what it did, when and why it ended.',
  permission: {
    action: 'grantlog:ReplaySession',
    resource: 'acs:grantlog:*:<uid>:session/<sessionId>',
  },
  query: [
    ...MOMENT_QUERY,
    ...pageQuery('events of what it did', 'position', EVENTS_MAX, EVENTS_DEFAULT),
  ],
  body: null,
  shapes: { answer: SessionReplayAnswer },
  answer: {
    sessionId: 'The session.',
    roleId: 'The role that was assumed, by its immutable id.',
    roleName: 'The name of that role when the session began.',
    sessionName: 'What the session was called.',
    sourceIdentity: 'Where one was given.',
    sessionPolicy: 'Where one was given: the policy that narrowed it.',
    chain:
      'From the user or the identity provider on through whom it came: `type`, the immutable ids, and the `name` of then; the ' +
      'last one assumed the role.',
    began: 'The event of assuming the role: when, by whom, from which request, and why.',
    issued: 'The credential: `position`, `recordedAt`, `accessKeyId`; null where none was issued.',
    expires: 'When its time is over.',
    end:
      'How it ended, null while it lasts: `type`, `Expired`, `Revoked`, `CallerRevoked`, ' +
      '`RoleDeleted`, `UserDeleted` or `ProviderDeleted`; `at`; and for all but the first the `id` of what is meant and ' +
      'the `event`.',
    deeds:
      'What it did in its own account, in the order of the log. `type` is `Changed`, `Called`, ' +
      '`RoleAssumed`, `RoleRefused` or `UsesRefused`, beside the `event`; of a change its `subject` by the name of then and the `change`, as the ' +
      'timeline of that tells it; of a call that was recorded `call`, of a ' +
      'role that was assumed `sessionId`, `roleName` and `sessionName`, of a refusal `refusal`, and `roleId` and `roleName` where it is a role of the account. Uses of its credential that were refused, also after its end, are told by ' +
      '`refused`: the `reason`, the `proof` of the secret that was shown, how many `uses` there were `since` then, from how many ' +
      '`addresses`, and the `sourceIp` of the last of them, null once that is erased.',
    ...PAGE_ANSWER,
    next: 'What to give as `after` for the next page, which may be empty; null on the last.',
    position:
      'The position up to which the answer goes; by a time, that of the last change of an account by then.',
  },
  example: { limit: '10' },
}

const QUERY = {
  at: optional('at', text(40)),
  position: optional('position', text(1024)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, EVENTS_MAX)),
}

const UNKNOWN: ReadFault = { type: 'SessionUnknown' }

const deedMembers = (deed: ShownDeed, reader: string): Members => ({
  ...deed,
  event: markMembers(deed.event, reader),
})

const storyMembers = (
  replay: SessionReplay,
  chain: ReadonlyArray<ShownLink<SessionLink>>,
  reader: string,
): Members => {
  const { session, began, issued, end } = replay
  const { sessionId, roleId, roleName, sessionName, sourceIdentity, sessionPolicy } = session
  return {
    sessionId,
    roleId,
    roleName,
    sessionName,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    chain,
    began: markMembers(began, reader),
    issued: issued === undefined ? null : { ...issued, recordedAt: isoText(issued.recordedAt) },
    expires: isoText(session.expiresAt),
    end: end === undefined ? null : endMembers(end, reader),
  }
}

/** Keys are positions. A batch of calls is one event, so a page may have more deeds than events. */
const deedsPage =
  (
    { engine, caller: { accountId } }: Scene,
    sessionId: string,
    moment: Moment,
  ): PagedRead['page'] =>
  (start, limit) => {
    const asOf = presentOf(start)
    const upTo = positionOfMoment(engine, accountId, moment, asOf)
    if (E.isLeft(upTo)) return TE.left(upTo.left)
    if (!SessionId.is(sessionId)) return TE.left(UNKNOWN)
    const after = Number(start.after ?? 0)
    return pipe(
      engine.replaySession({ accountId, sessionId, moment, after, limit, asOf }),
      TE.mapLeft((fault) => (fault.type === 'SessionNotFound' ? UNKNOWN : fault)),
      TE.bindTo('replay'),
      TE.bindW('chain', ({ replay }) => shownChain(engine, replay.chain)),
      TE.bindW('deeds', ({ replay }) => shownDeeds(engine, accountId, replay.deeds)),
      TE.map(
        ({ replay, chain, deeds }): Page => ({
          items: deeds.map((deed) => deedMembers(deed, accountId)),
          next: replay.next ?? null,
          position: upTo.right,
          more: storyMembers(replay, chain, accountId),
        }),
      ),
    )
  }

const replayRoute: Route = {
  method: 'GET',
  about: ABOUT,
  prepare: (call, { sessionId = '' }, scene) => {
    const { engine, caller } = scene
    const malformed = (name: string) => E.left(malformedParameter(ABOUT.query, name))
    const query = readQuery(call.query, ABOUT.query, QUERY)
    if (E.isLeft(query)) return query
    const { at, position, limit } = query.right
    if (at !== undefined && position !== undefined)
      return E.left({ type: 'QueryMalformed', parameter: 'position', fault: BESIDE_AT })
    const { accountId } = caller
    const moment = momentOf(engine, accountId, position === undefined ? at : { position })
    if (moment === null) return malformed(position === undefined ? 'at' : 'position')
    const paging = { call, member: 'deeds', limit, limitDefault: EVENTS_DEFAULT }
    const page = deedsPage(scene, sessionId, moment)
    const run = pagedRun(scene, { ...paging, areNumbers: true, page })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ReplaySession',
      resource: `acs:grantlog:*:${accountId}:session/${sessionId}`,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const SESSION_REPLAY_ROUTES: ReadonlyArray<Route> = [replayRoute]
