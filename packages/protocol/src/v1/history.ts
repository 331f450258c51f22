/**
 * `GET /v1/accounts/<uid>/events` and `GET /v1/timeline`: what happened, in order.
 */
import { EventsAnswer, TimelineAnswer } from '@grantlog/client/shapes'
import type { Moment } from '@grantlog/engine'
import type { TimelineEntry } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, optional, text } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import { BESIDE_AT, MOMENT_QUERY, member, type RouteAbout } from './about.js'
import { accountEventsPage, EVENTS_MEANING, eventMembers } from './account-events-page.js'
import { CURSOR_CHARACTERS_MAX, presentOf } from './cursor.js'
import { keyEntriesPage, rootEntriesPage } from './key-timeline.js'
import { isoText, momentOf } from './moment.js'
import { PAGE_ANSWER, type PagedRead, pagedRun, pageOf, pageQuery } from './paged.js'
import { POLICY_CHARACTERS_MAX, POLICY_RULE } from './policy-name.js'
import { PRINCIPAL_CHARACTERS_MAX } from './principal.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { Route } from './route.js'
import { sessionEntriesPage } from './session-timeline.js'
import {
  accountOf,
  type KeptSubject,
  type TimelineSubject,
  timelineOf,
  timelineResource,
  timelineSubject,
} from './timeline-subject.js'

/** The longest page of events. Unit: events. */
const EVENTS_MAX = 1000
const EVENTS_DEFAULT = 100

const EVENTS_ABOUT: RouteAbout = {
  path: '/v1/accounts/{accountId}/events',
  does:
    "Shows the stored events of the account's own stream in order, with who did it, when and why. " +
    'Sessions, refusals and records of access are events of other streams and not shown here.',
  permission: { action: 'grantlog:ListEvents', resource: 'acs:grantlog:*:<uid>:events' },
  query: pageQuery('events', 'revision', EVENTS_MAX, EVENTS_DEFAULT),
  body: null,
  shapes: { answer: EventsAnswer },
  answer: {
    events: EVENTS_MEANING,
    ...PAGE_ANSWER,
  },
  example: { after: '1', limit: '10' },
}

const EVENTS_QUERY = {
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, EVENTS_MAX)),
}

