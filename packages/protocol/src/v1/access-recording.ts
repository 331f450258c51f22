/**
 * `/v1/accounts/{accountId}/access-recording` and `/v1/accounts/{accountId}/access`: which
 * decisions are put on record, and what is on record.
 */
import { AccessListAnswer, RecordingAnswer } from '@grantlog/client/shapes'
import { AccessRecording, SAMPLED_ONE_IN_MAX } from '@grantlog/domain'
import type { AccessPlace, ListedAccess } from '@grantlog/engine'
import { closed } from '@grantlog/policy'
import { recordingOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { integer, optional, text, withDefault } from '../rpc/fields.js'
import { member, type RouteAbout } from './about.js'
import {
  ACTION_ABOUT,
  ACTION_PREFIX_CHARACTERS_MAX,
  callerNamed,
  END_CHARACTERS_MAX,
  endOf,
  FROM_ABOUT,
  filterOf,
  PRINCIPAL_ABOUT,
  TO_ABOUT,
  windowMembers,
} from './access-window.js'
import { malformedMember, readBody } from './json-body.js'
import { isoText } from './moment.js'
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
]

const SettingBody = closed({ recording: t.string }, { oneIn: t.number }, 'SettingBody')

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
    const { recording: type, oneIn } = body.right
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
    ACTION_ABOUT,
    member.optional('after', 'the `next` of a page', 'Where to go on, exclusive.'),
    member.optional(
      'limit',
      `a whole number from 1 to ${RECORDS_MAX}`,
      `How many records at most; ${RECORDS_DEFAULT} when absent.`,
    ),
  ],
  body: null,
  shapes: { answer: AccessListAnswer },
  answer: {
    records:
      'The records: `requestId`, `principal` by immutable ids, `action`, `resources`, `outcome` (`Allowed`, `Denied`, ' +
      '`Refused`), `code`, the `position` it was judged at, and the `time`. Condition keys are not shown.',
    next: 'What to give as `after` for the next page; null on the last.',
    unreadable: 'How many batches of records on the way could not be read.',
    from: 'Where the window began.',
    to: 'Where the window ended.',
    applied: 'The last position of the log that this node had applied when it answered.',
  },
  example: { limit: '10' },
}

const ACCESS_QUERY = {
  from: optional('from', text(END_CHARACTERS_MAX)),
  to: optional('to', text(END_CHARACTERS_MAX)),
  principal: optional('principal', text(PRINCIPAL_CHARACTERS_MAX)),
  action: optional('action', text(ACTION_PREFIX_CHARACTERS_MAX)),
  after: optional('after', text(64)),
  limit: withDefault(optional('limit', integer(1, RECORDS_MAX)), RECORDS_DEFAULT),
}

const placeText = ({ day, revision, index }: AccessPlace): string => `${day}.${revision}.${index}`

const placeOf = (given: string | undefined): AccessPlace | null | undefined => {
  if (given === undefined) return undefined
  const match = /^(\d{8})\.(\d{1,10})\.(\d{1,7})$/.exec(given)
  const [, day = '', revision, index] = match ?? []
  return match === null ? null : { day, revision: Number(revision), index: Number(index) }
}

const recordMembers = ({ time, ...record }: ListedAccess) => ({ ...record, time: isoText(time) })

const accessRoute: Route = {
  method: 'GET',
  about: ACCESS_ABOUT,
  prepare: (call, { accountId = '' }, { caller, engine }) => {
    const malformed = (name: string) => E.left(malformedParameter(ACCESS_ABOUT.query, name))
    if (accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
    const query = readQuery(call.query, ACCESS_ABOUT.query, ACCESS_QUERY)
    if (E.isLeft(query)) return query
    const { action, limit } = query.right
    const from = endOf(engine, accountId, query.right.from)
    const to = endOf(engine, accountId, query.right.to)
    const principal = callerNamed(query.right.principal)
    const after = placeOf(query.right.after)
    if (from === null) return malformed('from')
    if (to === null) return malformed('to')
    if (principal === null) return malformed('principal')
    if (after === null) return malformed('after')
    if (principal !== undefined && principal.accountId !== accountId)
      return E.left({ type: 'ForeignAccount' })
    return E.right({
      action: 'grantlog:ListAccess',
      resource: `acs:grantlog:*:${accountId}:access`,
      onRecord: 'Always',
      run: () => {
        const given = {
          ...(principal === undefined ? {} : { principal }),
          ...(action === undefined ? {} : { action }),
        }
        const filter = filterOf(engine, given)
        if (E.isLeft(filter)) return TE.left(filter.left)
        const page = { limit, ...(after === undefined ? {} : { after }) }
        return pipe(
          engine.listAccess(caller.accountId, {
            window: { from, to },
            filter: filter.right,
            ...page,
          }),
          TE.map((answer): ReadAnswer => {
            const { records, next, unreadable, applied } = answer
            const shown = records.map(recordMembers)
            const more = next === undefined ? null : placeText(next)
            const body = { records: shown, next: more, unreadable, ...windowMembers(answer) }
            return { position: applied, body: { ...body, applied } }
          }),
        )
      },
    })
  },
}

export const RECORDING_ROUTES: ReadonlyArray<Route> = [settingRoute, setRoute, accessRoute]
