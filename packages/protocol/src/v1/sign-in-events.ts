/** `GET /v1/sign-ins`: who signed in, who tried to, and who was turned away. */
import { EventsAnswer } from '@grantlog/client/shapes'
import type { AccountId, UserId } from '@grantlog/domain'
import type { Engine } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { integer, optional, text } from '../rpc/fields.js'
import { member, type RouteAbout } from './about.js'
import { EVENTS_MEANING, eventsPage, showTimes } from './account-events-page.js'
import { bearerOf } from './bearer.js'
import { CURSOR_CHARACTERS_MAX } from './cursor.js'
import { PAGE_ANSWER, pagedRun, pageQuery } from './paged.js'
import { PRINCIPAL_CHARACTERS_MAX, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { Route } from './route.js'

/** The longest page. Unit: events. */
const SIGN_INS_MAX = 1000
const SIGN_INS_DEFAULT = 100

const SIGN_INS_ABOUT: RouteAbout = {
  path: '/v1/sign-ins',
  does:
    "Shows how a user signed in to a console, or did not; or, without a user, the attempts that are no user's: by " +
    'names that nobody has, and from where nobody may sign in. Of attempts that were turned away the first in an ' +
    'hour is told, and then each with which there were twice as many.',
  permission: {
    action: 'grantlog:ListSignIns',
    resource: 'acs:grantlog:*:<uid>:principal/<user, or root for those of nobody>',
  },
  query: [
    member.optional(
      'user',
      'the ARN of a user',
      'Whose. Where nobody bears the name now, the one who bore it in the past is meant.',
    ),
    ...pageQuery('events', 'revision', SIGN_INS_MAX, SIGN_INS_DEFAULT),
  ],
  body: null,
  shapes: { answer: EventsAnswer },
  answer: {
    events: `${EVENTS_MEANING} Times in \`data\` are texts, as all others.`,
    ...PAGE_ANSWER,
  },
  example: { user: 'acs:ram::<uid>:user/alice', limit: '10' },
}

/** The members of these events that are times, which are stored as milliseconds. */
const showSignIn = showTimes(new Set(['since', 'expiresAt', 'mfaTicketUntil']))

const SIGN_INS_QUERY = {
  user: optional('user', text(PRINCIPAL_CHARACTERS_MAX)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, SIGN_INS_MAX)),
}

type Subject = {
  readonly resource: string
  /** Null for nobody. Who it is is looked up once it is permitted. */
  readonly userId: (engine: Engine) => E.Either<ReadFault, UserId | null>
}

const subjectOf = (
  user: string | undefined,
  accountId: AccountId,
): E.Either<ReadFault, Subject> => {
  if (user === undefined) {
    const resource = principalResource({ type: 'Root', accountId })
    return E.right({ resource, userId: () => E.right(null) })
  }
  const named = parsePrincipal(user)
  if (named?.type !== 'User') return E.left(malformedParameter(SIGN_INS_ABOUT.query, 'user'))
  if (named.accountId !== accountId) return E.left({ type: 'ForeignAccount' })
  return E.right({
    resource: principalResource(named),
    userId: (engine) =>
      E.map(({ id }: { readonly id: string }) => id as UserId)(
        bearerOf(engine, named, { type: 'Now' }),
      ),
  })
}

const signInsRoute: Route = {
  method: 'GET',
  about: SIGN_INS_ABOUT,
  prepare: (call, _, scene) => {
    const { engine, caller } = scene
    const { accountId } = caller
    const query = readQuery(call.query, SIGN_INS_ABOUT.query, SIGN_INS_QUERY)
    if (E.isLeft(query)) return query
    const { user, limit } = query.right
    const subject = subjectOf(user, accountId)
    if (E.isLeft(subject)) return subject
    const { resource, userId } = subject.right
    const paging = { call, member: 'events', limit, limitDefault: SIGN_INS_DEFAULT }
    const run = pagedRun(scene, {
      ...paging,
      areNumbers: true,
      page: (start, count) => {
        const meant = userId(engine)
        if (E.isLeft(meant)) return async () => meant
        const read = eventsPage(
          accountId,
          (page) => engine.signInEvents(accountId, meant.right, page),
          showSignIn,
        )
        return read(start, count)
      },
    })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ListSignIns',
      resource,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const SIGN_IN_EVENT_ROUTES: ReadonlyArray<Route> = [signInsRoute]