const eventsRoute: Route = {
  method: 'GET',
  about: EVENTS_ABOUT,
  prepare: (call, { accountId = '' }, scene) => {
    if (accountId !== scene.caller.accountId) return E.left({ type: 'ForeignAccount' })
    const query = readQuery(call.query, EVENTS_ABOUT.query, EVENTS_QUERY)
    if (E.isLeft(query)) return query
    const run = pagedRun(scene, {
      call,
      member: 'events',
      limit: query.right.limit,
      limitDefault: EVENTS_DEFAULT,
      areNumbers: true,
      page: accountEventsPage(scene, eventMembers),
    })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ListEvents',
      resource: `acs:grantlog:*:${accountId}:events`,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

const TIMELINE_QUERY = {
  principal: optional('principal', text(PRINCIPAL_CHARACTERS_MAX)),
  policy: optional('policy', text(POLICY_CHARACTERS_MAX)),
  accessKey: optional('accessKey', text(128)),
  session: optional('session', text(128)),
  at: optional('at', text(40)),
  position: optional('position', text(1024)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, EVENTS_MAX)),
}

const TIMELINE_ABOUT: RouteAbout = {
  path: '/v1/timeline',
  does:
    'Tells what happened to a user, a role or a group and to what it holds, to a policy, or to an ' +
    'access key, a session or a root and by it, oldest first.',
  permission: {
    action: 'grantlog:GetTimeline',
    resource:
      'acs:grantlog:*:<uid>:principal/<user, role, group or root>, policy/<policy>, accesskey/<id> or session/<id>',
  },
  query: [
    member.optional(
      'principal',
      'the ARN of a root, a user, a role or a group',
      'Whose timeline. Where nobody bears the name now, the one who bore it in the past is meant.',
    ),
    member.optional('policy', POLICY_RULE, 'Which policy, in place of `principal`.'),
    member.optional(
      'accessKey',
      'the id of a long-lived or temporary access key',
      'Which key, in place of `principal`: what it went through, what was changed with it, the sessions that it opened in the account, the calls on record that it signed, and its uses that were refused, also after its end. A temporary key means its session.',
    ),
    member.optional(
      'session',
      'the id of a session',
      'Which session, in place of `principal`, also one that is over: how it began, what it did, what ended it, and uses of its credential that were refused.',
    ),
    ...MOMENT_QUERY.map((about) => ({
      ...about,
      meaning: `${about.meaning} It says who bore the name; the timeline is whole all the same.`,
    })),
    ...pageQuery('entries', 'position', EVENTS_MAX, EVENTS_DEFAULT),
  ],
  body: null,
  shapes: { answer: TimelineAnswer },
  answer: {
    principalId: 'Of a principal: its immutable id; of a root that of its account.',
    id: 'The immutable id of what is meant; the name of a system policy.',
    owner: 'Of an access key: whose it is.',
    end: 'Of a session: how it ended, as in /v1/sessions/{sessionId}; null while it lasts.',
    entries:
      'The entries: `position`, `recordedAt`, `eventType`, `eventId`, `revision`, `actor`, and ' +
      '`change`, what the event meant for what the timeline is about; `reason` and `ticket` where ' +
      'they were given. Uses that were refused are told as in /v1/sessions/{sessionId}.',
    ...PAGE_ANSWER,
  },
  example: { principal: 'acs:ram::<uid>:user/alice', limit: '10' },
}

const entryMembers = (entry: TimelineEntry) => {
  const { accountId: _, recordedAt, ...shown } = entry
  return { ...shown, recordedAt: isoText(recordedAt) }
}

type Entries = ReadonlyArray<ReturnType<typeof entryMembers>>

/** Keys are positions. The timeline is made once for all pages of one call. */
const timelinePage = (
  { engine, caller }: Scene,
  subject: KeptSubject,
  moment: Moment,
): PagedRead['page'] => {
  let made: { readonly entries: Entries; readonly more: object } | undefined
  return (start, limit) => {
    if (made === undefined) {
      const told = timelineOf(engine, caller.accountId, subject, moment, presentOf(start))
      if (E.isLeft(told)) return TE.left(told.left)
      const { entries, ...more } = told.right
      made = { entries: entries.map(entryMembers), more }
    }
    const page = pageOf(made.entries, ({ position }) => position, start, limit)
    return TE.right({ ...page, more: { ...made.more } })
  }
}

const entriesPage = (scene: Scene, subject: TimelineSubject, moment: Moment): PagedRead['page'] => {
  switch (subject.type) {
    case 'Session':
      return sessionEntriesPage(scene, subject)
    case 'AccessKey':
      return keyEntriesPage(scene, subject.accessKeyId)
    case 'Root':
      return rootEntriesPage(scene, moment)
    case 'Principal':
    case 'Policy':
      return timelinePage(scene, subject, moment)
  }
}

const timelineRoute: Route = {
  method: 'GET',
  about: TIMELINE_ABOUT,
  prepare: (call, _, scene) => {
    const { caller, engine } = scene
    const malformed = (name: string): ReadFault => malformedParameter(TIMELINE_ABOUT.query, name)
    const query = readQuery(call.query, TIMELINE_ABOUT.query, TIMELINE_QUERY)
    if (E.isLeft(query)) return query
    const { at, position: token, limit } = query.right
    const subject = timelineSubject(query.right, malformed)
    if (E.isLeft(subject)) return subject
    if (at !== undefined && token !== undefined)
      return E.left({ type: 'QueryMalformed', parameter: 'position', fault: BESIDE_AT })
    if (accountOf(subject.right, caller.accountId) !== caller.accountId)
      return E.left({ type: 'ForeignAccount' })
    const moment = momentOf(
      engine,
      caller.accountId,
      token === undefined ? at : { position: token },
    )
    if (moment === null) return E.left(malformed(token === undefined ? 'at' : 'position'))
    const paging = { call, member: 'entries', limit, limitDefault: EVENTS_DEFAULT }
    const page = entriesPage(scene, subject.right, moment)
    const run = pagedRun(scene, { ...paging, areNumbers: true, page })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:GetTimeline',
      resource: timelineResource(caller.accountId, subject.right),
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const HISTORY_ROUTES: ReadonlyArray<Route> = [eventsRoute, timelineRoute]
