/**
 * `GET /v1/feed`: what an embedded decision point follows. The events of one account as far as they
 * decide who may do what, with nobody's name or reason beside them.
 *
 * It is asked several times a second, so no answer waits for its record. What is decided on what it
 * gives is on no record; its own reads are, and answers about recorded access go by them.
 */
import { FeedAnswer } from '@grantlog/client/shapes'
import type { AccountEvent } from '@grantlog/domain'
import { FOLLOW_GRANTS } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, optional, text } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import type { RouteAbout } from './about.js'
import { accountEventsPage, type ShowEvent } from './account-events-page.js'
import { CURSOR_CHARACTERS_MAX } from './cursor.js'
import { PAGE_ANSWER, type PagedRead, pagedRun, pageQuery } from './paged.js'
import { readQuery } from './query.js'
import type { Route } from './route.js'

/** The longest page. Unit: events. */
const FEED_MAX = 1000
const FEED_DEFAULT = 1000

/** Whether a type of event decides who may do what. A new one does not compile without a word. */
const DECIDES: Readonly<Record<AccountEvent['type'], boolean>> = {
  AccountCreated: false,
  UserCreated: true,
  UserUpdated: true,
  UserDeleted: true,
  AccessKeyCreated: false,
  AccessKeyStatusChanged: false,
  AccessKeyDeleted: false,
  VirtualMFADeviceCreated: false,
  VirtualMFADeviceDeleted: false,
  MFADeviceBound: false,
  MFADeviceUnbound: false,
  AuthenticationCodeAccepted: false,
  AuthenticationCodeRejected: false,
  GroupCreated: true,
  GroupUpdated: true,
  GroupDeleted: true,
  UserAddedToGroup: true,
  UserRemovedFromGroup: true,
  RoleCreated: true,
  RoleUpdated: true,
  RoleTrustChanged: true,
  RoleDeleted: true,
  PolicyCreated: true,
  PolicyVersionCreated: true,
  DefaultPolicyVersionChanged: true,
  PolicyDescriptionUpdated: false,
  PolicyVersionDeleted: true,
  PolicyDeleted: true,
  PolicyAttached: true,
  PolicyDetached: true,
  ResourceTagged: false,
  ResourceUntagged: false,
  AccessRecordingChanged: false,
  LoginProfileCreated: false,
  LoginProfileUpdated: false,
  PasswordChanged: false,
  LoginProfileDeleted: false,
  PasswordPolicyChanged: false,
  SecurityPreferenceChanged: false,
  OIDCProviderCreated: false,
  OIDCProviderUpdated: false,
  OIDCProviderDeleted: false,
  SAMLProviderCreated: false,
  SAMLProviderUpdated: false,
  SAMLProviderDeleted: false,
  EntityRegistered: false,
  EntityUpdated: false,
  EntityRemoved: false,
}

const FEED_ABOUT: RouteAbout = {
  path: '/v1/feed',
  does:
    "Gives the events of the caller's account that decide who may do what, for a decision point that " +
    'keeps grants of its own. What this node had applied when it was asked is in it.',
  permission: { action: FOLLOW_GRANTS, resource: 'acs:grantlog:*:<uid>:feed' },
  query: pageQuery('events', 'revision', FEED_MAX, FEED_DEFAULT),
  body: null,
  shapes: { answer: FeedAnswer },
  answer: {
    accountId: 'Whose events they are.',
    events:
      'The events: `id`, `revision`, dense from 0, `position`, `recordedAt` in milliseconds, and `fact` ' +
      'with `type`, `schemaVersion` and `data`, where it decides anything.',
    ...PAGE_ANSWER,
  },
  example: { after: '1', limit: '10' },
}

const FEED_QUERY = {
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, FEED_MAX)),
}

/** An unknown type may decide: it is given, and a point that does not know it stops. */
const decides = (type: string): boolean =>
  !Object.hasOwn(DECIDES, type) || DECIDES[type as AccountEvent['type']]

const feedMembers: ShowEvent = (event) => {
  const { id, revision, position, recordedAt, type, schemaVersion } = event
  const place = { id, revision, position, recordedAt }
  if (!decides(type)) return place
  const data = E.tryCatch(
    () => JSON.parse(event.data),
    () => null,
  )
  return E.isLeft(data) ? null : { ...place, fact: { type, schemaVersion, data: data.right } }
}

const feedPage =
  (scene: Scene): PagedRead['page'] =>
  (start, limit) =>
    pipe(
      accountEventsPage(scene, feedMembers)(start, limit),
      TE.map((page) => ({ ...page, more: { accountId: scene.caller.accountId } })),
    )

const feedRoute: Route = {
  method: 'GET',
  about: FEED_ABOUT,
  prepare: (call, _, scene) => {
    const query = readQuery(call.query, FEED_ABOUT.query, FEED_QUERY)
    if (E.isLeft(query)) return query
    const paging = { call, member: 'events', limitDefault: FEED_DEFAULT, areNumbers: true }
    const { limit } = query.right
    const run = pagedRun(scene, { ...paging, limit, page: feedPage(scene) })
    if (E.isLeft(run)) return run
    return E.right({
      action: FOLLOW_GRANTS,
      resource: `acs:grantlog:*:${scene.caller.accountId}:feed`,
      onRecord: 'Denials',
      run: run.right,
    })
  },
}

export const FEED_ROUTES: ReadonlyArray<Route> = [feedRoute]
