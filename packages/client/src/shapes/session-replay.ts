/** The answer about one session: how it came about, what it did, and how it ended. */
import * as t from 'io-ts'
import { AccessOutcome } from './access.js'
import { Change, Mark, Next, Position } from './parts.js'
import { SessionEnd } from './session-end.js'
import { NamedLink } from './sessions.js'

/** A call that was judged and put on record. */
export const SessionCall = t.type(
  {
    requestId: t.string,
    action: t.string,
    resources: t.readonlyArray(t.string),
    outcome: AccessOutcome,
    /** The error code that was answered; empty when allowed. */
    code: t.string,
    /** The position that it was judged at. */
    position: Position,
    time: t.string,
    /** The ARN of who called, under the name of then. */
    caller: t.string,
  },
  'SessionCall',
)

/** Uses of a credential that were refused, counted since the first of an hour. */
export const RefusedUses = t.intersection(
  [
    t.type({
      /** Why, e.g. `KeyInactive`. */
      reason: t.string,
      /** What was shown of the secret: `Right`, `Wrong`, an `AccessToken`, or `Unknown`. */
      proof: t.string,
      /** How many there were `since` then, on the node that tells it. */
      uses: t.number,
      addresses: t.number,
      since: t.string,
    }),
    t.partial({
      /** From where the last of them came; null once that is erased. */
      sourceIp: t.union([t.string, t.null]),
    }),
  ],
  'RefusedUses',
)
export type RefusedUses = t.TypeOf<typeof RefusedUses>

export const SessionDeed = t.union([
  t.intersection([
    t.type({ type: t.literal('Changed'), event: Mark }),
    t.partial({
      /** Whom the change is about, by the name of then; absent for the account as a whole. */
      subject: t.type({ type: t.string, id: t.string, name: t.string }),
      /** As the timeline of the subject tells it; absent where that does not. */
      change: Change,
    }),
  ]),
  t.type({ type: t.literal('Called'), event: Mark, call: SessionCall }),
  t.type({
    type: t.literal('RoleAssumed'),
    event: Mark,
    sessionId: t.string,
    roleName: t.string,
    sessionName: t.string,
  }),
  t.intersection([
    t.type({ type: t.literal('RoleRefused'), event: Mark, refusal: t.string }),
    /** Of a role of the same account, by the name of then. */
    t.partial({ roleId: t.string, roleName: t.string }),
  ]),
  t.type({ type: t.literal('UsesRefused'), event: Mark, refused: RefusedUses }),
])
export type SessionDeed = t.TypeOf<typeof SessionDeed>

const Issued = t.type({ position: Position, recordedAt: t.string, accessKeyId: t.string })

export const SessionReplayAnswer = t.intersection(
  [
    t.type({
      sessionId: t.string,
      roleId: t.string,
      roleName: t.string,
      sessionName: t.string,
      chain: t.readonlyArray(NamedLink),
      began: Mark,
      /** Null where no credential was issued: then it never could act. */
      issued: t.union([Issued, t.null]),
      expires: t.string,
      /** Null while it lasts. */
      end: t.union([SessionEnd, t.null]),
      deeds: t.readonlyArray(SessionDeed),
      next: Next,
      position: Position,
      applied: Position,
    }),
    t.partial({ sourceIdentity: t.string, sessionPolicy: t.string }),
  ],
  'SessionReplayAnswer',
)
export type SessionReplayAnswer = t.TypeOf<typeof SessionReplayAnswer>
