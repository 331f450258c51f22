/** `GET /v1/refused-uses`: which credentials of the account were refused, and why. */
import { EventsAnswer } from '@grantlog/client/shapes'
import * as E from 'fp-ts/lib/Either.js'
import { integer, optional, text } from '../rpc/fields.js'
import type { RouteAbout } from './about.js'
import { EVENTS_MEANING, eventsPage, showTimes } from './account-events-page.js'
import { CURSOR_CHARACTERS_MAX } from './cursor.js'
import { PAGE_ANSWER, pagedRun, pageQuery } from './paged.js'
import { readQuery } from './query.js'
import type { Route } from './route.js'

/** The longest page. Unit: events. */
const REFUSED_USES_MAX = 1000
const REFUSED_USES_DEFAULT = 100

const ABOUT: RouteAbout = {
  path: '/v1/refused-uses',
  does:
    "Shows which of the account's credentials were tried and refused: keys that are inactive or deleted, sessions that are " +
    'over, and wrong secrets of any of them. Of each credential, reason and proof the first in an hour is told, and then each ' +
    'with which there were twice as many. The timeline of a key or a session tells its own, and from where they came.',
  permission: {
    action: 'grantlog:ListRefusedUses',
    resource: 'acs:grantlog:*:<uid>:refused-uses',
  },
  query: pageQuery('events', 'revision', REFUSED_USES_MAX, REFUSED_USES_DEFAULT),
  body: null,
  shapes: { answer: EventsAnswer },
  answer: {
    events: `${EVENTS_MEANING} Times in \`data\` are texts, as all others.`,
    ...PAGE_ANSWER,
  },
  example: { limit: '10' },
}

const QUERY = {
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, REFUSED_USES_MAX)),
}

const refusedUsesRoute: Route = {
  method: 'GET',
  about: ABOUT,
  prepare: (call, _, scene) => {
    const { engine, caller } = scene
    const { accountId } = caller
    const query = readQuery(call.query, ABOUT.query, QUERY)
    if (E.isLeft(query)) return query
    const run = pagedRun(scene, {
      call,
      member: 'events',
      limit: query.right.limit,
      limitDefault: REFUSED_USES_DEFAULT,
      areNumbers: true,
      page: eventsPage(
        accountId,
        (page) => engine.refusedUses(accountId, page),
        showTimes(new Set(['since'])),
      ),
    })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ListRefusedUses',
      resource: `acs:grantlog:*:${accountId}:refused-uses`,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const REFUSED_USES_ROUTES: ReadonlyArray<Route> = [refusedUsesRoute]
