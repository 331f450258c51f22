/**
 * `GET /v1/accounts/{accountId}/sessions` and `POST /v1/sessions/{sessionId}/revoke`: which
 * sessions there are, and how one is ended before its time.
 */
import { RoleName, SessionId } from '@grantlog/domain'
import { findRole, findSession, type LiveSession, liveSessions } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, named, optional, withDefault } from '../rpc/fields.js'
import { bodyText, type ReceivedCall } from '../signature/call.js'
import { member, type RouteAbout } from './about.js'
import { isoText } from './moment.js'
import type { ReadFault } from './problem.js'
import { readQuery } from './query.js'
import type { ReadAnswer, Route } from './route.js'

/** The longest page of sessions. Unit: sessions. */
const SESSIONS_MAX = 1000
const SESSIONS_DEFAULT = 100
const POSITION_MAX = 9_999_999_999

const SESSIONS_ABOUT: RouteAbout = {
  path: '/v1/accounts/{accountId}/sessions',
  does: 'Lists the sessions of roles that can act now: begun, not over and not revoked.',
  permission: {
    action: 'grantlog:ListSessions',
    resource: 'acs:ram:*:<uid>:role/<role, or * for all>',
  },
  query: [
    member.optional('role', 'the name of a role', 'Whose sessions; absent means all roles.'),
    member.optional(
      'after',
      'a whole number, at least 0',
      'The position to go on after, exclusive: the `next` of the page before.',
    ),
    member.optional(
      'limit',
      `a whole number from 1 to ${SESSIONS_MAX}`,
      `How many sessions at most; ${SESSIONS_DEFAULT} when absent.`,
    ),
  ],
  body: null,
  answer: {
    sessions:
      'The sessions in the order in which they began: `sessionId`, `roleId`, `roleName`, ' +
      '`sessionName`, `position`, `began`, `expires`, `sourceIdentity` where there is one, ' +
      '`assumedBy`, who assumed the role, and `chain`, all from the user on through whom it came.',
    next: 'What to give as `after` for the next page; null on the last.',
  },
  example: { role: 'reader', limit: '10' },
}

const SESSIONS_QUERY = {
  role: optional('role', named(RoleName, 64)),
  after: withDefault(optional('after', integer(0, POSITION_MAX)), 0),
  limit: withDefault(optional('limit', integer(1, SESSIONS_MAX)), SESSIONS_DEFAULT),
}

const sessionMembers = (session: LiveSession): Readonly<Record<string, unknown>> => ({
  sessionId: session.sessionId,
  roleId: session.roleId,
  roleName: session.roleName,
  sessionName: session.sessionName,
  position: session.issued.position,
  began: isoText(session.issued.recordedAt),
  expires: isoText(session.expiresAt),
  ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
  assumedBy: session.chain.at(-1),
  chain: session.chain,
})

const sessionsRoute: Route = {
  method: 'GET',
  about: SESSIONS_ABOUT,
  prepare: (call, { accountId = '' }, { caller, engine }) => {
    if (accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
    const query = readQuery(call.query, SESSIONS_ABOUT.query, SESSIONS_QUERY)
    if (E.isLeft(query)) return query
    const { role: roleName, after, limit } = query.right
    return E.right({
      action: 'grantlog:ListSessions',
      resource: `acs:ram:*:${accountId}:role/${roleName ?? '*'}`,
      onRecord: 'Always',
      run: () => {
        const { directory, credentials } = engine.views
        const role = roleName === undefined ? undefined : findRole(directory, accountId, roleName)
        if (roleName !== undefined && role === undefined)
          return TE.left({ type: 'RoleNotFound', roleName })
        const asked = {
          accountId,
          now: engine.clock.now(),
          ...(role === undefined ? {} : { roleId: role.roleId }),
        }
        const rest = liveSessions(credentials, asked).filter(
          ({ issued }) => issued.position > after,
        )
        const page = rest.slice(0, limit)
        const next = rest.length > limit ? (page.at(-1)?.issued.position ?? null) : null
        const body = { sessions: page.map(sessionMembers), next }
        return TE.right({ body, position: engine.status().applied })
      },
    })
  },
}

const REVOKE_ABOUT: RouteAbout = {
  path: '/v1/sessions/{sessionId}/revoke',
  does: 'Ends a session of a role before its time, and every session that began from it.',
  permission: { action: 'grantlog:RevokeSession', resource: 'acs:ram:*:<uid>:role/<role>' },
  query: [],
  body: [],
  answer: {
    sessionId: 'The session.',
    revoked: 'Always true: its credentials are refused from now on.',
  },
  example: {},
}

/** Nothing, or an object without members, as some clients send. */
const isEmptyBody = ({ body }: ReceivedCall): boolean =>
  ['', '{}'].includes(bodyText(body)?.trim() ?? 'not text')

const BODY_NOT_EMPTY: ReadFault = {
  type: 'BodyMalformed',
  pointer: '',
  fault: 'it must be empty',
}

const revokeRoute: Route = {
  method: 'POST',
  isCommand: true,
  about: REVOKE_ABOUT,
  prepare: (call, { sessionId }, { caller, engine, circumstances }) => {
    const session = findSession(engine.views.credentials, sessionId ?? '')
    const isOwn = session !== undefined && session.accountId === caller.accountId
    // Who may not end the sessions of every role does not learn which sessions there are.
    const roleName = isOwn ? session.roleName : '*'
    return E.right({
      action: 'grantlog:RevokeSession',
      resource: `acs:ram:*:${caller.accountId}:role/${roleName}`,
      toldResource: `acs:ram:*:${caller.accountId}:role/<role>`,
      onRecord: 'Refusals',
      run: () => {
        if (!isEmptyBody(call)) return TE.left(BODY_NOT_EMPTY)
        if (!SessionId.is(sessionId)) return TE.left({ type: 'SessionNotFound' })
        return pipe(
          engine.revokeSession(caller.accountId, sessionId, circumstances),
          TE.map((position): ReadAnswer => ({ position, body: { sessionId, revoked: true } })),
        )
      },
    })
  },
}

export const SESSION_ROUTES: ReadonlyArray<Route> = [sessionsRoute, revokeRoute]
