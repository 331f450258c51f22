/** What was called and what became of it. Stored for ever, apart from the control plane. */
import * as t from 'io-ts'
import { AccessKeyId, AccountId } from '../names.js'

/** One call that was judged. Ids and codes only: no names that carry personal data. */
export const AccessRecord = t.strict(
  {
    requestId: t.string,
    /** e.g. `ram:CreateUser`. */
    action: t.string,
    resources: t.readonlyArray(t.string),
    outcome: t.union([t.literal('Allowed'), t.literal('Denied'), t.literal('Refused')]),
    /** The error code that was answered; empty when allowed. */
    code: t.string,
    /** The position of the log the call was judged at. */
    position: t.number,
  },
  'AccessRecord',
)
export type AccessRecord = t.TypeOf<typeof AccessRecord>

/** Calls were judged: a batch of decisions, each with the position it was made at. */
export const AccessRecorded = t.strict(
  {
    type: t.literal('AccessRecorded'),
    accountId: AccountId,
    records: t.readonlyArray(AccessRecord),
  },
  'AccessRecorded',
)
export type AccessRecorded = t.TypeOf<typeof AccessRecorded>

/** A long-lived key signed a call. Recorded at most once an hour and key. */
export const AccessKeyUsed = t.strict(
  {
    type: t.literal('AccessKeyUsed'),
    accountId: AccountId,
    accessKeyId: AccessKeyId,
    /** Milliseconds since the epoch, UTC. */
    usedAt: t.number,
  },
  'AccessKeyUsed',
)
export type AccessKeyUsed = t.TypeOf<typeof AccessKeyUsed>
