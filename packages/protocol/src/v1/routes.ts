/**
 * The routes of the read API, and which of them a call is for.
 */
import * as E from 'fp-ts/lib/Either.js'
import { type HttpRequest, READ_API_BODY_BYTES_MAX } from '../http.js'
import type { ReceivedCall } from '../signature/call.js'
import { RECORDING_ROUTES } from './access-recording.js'
import { ACCOUNT_ROUTES } from './accounts.js'
import { AUTHENTICATE_ROUTES } from './authenticate.js'
import { DECIDE_ROUTES } from './decide.js'
import { DECISION_TIMELINE_ROUTES } from './decision-timeline.js'
import { DIFF_ROUTES } from './diff.js'
import { ENTITY_ROUTES } from './entities.js'
import { FEED_ROUTES } from './feed.js'
import { HISTORY_ROUTES } from './history.js'
import { type PathParts, partsOf } from './path.js'
import type { ReadFault } from './problem.js'
import { REFUSED_USES_ROUTES } from './refused-uses.js'
import { REPLAY_ROUTES } from './replay.js'
import type { Route } from './route.js'
import { SESSION_REPLAY_ROUTES } from './session-replay.js'
import { SESSION_ROUTES } from './sessions.js'
import { SIGN_IN_EVENT_ROUTES } from './sign-in-events.js'
import { UNUSED_ROUTES } from './unused.js'
import { PARTIAL_ROUTES } from './who-can.js'

export const READ_ROUTES: ReadonlyArray<Route> = [
  ...DECIDE_ROUTES,
  ...HISTORY_ROUTES,
  ...SESSION_ROUTES,
  ...PARTIAL_ROUTES,
  ...DECISION_TIMELINE_ROUTES,
  ...DIFF_ROUTES,
  ...SESSION_REPLAY_ROUTES,
  ...ENTITY_ROUTES,
  ...FEED_ROUTES,
  ...AUTHENTICATE_ROUTES,
  ...RECORDING_ROUTES,
  ...REPLAY_ROUTES,
  ...UNUSED_ROUTES,
  ...ACCOUNT_ROUTES,
  ...SIGN_IN_EVENT_ROUTES,
  ...REFUSED_USES_ROUTES,
]

/** The paths that take large bodies. Unit: bytes. */
const BODY_BYTES: ReadonlyMap<string, number> = new Map(
  READ_ROUTES.flatMap(({ about, bodyBytesMax }) =>
    bodyBytesMax === undefined ? [] : [[about.path, bodyBytesMax] as const],
  ),
)

/** How long the body of a call may be. Unit: bytes. */
export const bodyBytesMaxOf = ({ rawUrl }: HttpRequest): number => {
  const [path = ''] = rawUrl.split('?', 1)
  return BODY_BYTES.get(path) ?? READ_API_BODY_BYTES_MAX
}

export type Matched = { readonly route: Route; readonly parts: PathParts }

const NO_PARTS: PathParts = {}

/** Routes whose paths have no parts to fill in, by their paths. */
const PLAIN_ROUTES: ReadonlyMap<string, ReadonlyArray<Matched>> = (() => {
  const plain = new Map<string, Array<Matched>>()
  for (const route of READ_ROUTES) {
    const { path } = route.about
    if (path.includes('{')) continue
    const others = plain.get(path)
    if (others === undefined) plain.set(path, [{ route, parts: NO_PARTS }])
    else others.push({ route, parts: NO_PARTS })
  }
  return plain
})()

const matchesOf = (path: string): ReadonlyArray<Matched> =>
  PLAIN_ROUTES.get(path) ??
  READ_ROUTES.flatMap((route) => {
    const parts = partsOf(route.about.path, path)
    return parts === null ? [] : [{ route, parts }]
  })

export const matchRoute = (
  call: Pick<ReceivedCall, 'method' | 'path'>,
): E.Either<ReadFault, Matched> => {
  const matches = matchesOf(call.path)
  const found = matches.find(({ route }) => route.method === call.method)
  if (found !== undefined) return E.right(found)
  return matches.length === 0
    ? E.left({ type: 'RouteNotFound' })
    : E.left({
        type: 'RouteMethodNotAllowed',
        allowed: matches.map(({ route }) => route.method).join(', '),
      })
}
