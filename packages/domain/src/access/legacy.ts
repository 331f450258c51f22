/** The first shape of AccessRecorded, and how it is read today. Kept for ever. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { AccountId } from '../names.js'
import type { AccessRecorded } from './events.js'

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
