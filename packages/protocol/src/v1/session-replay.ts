/**
 * `GET /v1/sessions/{sessionId}`: a session from its beginning to its end, also one that is over.
 */
import { SessionReplayAnswer } from '@grantlog/client/shapes'
import { SessionId } from '@grantlog/domain'
import type { SessionDeed, SessionEnd, SessionLink, SessionReplay } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, optional, text, withDefault } from '../rpc/fields.js'
import { BESIDE_AT, MOMENT_QUERY, member, type RouteAbout } from './about.js'
import { type ShownLink, shownChain } from './chain-links.js'
import { type Members, markMembers } from './marks.js'
import { isoText, momentOf } from './moment.js'
import { positionOfMoment } from './past.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { ReadAnswer, Route } from './route.js'

/** The longest page of deeds. Unit: events. */
const EVENTS_MAX = 1000
const EVENTS_DEFAULT = 100
const POSITION_MAX = 9_999_999_999

const ABOUT: RouteAbout = {
  path: '/v1/sessions/{sessionId}',
  does: 'Tells of a session, also of one that is over: who began it, what it did, when and why it ended.',
  permission: {
    action: 'grantlog:ReplaySession',
    resource: 'acs:grantlog:*:<uid>:session/<sessionId>',
  },
  query: [
    ...MOMENT_QUERY,
    member.optional(
      'after',
      'a whole number, at least 0',
      'The position to go on after with what it did, exclusive: the `next` of the page before.',
    ),
    member.optional(
      'limit',
      `a whole number from 1 to ${EVENTS_MAX}`,
      `How many events of what it did at most; ${EVENTS_DEFAULT} when absent.`,
    ),
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
      '`RoleAssumed` or `RoleRefused`, beside the `event`; of a call that was recorded `call`, of a ' +
      'role that was assumed `sessionId`, `roleName` and `sessionName`, of a refusal `refusal`.',
    next: 'What to give as `after` for the next page, which may be empty; null on the last.',
    position:
      'The position up to which the answer goes; by a time, that of the last change of an account by then.',
    applied: 'The last position of the whole log that this node had applied when it answered.',
  },
  example: { limit: '10' },
}

const QUERY = {
  at: optional('at', text(40)),
  position: optional('position', text(1024)),
  after: withDefault(optional('after', integer(0, POSITION_MAX)), 0),
  limit: withDefault(optional('limit', integer(1, EVENTS_MAX)), EVENTS_DEFAULT),
}

const UNKNOWN: ReadFault = { type: 'SessionUnknown' }

const endMembers = (end: SessionEnd, reader: string): Members => {
  const at = isoText(end.at)
  switch (end.type) {
    case 'Expired':
      return { type: end.type, at }
    case 'Revoked':
    case 'CallerRevoked':
    case 'RoleDeleted':
    case 'UserDeleted':
    case 'ProviderDeleted':
      return { type: end.type, at, id: end.id, event: markMembers(end.event, reader) }
  }
}

const deedMembers = ({ event, ...deed }: SessionDeed, reader: string): Members => ({
  ...deed,
  event: markMembers(event, reader),
})

const replayMembers = (
  replay: SessionReplay,
  chain: ReadonlyArray<ShownLink<SessionLink>>,
  position: number,
  reader: string,
): Members => {
  const { session, began, issued, end, deeds, next, applied } = replay
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
    deeds: deeds.map((deed) => deedMembers(deed, reader)),
    next: next ?? null,
    position,
    applied,
  }
}

const replayRoute: Route = {
  method: 'GET',
  about: ABOUT,
  prepare: (call, { sessionId = '' }, { caller, engine }) => {
    const malformed = (name: string) => E.left(malformedParameter(ABOUT.query, name))
    const query = readQuery(call.query, ABOUT.query, QUERY)
    if (E.isLeft(query)) return query
    const { at, position, after, limit } = query.right
    if (at !== undefined && position !== undefined)
      return E.left({ type: 'QueryMalformed', parameter: 'position', fault: BESIDE_AT })
    const { accountId } = caller
    const moment = momentOf(engine, accountId, position === undefined ? at : { position })
    if (moment === null) return malformed(position === undefined ? 'at' : 'position')
    return E.right({
      action: 'grantlog:ReplaySession',
      resource: `acs:grantlog:*:${accountId}:session/${sessionId}`,
      onRecord: 'Always',
      run: () => {
        const upTo = positionOfMoment(engine, accountId, moment)
        if (E.isLeft(upTo)) return TE.left(upTo.left)
        if (!SessionId.is(sessionId)) return TE.left(UNKNOWN)
        return pipe(
          engine.replaySession({ accountId, sessionId, moment, after, limit }),
          TE.mapLeft((fault) => (fault.type === 'SessionNotFound' ? UNKNOWN : fault)),
          TE.bindTo('replay'),
          TE.bindW('chain', ({ replay }) => shownChain(engine, replay.chain)),
          TE.map(
            ({ replay, chain }): ReadAnswer => ({
              body: replayMembers(replay, chain, upTo.right, accountId),
              position: replay.applied,
            }),
          ),
        )
      },
    })
  },
}

export const SESSION_REPLAY_ROUTES: ReadonlyArray<Route> = [replayRoute]
