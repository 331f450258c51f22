/** The first shapes of AccessRecorded, and how they are read today. Kept for ever. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { EntityId } from '../account/entity/limits.js'
import { AccountId, RoleId, SessionId, UserId } from '../names.js'
import {
  AccessColumns,
  AccessContext,
  AccessOutcome,
  AccessQuestionAsked,
  type AccessRecorded,
} from './events.js'

/** One call that was judged, as version 1 kept it: neither who called nor the condition keys. */
export const AccessRecordV1 = t.strict(
  {
    requestId: t.string,
    action: t.string,
    resources: t.readonlyArray(t.string),
    outcome: t.union([t.literal('Allowed'), t.literal('Denied'), t.literal('Refused')]),
    code: t.string,
    position: t.number,
  },
  'AccessRecordV1',
)
export type AccessRecordV1 = t.TypeOf<typeof AccessRecordV1>

/** Version 1 of AccessRecorded: records without principal, context and time. */
export const AccessRecordedV1 = t.strict(
  {
    type: t.literal('AccessRecorded'),
    accountId: AccountId,
    records: t.readonlyArray(AccessRecordV1),
  },
  'AccessRecordedV1',
)
export type AccessRecordedV1 = t.TypeOf<typeof AccessRecordedV1>

/** What was not kept then stays unknown: no principal, no context, and the time 0. */
export const upgradeAccessRecorded = ({
  accountId,
  records,
}: AccessRecordedV1): AccessRecorded => ({
  type: 'AccessRecorded',
  accountId,
  sessionPolicies: [],
  principals: [{ type: 'Unrecorded' }],
  contexts: [{ values: {}, hasTime: false }],
  questions: records.map(({ action, resources }) => ({
    principal: 0,
    action,
    resources,
    context: 0,
  })),
  answers: records.map(({ outcome, code }) => ({ outcome, code })),
  requestIds: records.map(({ requestId }) => requestId),
  records: {
    request: records.map((_, index) => index),
    question: records.map((_, index) => index),
    answer: records.map((_, index) => index),
    position: records.map(({ position }) => position),
    time: records.map(() => 0),
  },
})

/** Data of an AccessRecorded of version 1, with its type, as the event of today. */
export const readAccessRecordedV1 = (data: unknown): E.Either<t.Errors, AccessRecorded> =>
  E.map(upgradeAccessRecorded)(AccessRecordedV1.decode(data))

/** What versions 2 and 3 always kept of a role. */
const RoleV2 = t.strict({
  type: t.literal('Role'),
  roleId: RoleId,
  sessionName: t.string,
  narrowedBy: t.readonlyArray(t.number),
})

/** Who it was, as version 2 kept it: not with which key, nor which registered subject acted so. */
export const AccessPrincipalV2 = t.union(
  [
    t.strict({ type: t.literal('Root') }),
    t.strict({ type: t.literal('User'), userId: UserId }),
    t.intersection([RoleV2, t.exact(t.partial({ sessionId: SessionId }))]),
    t.strict({ type: t.literal('Unrecorded') }),
  ],
  'AccessPrincipalV2',
)

/** Batches of today, but for what their principals say. */
const recordedWith = <Principal extends t.Mixed>(principal: Principal, name: string) =>
  t.strict(
    {
      type: t.literal('AccessRecorded'),
      accountId: AccountId,
      sessionPolicies: t.readonlyArray(t.string),
      principals: t.readonlyArray(principal),
      contexts: t.readonlyArray(AccessContext),
      questions: t.readonlyArray(AccessQuestionAsked),
      answers: t.readonlyArray(AccessOutcome),
      requestIds: t.readonlyArray(t.string),
      records: AccessColumns,
    },
    name,
  )

/** Version 2 of AccessRecorded: neither keys nor registered subjects. */
export const AccessRecordedV2 = recordedWith(AccessPrincipalV2, 'AccessRecordedV2')
export type AccessRecordedV2 = t.TypeOf<typeof AccessRecordedV2>

/** Data of an AccessRecorded of version 2 as the event of today: keys and subjects stay unknown. */
export const readAccessRecordedV2 = (data: unknown): E.Either<t.Errors, AccessRecorded> =>
  AccessRecordedV2.decode(data)

const throughV3 = t.exact(t.partial({ accessKeyId: t.string, entityId: EntityId }))

/** Who it was, as version 3 kept it: not which registered subject acted as several principals. */
export const AccessPrincipalV3 = t.union(
  [
    t.intersection([t.strict({ type: t.literal('Root') }), throughV3]),
    t.intersection([t.strict({ type: t.literal('User'), userId: UserId }), throughV3]),
    t.intersection([
      RoleV2,
      t.exact(t.partial({ sessionId: SessionId, accessKeyId: t.string, entityId: EntityId })),
    ]),
    t.strict({ type: t.literal('Unrecorded') }),
  ],
  'AccessPrincipalV3',
)

/** Version 3 of AccessRecorded: an unrecorded principal is that alone. */
export const AccessRecordedV3 = recordedWith(AccessPrincipalV3, 'AccessRecordedV3')
export type AccessRecordedV3 = t.TypeOf<typeof AccessRecordedV3>

/** Data of an AccessRecorded of version 3 as the event of today. */
export const readAccessRecordedV3 = (data: unknown): E.Either<t.Errors, AccessRecorded> =>
  AccessRecordedV3.decode(data)
