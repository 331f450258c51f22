/**
 * `POST /v1/sessions/{sessionId}/revoke`: ends a session before its time.
 */
import { SessionId } from '@grantlog/domain'
import { findSession } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { bodyText, type ReceivedCall } from '../signature/call.js'
import type { RouteAbout } from './about.js'
import type { ReadFault } from './problem.js'
import type { ReadAnswer, Route } from './route.js'

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

export const SESSION_ROUTES: ReadonlyArray<Route> = [revokeRoute]
