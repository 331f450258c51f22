/**
 * `/v1/accounts/{accountId}/access-recording` and `/v1/accounts/{accountId}/access`: which
 * decisions are put on record, and what is on record.
 */
import { AccessListAnswer, RecordingAnswer } from '@grantlog/client/shapes'
import {
  AccessKeyId,
  AccessRecording,
  type AccountId,
  SAMPLED_ONE_IN_MAX,
  TemporaryAccessKeyId,
} from '@grantlog/domain'
import type { AccessPlace, Engine, ListedAccess } from '@grantlog/engine'
import { closed } from '@grantlog/policy'
import { entityByIdAt, type HistoryPrincipal, labelAt, recordingOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { integer, optional, text } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import { member, type RouteAbout } from './about.js'
import {
  ACTION_ABOUT,
  ACTION_PREFIX_CHARACTERS_MAX,
  END_CHARACTERS_MAX,
  FROM_ABOUT,
  filterOf,
  PRINCIPAL_ABOUT,
  type ReadAccess,
  readAccess,
  TO_ABOUT,
  windowMembers,
} from './access-window.js'
import { CURSOR_CHARACTERS_MAX, type PageKey, presentOf } from './cursor.js'
import { malformedMember, readBody } from './json-body.js'
import { isoText } from './moment.js'
import { NOTE_MEMBERS, NOTES_BODY } from './notes.js'
import { PAGE_ANSWER, type Page, type PagedRead, pagedRun, pageQuery } from './paged.js'
import { PRINCIPAL_CHARACTERS_MAX } from './principal.js'
import { malformedParameter, readQuery } from './query.js'
import type { ReadAnswer, Route } from './route.js'

const SETTING_PATH = '/v1/accounts/{accountId}/access-recording'
const SETTING_RESOURCE = 'acs:grantlog:*:<uid>:access-recording'

const SETTING_ANSWER: RouteAbout['answer'] = {
  recording:
    'Which decisions are put on record: `type`, one of `All`, `Denials`, `Sampled`, `Off`, and for `Sampled` `oneIn`.',
  position: 'The last position of the log that this node had applied when it answered.',
}

const settingRoute: Route = {
  method: 'GET',
  about: {
    path: SETTING_PATH,
    does: 'Tells which decisions of the account are put on record.',
    permission: { action: 'grantlog:GetAccessRecording', resource: SETTING_RESOURCE },
    query: [],
    body: null,
    shapes: { answer: RecordingAnswer },
    answer: SETTING_ANSWER,
    example: {},
  },
  prepare: (call, { accountId = '' }, { caller, engine }) => {
    if (accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
    const query = readQuery(call.query, [], {})
    if (E.isLeft(query)) return query
    return E.right({
      action: 'grantlog:GetAccessRecording',
      resource: `acs:grantlog:*:${accountId}:access-recording`,
      onRecord: 'Denials',
      run: () => {
        const position = engine.status().applied
        const recording = recordingOf(engine.views.recording, accountId)
        return TE.right({ position, body: { recording, position } })
      },
    })
  },
}

const SETTING_BODY = [
  member.needed(
    'recording',
    'All, Denials, Sampled or Off',
    'Which decisions are put on record from now on. Refusals of orders and reads of what happened are on record in any case.',
  ),
  member.optional(
    'oneIn',
    `a whole number from 2 to ${SAMPLED_ONE_IN_MAX}, beside Sampled alone`,
    'Of how many requests one is recorded, chosen by request id.',
  ),
  ...NOTES_BODY,
]

const SettingBody = closed(
  { recording: t.string },
  { oneIn: t.number, ...NOTE_MEMBERS },
  'SettingBody',
)

const setRoute: Route = {
  method: 'POST',
  isCommand: true,
  about: {
    path: SETTING_PATH,
    does: 'Chooses which decisions of the account are put on record.',
    permission: { action: 'grantlog:SetAccessRecording', resource: SETTING_RESOURCE },
    query: [],
    body: SETTING_BODY,
    shapes: { answer: RecordingAnswer, body: SettingBody },
    answer: SETTING_ANSWER,
    example: { recording: 'All' },
  },
  prepare: (call, { accountId = '' }, { caller }) => {
    if (accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
    const body = readBody(call, SETTING_BODY, SettingBody)
    if (E.isLeft(body)) return body
    const { recording: type, oneIn, ...notes } = body.right
    const chosen = AccessRecording.decode(oneIn === undefined ? { type } : { type, oneIn })
    const isSampled = type === 'Sampled'
    if (oneIn !== undefined && !isSampled) return E.left(malformedMember(SETTING_BODY, 'oneIn'))
    if (E.isLeft(chosen))
      return E.left(malformedMember(SETTING_BODY, isSampled ? 'oneIn' : 'recording'))
    const recording = chosen.right
    return E.right({
      action: 'grantlog:SetAccessRecording',
      resource: `acs:grantlog:*:${accountId}:access-recording`,
      onRecord: 'Refusals',
      notes,
      run: ({ engine, circumstances }) =>
        pipe(
          engine.execute(
            caller.accountId,
            { type: 'SetAccessRecording', recording },
            circumstances,
          ),
          TE.map(({ position }): ReadAnswer => ({ position, body: { recording, position } })),
        ),
    })
  },
}

/** The longest page of records. Unit: records. */
const RECORDS_MAX = 1000
const RECORDS_DEFAULT = 100

const ACCESS_ABOUT: RouteAbout = {
  path: '/v1/accounts/{accountId}/access',
  does: 'Lists the decisions on record as they were stored: whose, on what, and what came of it.',
  permission: { action: 'grantlog:ListAccess', resource: 'acs:grantlog:*:<uid>:access' },
  query: [
    FROM_ABOUT,
    TO_ABOUT,
    PRINCIPAL_ABOUT,
    member.optional(
      'accessKey',
      'the id of a long-lived or temporary access key',
      'Only calls that this key signed, which the first records do not say; absent means all.',
    ),
    ACTION_ABOUT,
    ...pageQuery('records', null, RECORDS_MAX, RECORDS_DEFAULT),
  ],
  body: null,
  shapes: { answer: AccessListAnswer },
  answer: {
    records:
      'The records: `requestId`, `principal` by immutable ids, with the `accessKeyId` that signed or the `entityId` of a registered ' +
      'subject that acts as it, where there was one; the `name` of then, the `subject` by its `type` and `id` of then, `action`, `resources`, `outcome` (`Allowed`, `Denied`, ' +
      '`Refused`), `code`, the `position` it was judged at, and the `time`. Condition keys are not shown.',
    unreadable: 'How many batches of records on the way could not be read.',
    from: 'Where the window began.',
    to: 'Where the window ended.',
    ...PAGE_ANSWER,
  },
  example: { limit: '10' },
}

const ACCESS_KEY_CHARACTERS_MAX = 128

const ACCESS_QUERY = {
  from: optional('from', text(END_CHARACTERS_MAX)),
  to: optional('to', text(END_CHARACTERS_MAX)),
  principal: optional('principal', text(PRINCIPAL_CHARACTERS_MAX)),
  accessKey: optional('accessKey', text(ACCESS_KEY_CHARACTERS_MAX)),
  action: optional('action', text(ACTION_PREFIX_CHARACTERS_MAX)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, RECORDS_MAX)),
}

const placeText = ({ day, revision, index }: AccessPlace): string => `${day}.${revision}.${index}`

const placeOf = (key: PageKey | undefined): AccessPlace | undefined => {
  if (typeof key !== 'string') return undefined
  const [day = '', revision, index] = key.split('.')
  return { day, revision: Number(revision), index: Number(index) }
}

/** The name that whoever called bore when it was judged. */
const nameOf = (
  { views }: Engine,
  accountId: AccountId,
  { principal, position }: ListedAccess,
): { readonly name?: string } => {
  const holder = holderOf(accountId, principal)
  const name = holder && labelAt(views.history, holder, position)
  return name === undefined ? {} : { name }
}

const holderOf = (
  accountId: AccountId,
  principal: ListedAccess['principal'],
): HistoryPrincipal | undefined => {
  switch (principal.type) {
    case 'User':
      return { type: 'User', accountId, id: principal.userId }
    case 'Role':
      return { type: 'Role', accountId, id: principal.roleId }
    case 'Root':
    case 'Unrecorded':
      return undefined
  }
}

/** The registered subject that acted as the principals, as it was called then. */
const subjectOf = (
  { views }: Engine,
  accountId: AccountId,
  { principal, position }: ListedAccess,
): { readonly subject?: { readonly type: string; readonly id: string } } => {
  if (principal.entityId === undefined) return {}
  const entity = entityByIdAt(views.entities, accountId, principal.entityId, position)
  return entity === undefined ? {} : { subject: { type: entity.entityType, id: entity.name } }
}

const recordMembers = (engine: Engine, accountId: AccountId) => (record: ListedAccess) => ({
  ...record,
  ...nameOf(engine, accountId, record),
  ...subjectOf(engine, accountId, record),
  time: isoText(record.time),
})

/** Keys are places in the record. */
const accessPage =
  (
    { engine, caller: { accountId } }: Scene,
    asked: ReadAccess,
    accessKeyId: string | undefined,
  ): PagedRead['page'] =>
  (start, limit) => {
    const asOf = presentOf(start)
    const who = filterOf(engine, asked, asOf)
    if (E.isLeft(who)) return TE.left(who.left)
    const filter = { ...who.right, ...(accessKeyId === undefined ? {} : { accessKeyId }) }
    const after = placeOf(start.after)
    const page = { limit, asOf, ...(after === undefined ? {} : { after }) }
    return pipe(
      engine.listAccess(accountId, { window: asked.window, filter, ...page }),
      TE.map(({ records, next, unreadable, window }): Page => {
        const more = { unreadable, ...windowMembers({ window }) }
        const items = records.map(recordMembers(engine, accountId))
        return { items, next: next === undefined ? null : placeText(next), more }
      }),
    )
  }

const isKeyId = (text: string): boolean => AccessKeyId.is(text) || TemporaryAccessKeyId.is(text)

const accessRoute: Route = {
  method: 'GET',
  about: ACCESS_ABOUT,
  prepare: (call, { accountId = '' }, scene) => {
    const malformed = (name: string, fault?: string) =>
      malformedParameter(ACCESS_ABOUT.query, name, fault)
    if (accountId !== scene.caller.accountId) return E.left({ type: 'ForeignAccount' })
    const query = readQuery(call.query, ACCESS_ABOUT.query, ACCESS_QUERY)
    if (E.isLeft(query)) return query
    const { limit, accessKey, ...given } = query.right
    if (accessKey !== undefined && !isKeyId(accessKey)) return E.left(malformed('accessKey'))
    const asked = readAccess(scene.engine, accountId, given, malformed)
    if (E.isLeft(asked)) return asked
    const paging = { call, member: 'records', limit, limitDefault: RECORDS_DEFAULT }
    const page = accessPage(scene, asked.right, accessKey)
    const run = pagedRun(scene, { ...paging, areNumbers: false, page })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ListAccess',
      resource: `acs:grantlog:*:${accountId}:access`,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const RECORDING_ROUTES: ReadonlyArray<Route> = [settingRoute, setRoute, accessRoute]
