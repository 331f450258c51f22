/**
 * `GET /v1/accounts/{accountId}/sessions` and `POST /v1/sessions/{sessionId}/revoke`: which
 * sessions there are, and how one is ended before its time.
 */
import { RevokeAnswer, SessionsAnswer } from '@grantlog/client/shapes'
import { RoleName, SessionId } from '@grantlog/domain'
import { type Engine, namedChain, type SessionLink } from '@grantlog/engine'
import { closed } from '@grantlog/policy'
import { findRole, findSession, type LiveSession, liveSessions } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, named, optional, text } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import { member, type RouteAbout } from './about.js'
import { type ShownLink, shownChain } from './chain-links.js'
import { CURSOR_CHARACTERS_MAX } from './cursor.js'
import { readBody } from './json-body.js'
import { isoText } from './moment.js'
import { NOTE_MEMBERS, NOTES_BODY } from './notes.js'
import { PAGE_ANSWER, type PagedRead, pagedRun, pageOf, pageQuery } from './paged.js'
import { readQuery } from './query.js'
import type { ReadAnswer, Route } from './route.js'

/** The longest page of sessions. Unit: sessions. */
const SESSIONS_MAX = 1000
const SESSIONS_DEFAULT = 100

const SESSIONS_ABOUT: RouteAbout = {
  path: '/v1/accounts/{accountId}/sessions',
  does: 'Lists the sessions of roles that can act now: begun, not over and not revoked.',
  permission: {
    action: 'grantlog:ListSessions',
    resource: 'acs:ram:*:<uid>:role/<role, or * for all>',
  },
  query: [
    member.optional('role', 'the name of a role', 'Whose sessions; absent means all roles.'),
    ...pageQuery('sessions', 'position', SESSIONS_MAX, SESSIONS_DEFAULT),
  ],
  body: null,
  shapes: { answer: SessionsAnswer },
  answer: {
    sessions:
      'The sessions in the order in which they began: `sessionId`, `roleId`, `roleName`, ' +
      '`sessionName`, `position`, `began`, `expires`, `sourceIdentity` where there is one, ' +
      '`assumedBy`, who assumed the role, and `chain`, all from the user or the identity provider on through ' +
      'whom it came, each with the `name` of then of the user, of the role or of the provider.',
    ...PAGE_ANSWER,
  },
  example: { role: 'reader', limit: '10' },
}

const SESSIONS_QUERY = {
  role: optional('role', named(RoleName, 64)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, SESSIONS_MAX)),
}

const sessionMembers = (session: LiveSession, chain: ReadonlyArray<ShownLink<SessionLink>>) => ({
  sessionId: session.sessionId,
  roleId: session.roleId,
  roleName: session.roleName,
  sessionName: session.sessionName,
  position: session.issued.position,
  began: isoText(session.began.recordedAt),
  expires: isoText(session.expiresAt),
  ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
  assumedBy: chain.at(-1),
  chain,
})

const shownSession = (engine: Engine, session: LiveSession) =>
  pipe(
    shownChain(engine, namedChain(engine.views.history, session.chain, session.began.position)),
    TE.map((chain) => sessionMembers(session, chain)),
  )

/** Keys are the positions at which they began. They are looked up once for all pages of a call. */
const sessionsPage = (
  { engine, caller: { accountId } }: Scene,
  roleName: RoleName | undefined,
): PagedRead['page'] => {
  let live: ReadonlyArray<LiveSession> | undefined
  return (start, limit) => {
    const { directory, credentials } = engine.views
    const role = roleName === undefined ? undefined : findRole(directory, accountId, roleName)
    if (roleName !== undefined && role === undefined)
      return TE.left({ type: 'RoleNotFound', roleName })
    const narrowed = role === undefined ? {} : { roleId: role.roleId }
    const asked = { accountId, now: engine.clock.now(), ...narrowed }
    live ??= liveSessions(credentials, asked)
    const page = pageOf(live, ({ issued }) => issued.position, start, limit)
    return pipe(
      page.items,
      TE.traverseArray((session) => shownSession(engine, session)),
      TE.map((items) => ({ ...page, items })),
    )
  }
}

const sessionsRoute: Route = {
  method: 'GET',
  about: SESSIONS_ABOUT,
  prepare: (call, { accountId = '' }, scene) => {
    if (accountId !== scene.caller.accountId) return E.left({ type: 'ForeignAccount' })
    const query = readQuery(call.query, SESSIONS_ABOUT.query, SESSIONS_QUERY)
    if (E.isLeft(query)) return query
    const { role: roleName, limit } = query.right
    const page = sessionsPage(scene, roleName)
    const paging = { call, member: 'sessions', limit, limitDefault: SESSIONS_DEFAULT }
    const run = pagedRun(scene, { ...paging, areNumbers: true, page })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ListSessions',
      resource: `acs:ram:*:${accountId}:role/${roleName ?? '*'}`,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

const RevokeBody = closed({}, NOTE_MEMBERS, 'RevokeSessionBody')

const REVOKE_ABOUT: RouteAbout = {
  path: '/v1/sessions/{sessionId}/revoke',
  does: 'Ends a session of a role before its time, and every session that began from it.',
  permission: { action: 'grantlog:RevokeSession', resource: 'acs:ram:*:<uid>:role/<role>' },
  query: [],
  body: NOTES_BODY,
  shapes: { answer: RevokeAnswer, body: RevokeBody },
  answer: {
    sessionId: 'The session.',
    revoked: 'Always true: its credentials are refused from now on.',
    position: 'Where in the log it was revoked.',
    applied: 'The last position of the whole log that this node had applied when it answered.',
  },
  example: {},
}

const revokeRoute: Route = {
  method: 'POST',
  isCommand: true,
  about: REVOKE_ABOUT,
  prepare: (call, { sessionId }, { caller, engine }) => {
    const body = readBody(call, NOTES_BODY, RevokeBody)
    if (E.isLeft(body)) return body
    const session = findSession(engine.views.credentials, sessionId ?? '')
    const isOwn = session !== undefined && session.accountId === caller.accountId
    // Who may not end the sessions of every role does not learn which sessions there are.
    const roleName = isOwn ? session.roleName : '*'
    return E.right({
      action: 'grantlog:RevokeSession',
      resource: `acs:ram:*:${caller.accountId}:role/${roleName}`,
      toldResource: `acs:ram:*:${caller.accountId}:role/<role>`,
      onRecord: 'Refusals',
      notes: body.right,
      run: ({ circumstances }) => {
        if (!SessionId.is(sessionId)) return TE.left({ type: 'SessionNotFound' })
        return pipe(
          engine.revokeSession(caller.accountId, sessionId, circumstances),
          TE.map((position): ReadAnswer => {
            const { applied } = engine.status()
            return { position, body: { sessionId, revoked: true, position, applied } }
          }),
        )
      },
    })
  },
}

export const SESSION_ROUTES: ReadonlyArray<Route> = [sessionsRoute, revokeRoute]
